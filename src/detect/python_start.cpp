#include "detect/python_start.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "detect/folder_name.hpp"

namespace temps::detect {
namespace {

enum class Interface : std::uint8_t { wsgi, asgi, quart };

struct Framework {
  std::string_view name;
  std::string_view package;
  std::vector<std::string_view> classes;
  Interface interface;
};

const std::vector<Framework>& frameworks() {
  static const std::vector<Framework> list{
      {"fastapi", "fastapi", {"FastAPI"}, Interface::asgi},
      {"fasthtml", "python-fasthtml", {"FastHTML", "fast_app"}, Interface::asgi},
      {"starlette", "starlette", {"Starlette"}, Interface::asgi},
      {"litestar", "litestar", {"Litestar"}, Interface::asgi},
      {"quart", "quart", {"Quart"}, Interface::quart},
      {"flask", "flask", {"Flask"}, Interface::wsgi},
      {"bottle", "bottle", {"Bottle"}, Interface::wsgi},
      {"falcon", "falcon", {"App"}, Interface::wsgi},
  };
  return list;
}

void need(std::string_view package, const PythonProject& project, PythonStart& start) {
  if (project.depends_on(package)) return;
  start.extra_packages.emplace_back(package);
  start.warnings.push_back(fmt::format(
      "{} serves the app but is not among its dependencies; it is installed in addition, without "
      "a fixed version",
      package));
}

// hypercorn and gunicorn know $PORT only from their arguments.
void serve(const Framework& framework, const PythonObject& object, const PythonProject& project,
           PythonStart& start) {
  if (framework.interface == Interface::asgi) {
    const bool factory = object.expression.ends_with("()");
    const auto target = factory
                            ? fmt::format("--factory {}:{}", object.module,
                                          object.expression.substr(0, object.expression.size() - 2))
                            : object.word();
    start.command = fmt::format("uvicorn {} --host $HOST --port $PORT", target);
    if (!project.depends_on("fastapi", "standard")) need("uvicorn", project, start);
  } else if (framework.interface == Interface::quart) {
    start.command = fmt::format("hypercorn --bind $HOST:$PORT {}", object.word());
    need("hypercorn", project, start);
  } else {
    start.command = fmt::format("gunicorn --bind $HOST:$PORT {}", object.word());
    need("gunicorn", project, start);
  }
  if (object.below_src) start.environment["PYTHONPATH"] = "src";
}

// The first of the usual files, or the only .py file of the root, that mentions `package`.
std::string main_file(const Tree& tree, std::string_view package) {
  constexpr std::array<std::string_view, 8> names{"main.py",  "app.py", "server.py", "run.py",
                                                  "start.py", "bot.py", "hello.py",  "__main__.py"};
  for (const auto name : names) {
    if (tree.has(name) && (package.empty() || tree.text(name).contains(package))) {
      return std::string(name);
    }
  }
  for (const auto& path : tree.files()) {
    if (package.empty() || path.contains('/') || !path.ends_with(".py")) continue;
    if (tree.text(path).contains(package)) return path;
  }
  return {};
}

std::string package_with_main(const Tree& tree) {
  for (const auto& path : tree.files()) {
    const auto slash = path.find('/');
    if (slash == std::string::npos || std::string_view(path).substr(slash) != "/__main__.py")
      continue;
    return path.substr(0, slash);
  }
  return {};
}

bool find_notebook_app(const Tree& tree, const PythonProject& project, PythonStart& start) {
  if (project.depends_on("streamlit")) {
    const auto file =
        tree.has("streamlit_app.py") ? "streamlit_app.py" : main_file(tree, "streamlit");
    if (file.empty()) return false;
    start.framework = "streamlit";
    start.command = fmt::format(
        "streamlit run {} --server.port $PORT --server.address $HOST --server.headless true",
        shell_word(file));
    return true;
  }
  if (project.depends_on("gradio")) {
    const auto file = main_file(tree, "gradio");
    if (file.empty()) return false;
    start.framework = "gradio";
    start.command = fmt::format("GRADIO_SERVER_NAME=$HOST GRADIO_SERVER_PORT=$PORT python {}",
                                shell_word(file));
    return true;
  }
  return false;
}

}  // namespace

PythonStart find_python_start(const Tree& tree, const PythonProject& project) {
  if (tree.has("manage.py") && (project.depends_on("django") || !project.has_pyproject())) {
    return find_django_start(tree, project);
  }
  PythonStart start;
  for (const auto& framework : frameworks()) {
    if (!project.depends_on(framework.package)) continue;
    start.framework = framework.name;
    const auto object = find_object(tree, framework.classes);
    if (!object) break;
    serve(framework, *object, project, start);
    return start;
  }
  if (find_notebook_app(tree, project, start)) return start;
  if (const auto script = project.script(); !script.empty() && project.is_package()) {
    start.command = shell_word(script);
  } else if (const auto package = package_with_main(tree); !package.empty()) {
    start.command = fmt::format("python -m {}", shell_word(package));
  } else if (const auto file = main_file(tree, ""); !file.empty()) {
    start.command = fmt::format("python {}", file);
  } else if (!start.framework.empty()) {
    start.problem = fmt::format(
        "{} is a dependency, but no app object of it was found in main.py, app.py, server.py, "
        "api.py, wsgi.py, asgi.py, run.py or a package; set a start command like \"gunicorn "
        "--bind 0.0.0.0:$PORT module:app\"",
        start.framework);
  } else {
    start.problem =
        "no web framework, script or main file (main.py, app.py, …) says how to start this Python "
        "project; set a start command, or add a Procfile with a line \"web: …\"";
  }
  return start;
}

}  // namespace temps::detect
