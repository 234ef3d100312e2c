// Django: its WSGI module and static files are found in the text of its settings.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/text.hpp"
#include "detect/python_start.hpp"

namespace temps::detect {
namespace {

constexpr std::size_t settings_files_max = 20;

// All of settings.py, settings/*.py, one after the other.
std::string settings_text(const Tree& tree) {
  std::string text;
  std::size_t count = 0;
  for (const auto& path : tree.files()) {
    const bool settings = path.ends_with("/settings.py") || path == "settings.py" ||
                          (path.contains("/settings/") && path.ends_with(".py"));
    if (settings && ++count <= settings_files_max) text += tree.text(path) + "\n";
  }
  return text;
}

// "shop.wsgi" of `WSGI_APPLICATION = "shop.wsgi.application"`; not in comments.
std::string application_module(std::string_view settings, std::string_view name) {
  for (const auto line : split(settings, '\n')) {
    if (!line.starts_with(name)) continue;
    auto value = trimmed(cut(line, "=").second);
    if (value.size() < 2 || (value[0] != '"' && value[0] != '\'')) continue;
    value = value.substr(1, value.find(value[0], 1) - 1);
    const auto dot = value.rfind('.');
    const bool plain = std::ranges::all_of(value, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '.';
    });
    if (plain && dot != std::string_view::npos && dot > 0) return std::string(value.substr(0, dot));
  }
  return {};
}

// "shop.wsgi" of shop/wsgi.py.
std::string module_by_file(const Tree& tree, std::string_view name) {
  for (const auto& path : tree.files()) {
    if (!path.ends_with(fmt::format("/{}.py", name)) || std::ranges::count(path, '/') != 1)
      continue;
    return fmt::format("{}.{}", path.substr(0, path.find('/')), name);
  }
  return {};
}

bool has_line(std::string_view text, std::string_view start) {
  return std::ranges::any_of(split(text, '\n'),
                             [start](auto line) { return line.starts_with(start); });
}

void add_server(const std::string& wsgi, const std::string& asgi, const PythonProject& project,
                PythonStart& start) {
  const bool is_asgi = !asgi.empty() && (project.depends_on("channels") ||
                                         project.depends_on("uvicorn") || wsgi.empty());
  if (is_asgi && !project.depends_on("gunicorn")) {
    start.command = fmt::format("uvicorn {}:application --host $HOST --port $PORT", asgi);
    if (!project.depends_on("uvicorn")) start.extra_packages = {"uvicorn[standard]"};
  } else if (is_asgi) {
    start.command = fmt::format(
        "gunicorn --bind $HOST:$PORT --worker-class uvicorn.workers.UvicornWorker {}:application",
        asgi);
    if (!project.depends_on("uvicorn")) start.extra_packages = {"uvicorn[standard]"};
  } else {
    start.command = fmt::format("gunicorn --bind $HOST:$PORT {}:application", wsgi);
    if (!project.depends_on("gunicorn")) start.extra_packages = {"gunicorn"};
  }
  for (const auto& package : start.extra_packages) {
    start.warnings.push_back(fmt::format(
        "{} serves the app but is not among its dependencies; it is installed in addition, "
        "without a fixed version",
        package));
  }
}

}  // namespace

PythonStart find_django_start(const Tree& tree, const PythonProject& project) {
  PythonStart start{.framework = "django"};
  const auto settings = settings_text(tree);
  auto wsgi = application_module(settings, "WSGI_APPLICATION");
  if (wsgi.empty()) wsgi = module_by_file(tree, "wsgi");
  auto asgi = application_module(settings, "ASGI_APPLICATION");
  if (asgi.empty()) asgi = module_by_file(tree, "asgi");
  if (wsgi.empty() && asgi.empty()) {
    start.problem =
        "manage.py is there, but neither WSGI_APPLICATION in the settings nor a wsgi.py next to "
        "them; set a start command like \"gunicorn --bind 0.0.0.0:$PORT mysite.wsgi\"";
    return start;
  }
  add_server(wsgi, asgi, project, start);
  if (settings.contains("django.contrib.staticfiles") && has_line(settings, "STATIC_ROOT")) {
    // Settings often insist on a key; collecting files does not use it.
    start.build = {
        "SECRET_KEY=${SECRET_KEY:-only-for-the-build} python manage.py collectstatic "
        "--noinput"};
  }
  start.warnings.emplace_back(
      "migrations are not run by themselves: run \"python manage.py migrate\" against the "
      "database before a release needs it");
  return start;
}

}  // namespace temps::detect
