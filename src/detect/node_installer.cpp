#include "detect/node_installer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.hpp"
#include "detect/provider.hpp"

namespace temps::detect {
namespace {

struct Lock {
  std::string_view file;
  std::string_view manager;
};
// In the order in which they decide.
constexpr std::array<Lock, 6> locks{{{"pnpm-lock.yaml", "pnpm"},
                                     {"bun.lock", "bun"},
                                     {"bun.lockb", "bun"},
                                     {"yarn.lock", "yarn"},
                                     {"package-lock.json", "npm"},
                                     {"npm-shrinkwrap.json", "npm"}}};
constexpr std::array<std::string_view, 4> known_managers{"npm", "pnpm", "yarn", "bun"};

// Files besides package.json and the lock file that change what an install does.
constexpr std::array<std::string_view, 6> manager_files{
    ".npmrc", ".yarnrc.yml", ".yarnrc", ".pnpmfile.cjs", "pnpm-workspace.yaml", "bunfig.toml"};
constexpr std::array<std::string_view, 3> manager_folders{".yarn", "patches", "prisma"};

bool is_version(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-';
  });
}

struct Named {
  std::string name;
  std::string version;  // exact, or empty
};

std::unexpected<Error> unknown_manager(std::string_view text) {
  return fail(errors::unknown_package_manager,
              "package.json: packageManager \"{}\" is not understood; it must be npm, pnpm, yarn "
              "or bun with a version, like \"pnpm@9.15.0\"",
              printable(text));
}

// "pnpm@9.15.0+sha512.…"
Result<std::optional<Named>> from_field(const PackageJson& package) {
  const auto field = package.text("packageManager");
  if (field.empty()) return std::nullopt;
  const auto [name, rest] = cut(field, "@");
  const auto version = cut(rest, "+").first;
  const bool known = std::ranges::find(known_managers, name) != known_managers.end();
  if (!known || (!version.empty() && !is_version(version))) return unknown_manager(field);
  return Named{std::string(name), std::string(version)};
}

Named by_lock_or_engine(const Tree& tree, const PackageJson& package) {
  for (const auto& lock : locks) {
    if (tree.has(lock.file)) return {std::string(lock.manager), {}};
  }
  for (const auto name : {"pnpm", "bun", "yarn"}) {
    if (!package.engine(name).empty()) return {name, {}};
  }
  return {"npm", {}};
}

// The value of "key: value" in YAML that a tool wrote; no YAML reader is needed for that.
std::string yaml_value(std::string_view text, std::string_view key) {
  for (const auto line : split(text.substr(0, 4096), '\n')) {
    const auto [name, value] = cut(line, ":");
    if (trimmed(name) != key) continue;
    auto wanted = trimmed(value);
    while (!wanted.empty() && (wanted.front() == '\'' || wanted.front() == '"')) {
      wanted.remove_prefix(1);
    }
    return std::string(wanted.substr(0, wanted.find_first_of("'\" ")));
  }
  return {};
}

// pnpm 10 and 11 write 9.0 as well; 9 reads all of these.
std::string pnpm_version(const Tree& tree) {
  const auto format = yaml_value(tree.text("pnpm-lock.yaml"), "lockfileVersion");
  if (format.starts_with("5.3")) return "6";
  if (format.starts_with("5.4")) return "7";
  if (format.starts_with("6.")) return "8";
  return "9";
}

bool is_berry(const Tree& tree, const Named& named) {
  if (!named.version.empty())
    return !named.version.starts_with("1.") && !named.version.starts_with("0.");
  return tree.has(".yarnrc.yml") || tree.text("yarn.lock").contains("\n__metadata:");
}

std::string berry_version(const Tree& tree, const Named& named) {
  if (!named.version.empty()) return named.version;
  const auto format = yaml_value(tree.text("yarn.lock"), "version");
  return format == "4" || format == "5" || format == "6" || format == "7" ? "3" : "4";
}

Tool npm_tool(std::string_view name, std::string_view package, std::string_view version) {
  return {std::string(name), "npm", fmt::format("{}@{}", package, version)};
}

std::string or_default(const std::string& version, std::string_view fallback) {
  return version.empty() ? std::string(fallback) : version;
}

// Compares what the lock file says its root wants with package.json; a lock that cannot be read
// here is left to npm.
bool npm_lock_is_outdated(const Tree& tree, const NodeInstaller& manager,
                          const PackageJson& package) {
  const auto lock = json::decode<json::Value>(
      tree.text(manager.lock_file), {.size_bytes_max = manifest_bytes_max, .depth_max = 64});
  if (!lock) return false;
  const auto root = (*lock)["packages"][""];
  if (!root.is_object()) return false;
  for (const auto map : {"dependencies", "devDependencies", "optionalDependencies"}) {
    const auto wanted = package.document()[map];
    if (wanted.size() != root[map].size()) return true;
    for (const auto& [name, version] : wanted.members()) {
      if (root[map][name].as_string() != version.as_string()) return true;
    }
  }
  return false;
}

void use_npm(const Tree& tree, const PackageJson& package, NodeInstaller& manager) {
  const bool outdated = !manager.lock_file.empty() && npm_lock_is_outdated(tree, manager, package);
  if (outdated) {
    manager.warnings.push_back(
        fmt::format("{} does not fit package.json, so versions are chosen anew; run npm install "
                    "and commit it",
                    manager.lock_file));
  }
  const bool locked = !manager.lock_file.empty() && !outdated;
  manager.install = {
      fmt::format("npm {} --include=dev --no-audit --no-fund", locked ? "ci" : "install")};
  if (locked) manager.prune = {"npm prune --omit=dev --ignore-scripts"};
}

void use_pnpm(const Tree& tree, const Named& named, NodeInstaller& manager) {
  manager.tool =
      npm_tool("pnpm", "pnpm", named.version.empty() ? pnpm_version(tree) : named.version);
  if (manager.lock_file.empty()) {
    manager.install = {"pnpm install --no-frozen-lockfile --prod=false"};
    return;
  }
  manager.install = {"pnpm install --frozen-lockfile --prefer-offline --prod=false"};
  manager.prune = {"pnpm prune --prod"};
}

void use_yarn(const Tree& tree, const Named& named, NodeInstaller& manager) {
  const bool locked = !manager.lock_file.empty();
  if (is_berry(tree, named)) {
    // A checked-in release is run by any yarn, so the one that is easiest to get will do.
    const bool vendored = tree.text(".yarnrc.yml").contains("yarnPath:");
    manager.tool = vendored ? npm_tool("yarn", "yarn", "1")
                            : npm_tool("yarn", "@yarnpkg/cli-dist", berry_version(tree, named));
    manager.plug_and_play = !tree.text(".yarnrc.yml").contains("nodeLinker: node-modules");
    manager.install = {locked ? "yarn install --immutable" : "yarn install --no-immutable"};
    return;
  }
  manager.tool = npm_tool("yarn", "yarn", or_default(named.version, "1"));
  manager.install = {fmt::format("yarn install{} --production=false --non-interactive",
                                 locked ? " --frozen-lockfile" : "")};
  if (locked) {
    manager.prune = {
        "yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline"};
  }
}

void use_bun(const Named& named, NodeInstaller& manager) {
  manager.tool = npm_tool("bun", "bun", or_default(named.version, "1"));
  manager.install = {manager.lock_file.empty() ? "bun install" : "bun install --frozen-lockfile"};
}

void find_lock(const Tree& tree, NodeInstaller& manager) {
  std::vector<std::string> ignored;
  for (const auto& lock : locks) {
    if (!tree.has(lock.file)) continue;
    if (lock.manager == manager.name && manager.lock_file.empty()) {
      manager.lock_file = lock.file;
    } else {
      ignored.emplace_back(lock.file);
    }
  }
  if (ignored.empty()) return;
  manager.warnings.push_back(manager.lock_file.empty()
                                 ? fmt::format("{} is used, which has no lock file; {} is ignored",
                                               manager.name, join(ignored, " and "))
                                 : fmt::format("{} is used; {} is ignored, remove it",
                                               manager.lock_file, join(ignored, " and ")));
}

std::vector<std::string> manifests_of(const Tree& tree, const NodeInstaller& manager) {
  std::vector<std::string> manifests{"package.json"};
  if (!manager.lock_file.empty()) manifests.push_back(manager.lock_file);
  for (const auto file : manager_files) {
    if (tree.has(file)) manifests.emplace_back(file);
  }
  for (const auto folder : manager_folders) {
    if (tree.has_folder(folder)) manifests.push_back(fmt::format("{}/", folder));
  }
  return manifests;
}

}  // namespace

std::string NodeInstaller::run(std::string_view script) const {
  return fmt::format("{} run {}", name, script);
}

Result<NodeInstaller> choose_installer(const Tree& tree, const PackageJson& package) {
  auto field = from_field(package);
  if (!field) return std::unexpected(std::move(field.error()));
  const auto named = *field ? std::move(**field) : by_lock_or_engine(tree, package);
  NodeInstaller manager{.name = named.name};
  find_lock(tree, manager);
  if (manager.name == "pnpm") {
    use_pnpm(tree, named, manager);
  } else if (manager.name == "yarn") {
    use_yarn(tree, named, manager);
  } else if (manager.name == "bun") {
    use_bun(named, manager);
  } else {
    use_npm(tree, package, manager);
  }
  const bool workspaces = package.is_workspace_root() || tree.has("pnpm-workspace.yaml");
  if (!package.install_needs_sources() && !workspaces) {
    manager.manifests = manifests_of(tree, manager);
  }
  if (!package.has_dependencies() && !package.has_install_scripts() && !workspaces) {
    manager.install.clear();
    manager.prune.clear();
    manager.manifests.clear();
  }
  if (!package.has_development_dependencies() || package.document()["dependencies"].size() == 0) {
    manager.prune.clear();
  }
  return manager;
}

}  // namespace temps::detect
