// Python: requirements.txt, pyproject.toml, Pipfile, setup.py, manage.py, or a lone main file.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "detect/node.hpp"
#include "detect/provider.hpp"
#include "detect/python_project.hpp"
#include "detect/python_start.hpp"

namespace temps::detect {
namespace {

constexpr std::uint16_t port_default = 8000;
constexpr auto make_environment = "python3 -m venv .venv";

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

Result<bool> is_python(const Tree& tree, const PythonProject& project) {
  if (project.has_manifest()) return true;
  if (tree.first_of({"main.py", "app.py", "start.py", "bot.py", "hello.py", "server.py"}).empty() ||
      tree.has("index.html")) {
    return false;
  }
  auto node = is_node_app(tree);
  if (!node) return std::unexpected(std::move(node.error()));
  return !*node;
}

Result<Version> python_version(const Source& source, const PythonProject& project,
                               std::vector<std::string>& warnings) {
  VersionSources sources{.language = "Python",
                         .lines = {{3, 13}, {3, 14}, {3, 12}, {3, 11}, {3, 10}, {3, 9}, {3, 8}},
                         .variable = source.variable("PYTHON_VERSION"),
                         .manifests = project.version_ranges(),
                         .files = {}};
  for (const auto file : {".python-version", "runtime.txt"}) {
    auto wanted = first_word(source.tree.text(file));
    if (wanted.starts_with("python-")) wanted.erase(0, std::string_view("python-").size());
    if (!wanted.empty()) sources.files.emplace_back(file, wanted);
  }
  if (auto tool = tool_version(source.tree, {"python"})) sources.files.push_back(*tool);
  return choose_version(sources, warnings);
}

struct Installation {
  std::string_view file;     // that decides
  std::string_view manager;  // and tool, if it is not pip
  std::vector<std::string> manifests;
  std::string command;
  bool can_leave_out_sources = true;
};

std::vector<Installation> installations(const Tree& tree, const PythonProject& project) {
  // A package below src/ is found only once it is installed.
  const bool install_itself = project.is_package() && tree.has_folder("src");
  const std::string no_root = install_itself ? "" : " --no-root";
  const std::string no_self = install_itself ? "" : " --no-self";
  return {
      {"uv.lock",
       "uv",
       {"pyproject.toml", "uv.lock"},
       "uv sync --locked --no-dev",
       !project.is_package()},
      {"poetry.lock",
       "poetry",
       {"pyproject.toml", "poetry.lock"},
       "poetry install --only main --no-interaction" + no_root,
       !install_itself},
      {"pdm.lock",
       "pdm",
       {"pyproject.toml", "pdm.lock"},
       "pdm install --prod --no-editable" + no_self,
       !install_itself},
      {"Pipfile.lock", "pipenv", {"Pipfile", "Pipfile.lock"}, "pipenv install --deploy"},
      {"Pipfile", "pipenv", {"Pipfile"}, "pipenv install --skip-lock"},
      {"requirements.txt", "pip", project.requirement_files(), "pip install -r requirements.txt",
       !project.requirements_need_sources()},
  };
}

void add_install(const Tree& tree, const PythonProject& project, Plan& plan) {
  std::vector<std::string> ignored;
  for (const auto& installation : installations(tree, project)) {
    if (!tree.has(installation.file)) continue;
    if (!plan.package_manager.empty()) {
      const bool own = installation.manager == plan.package_manager;
      if (!own) ignored.emplace_back(installation.file);
      continue;
    }
    plan.package_manager = installation.manager;
    plan.install_commands = {make_environment, installation.command};
    if (installation.can_leave_out_sources) plan.manifests = installation.manifests;
    if (installation.manager != "pip") {
      const std::string name(installation.manager);
      plan.tools.push_back({name, "pip", name});
    }
  }
  if (!ignored.empty()) {
    plan.warnings.push_back(fmt::format("{} decides what is installed; {} is ignored",
                                        plan.package_manager, join(ignored, " and ")));
  }
  if (plan.package_manager.empty() && (project.has_pyproject() || tree.has("setup.py"))) {
    plan.package_manager = "pip";
    plan.install_commands = {make_environment, "pip install ."};
  }
}

// Packages that have no wheel and need headers.
void add_system_packages(const PythonProject& project, Plan& plan) {
  struct Need {
    std::string_view package;
    std::vector<std::string> build;
    std::vector<std::string> run;
  };
  static const std::vector<Need> needs{
      {"psycopg2", {"gcc", "libc6-dev", "libpq-dev"}, {"libpq5"}},
      {"psycopg", {}, {"libpq5"}},
      {"mysqlclient",
       {"gcc", "libc6-dev", "pkg-config", "default-libmysqlclient-dev"},
       {"libmariadb3"}},
      {"pycairo", {"gcc", "libc6-dev", "pkg-config", "libcairo2-dev"}, {"libcairo2"}},
      {"pdf2image", {}, {"poppler-utils"}},
      {"pydub", {}, {"ffmpeg"}},
  };
  for (const auto& wanted : needs) {
    if (!project.depends_on(wanted.package) || project.depends_on(wanted.package, "binary"))
      continue;
    append(plan.system_packages.build, wanted.build);
    append(plan.system_packages.run, wanted.run);
  }
}

void add_start(const Source& source, PythonStart start, Plan& plan) {
  plan.framework = start.framework;
  plan.environment.merge(start.environment);
  plan.start_command = std::move(start.command);
  if (!source.start_command.empty()) {
    // It may say `python`, which Debian has only inside of such an environment.
    if (plan.install_commands.empty()) plan.install_commands = {make_environment};
    return;
  }
  append(plan.warnings, start.warnings);
  if (start.extra_packages.empty()) {
    if (plan.install_commands.empty() && plan.start_command.starts_with("python ")) {
      plan.start_command.insert(std::string_view("python").size(), "3");
    }
    return;
  }
  if (plan.install_commands.empty()) plan.install_commands = {make_environment};
  if (plan.package_manager.empty()) plan.package_manager = "pip";
  plan.install_commands.push_back("pip install " + join(start.extra_packages, " "));
}

Plan plan_without_start(const Tree& tree, const PythonProject& project) {
  Plan plan{.provider = "python"};
  plan.port = port_default;
  plan.environment = {{"HOST", "0.0.0.0"}, {"PYTHONUNBUFFERED", "1"}};
  plan.build_environment = {
      {"CI", "true"}, {"PIP_DISABLE_PIP_VERSION_CHECK", "1"}, {"PIP_NO_CACHE_DIR", "1"}};
  add_install(tree, project, plan);
  add_system_packages(project, plan);
  if (plan.package_manager == "uv") {
    plan.build_environment["UV_PYTHON_DOWNLOADS"] = "never";
    plan.build_environment["UV_LINK_MODE"] = "copy";
  } else if (plan.package_manager == "poetry") {
    plan.build_environment["POETRY_VIRTUALENVS_IN_PROJECT"] = "true";
  } else if (plan.package_manager == "pipenv") {
    plan.build_environment["PIPENV_VENV_IN_PROJECT"] = "1";
  }
  return plan;
}

}  // namespace

Result<std::optional<Plan>> detect_python(const Source& source) {
  auto project = PythonProject::read(source.tree);
  if (!project) return std::unexpected(std::move(project.error()));
  const auto python = is_python(source.tree, *project);
  if (!python) return std::unexpected(python.error());
  if (!*python) return std::nullopt;

  auto plan = plan_without_start(source.tree, *project);
  auto start = find_python_start(source.tree, *project);
  const bool decided = !source.start_command.empty() || !source.output_directory.empty();
  if (!decided && start.command.empty()) {
    return fail(errors::no_start_command, std::move(start.problem));
  }
  if (!source.variable("DISABLE_COLLECTSTATIC") &&
      !source.variables.contains("DISABLE_COLLECTSTATIC")) {
    plan.build_commands = start.build;
  }
  add_start(source, std::move(start), plan);
  if (!plan.install_commands.empty()) plan.path = {".venv/bin"};

  auto assets = find_node_assets(source, plan.warnings);
  if (!assets) return std::unexpected(std::move(assets.error()));
  plan.assets = std::move(*assets);
  auto version = python_version(source, *project, plan.warnings);
  if (!version) return std::unexpected(std::move(version.error()));
  plan.version = std::move(*version);
  return plan;
}

}  // namespace temps::detect
