// Node.js: package.json.
#include "detect/node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "detect/folder_name.hpp"
#include "detect/node_framework.hpp"
#include "detect/node_installer.hpp"
#include "detect/node_script.hpp"
#include "detect/node_start.hpp"
#include "detect/package_json.hpp"

namespace temps::detect {
namespace {

constexpr std::uint16_t port_default = 3000;

// What .nvmrc may hold besides numbers.
std::string without_nicknames(std::string version) {
  struct Nickname {
    std::string_view name;
    std::string_view version;
  };
  constexpr std::array<Nickname, 10> nicknames{{{"lts/*", "22"},
                                                {"lts", "22"},
                                                {"lts/krypton", "24"},
                                                {"lts/jod", "22"},
                                                {"lts/iron", "20"},
                                                {"lts/hydrogen", "18"},
                                                {"lts/gallium", "16"},
                                                {"node", "24"},
                                                {"latest", "24"},
                                                {"stable", "24"}}};
  const auto found = std::ranges::find(nicknames, lowered(version), &Nickname::name);
  return found == nicknames.end() ? version : std::string(found->version);
}

Result<Version> node_version(const Source& source, const PackageJson& package,
                             std::vector<std::string>& warnings) {
  VersionSources sources{
      .language = "Node.js",
      .lines = {{22}, {24}, {20}, {18}, {16}, {14}, {12}, {26}, {25}, {23}, {21}},
      .variable = source.variable("NODE_VERSION"),
      .manifests = {},
      .files = {}};
  if (const auto engine = package.engine("node"); !engine.empty()) {
    sources.manifests.emplace_back("package.json engines.node", engine);
  }
  for (const auto file : {".nvmrc", ".node-version"}) {
    const auto wanted = first_word(source.tree.text(file));
    if (!wanted.empty()) sources.files.emplace_back(file, without_nicknames(wanted));
  }
  if (auto tool = tool_version(source.tree, {"nodejs", "node"})) {
    sources.files.emplace_back(tool->first, without_nicknames(tool->second));
  }
  return choose_version(sources, warnings);
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

// A package that is pruned must not be what starts the app.
bool may_prune(const PackageJson& package, std::string_view start) {
  const auto program = start.substr(0, start.find(' '));
  if (program == "node") {
    return std::ranges::none_of(std::array{" -r ", " --require", " --import", " --loader", ".ts"},
                                [start](std::string_view sign) { return start.contains(sign); });
  }
  return package.depends_at_run_time_on(program);
}

// Installs nothing that is not there; tells the manager apart from what only runs scripts.
void add_manager(const NodeInstaller& manager, Plan& plan) {
  plan.install_commands = manager.install;
  plan.manifests = manager.manifests;
  if (!manager.install.empty()) plan.package_manager = manager.name;
  append(plan.warnings, manager.warnings);
}

void add_tool(const NodeInstaller& manager, Plan& plan) {
  if (!manager.tool) return;
  const auto uses = [&manager](const std::string& command) {
    return command == manager.name || command.starts_with(manager.name + " ");
  };
  if (std::ranges::any_of(plan.install_commands, uses) ||
      std::ranges::any_of(plan.build_commands, uses) || uses(plan.start_command)) {
    plan.tools.push_back(*manager.tool);
  }
}

void add_build(const NodeApp& app, const NodeInstaller& manager,
               const std::optional<NodeFramework>& framework, Plan& plan) {
  if (!app.package.script("build").empty()) {
    plan.build_commands = {manager.run("build")};
  } else if (framework && !framework->build.empty()) {
    plan.build_commands = {framework->build};
  }
  if (framework && !plan.build_commands.empty()) append(plan.build_commands, framework->finish);
}

Plan plan_without_start(const NodeApp& app, const NodeInstaller& manager,
                        const std::optional<NodeFramework>& framework) {
  Plan plan{.provider = "node"};
  plan.port = port_default;
  plan.path = {"node_modules/.bin"};
  plan.environment = {{"NODE_ENV", "production"}, {"HOST", "0.0.0.0"}, {"HOSTNAME", "0.0.0.0"}};
  plan.build_environment = {{"CI", "true"}};
  add_manager(manager, plan);
  add_build(app, manager, framework, plan);
  if (framework) {
    plan.framework = framework->name;
    plan.environment.insert(framework->environment.begin(), framework->environment.end());
    plan.build_environment.insert(framework->build_environment.begin(),
                                  framework->build_environment.end());
    append(plan.warnings, framework->warnings);
    if (!framework->build_variable_prefix.empty()) {
      plan.build_variable_prefixes = {framework->build_variable_prefix};
    }
  } else {
    plan.framework = find_server_library(app.package);
  }
  return plan;
}

constexpr std::size_t packages_looked_at_max = 100;

// The packages of a workspace that start something.
std::vector<std::string> apps_below(const Tree& tree) {
  std::vector<std::string> apps;
  std::size_t count = 0;
  for (const auto& path : tree.files()) {
    if (!path.ends_with("/package.json") || ++count > packages_looked_at_max) continue;
    const auto folder = path.substr(0, path.rfind('/'));
    if (is_node_app(tree.below(folder)).value_or(false)) apps.push_back(printable(folder));
  }
  return apps;
}

std::unexpected<Error> no_start(const Tree& tree, const PackageJson& package, std::string problem) {
  const bool workspace = package.is_workspace_root() || tree.has("pnpm-workspace.yaml");
  const auto apps = workspace ? apps_below(tree) : std::vector<std::string>();
  if (apps.empty()) return fail(errors::no_start_command, std::move(problem));
  return fail(errors::ambiguous_app,
              "the root of this workspace starts nothing; its apps are {}. Set the root directory "
              "to one of them, or build and start commands for the root",
              join(apps, ", "));
}

}  // namespace

Result<std::optional<Plan>> detect_node(const Source& source) {
  auto package = PackageJson::read(source.tree);
  if (!package) return std::unexpected(std::move(package.error()));
  if (!*package) return std::nullopt;
  const NodeApp app{
      source.tree, **package,
      source.build_command.empty() ? (*package)->script("build") : source.build_command};
  auto manager = choose_installer(source.tree, **package);
  if (!manager) return std::unexpected(std::move(manager.error()));
  const auto framework = find_framework(app);
  auto plan = plan_without_start(app, *manager, framework);

  const bool decided = !source.start_command.empty() || !source.output_directory.empty();
  auto start = decided ? NodeStart{} : find_node_start(app, *manager, framework);
  if (!decided && !start.output && start.command.empty()) {
    if (source.tree.has("index.html") || source.tree.has("public/index.html")) return std::nullopt;
    return no_start(source.tree, **package, std::move(start.problem));
  }
  plan.start_command = source.start_command.empty() ? start.command : source.start_command;
  plan.static_output = std::move(start.output);
  append(plan.warnings, start.warnings);
  if (!plan.build_commands.empty() && may_prune(**package, plan.start_command)) {
    plan.prune_commands = manager->prune;
  }
  add_tool(*manager, plan);
  auto version = node_version(source, **package, plan.warnings);
  if (!version) return std::unexpected(std::move(version.error()));
  plan.version = std::move(*version);
  return plan;
}

Result<bool> is_node_app(const Tree& tree) {
  auto package = PackageJson::read(tree);
  if (!package) return std::unexpected(std::move(package.error()));
  if (!*package) return false;
  return !(*package)->script("start").empty() || !find_server_library(**package).empty() ||
         find_framework({tree, **package, (*package)->script("build")}).has_value();
}

Result<std::optional<Assets>> find_node_assets(const Source& source,
                                               std::vector<std::string>& warnings) {
  auto package = PackageJson::read(source.tree);
  if (!package) return std::unexpected(std::move(package.error()));
  if (!*package || (*package)->script("build").empty()) return std::nullopt;
  auto manager = choose_installer(source.tree, **package);
  if (!manager) return std::unexpected(std::move(manager.error()));
  append(warnings, manager->warnings);
  auto version = node_version(source, **package, warnings);
  if (!version) return std::unexpected(std::move(version.error()));
  Assets assets{.version = std::move(*version),
                .package_manager = manager->install.empty() ? std::string() : manager->name,
                .tools = {},
                .manifests = manager->manifests,
                .install_commands = manager->install,
                .build_commands = {manager->run("build")}};
  if (manager->tool) assets.tools.push_back(*manager->tool);
  return assets;
}

}  // namespace temps::detect
