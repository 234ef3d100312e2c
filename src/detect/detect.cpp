#include "detect/detect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/text.hpp"
#include "detect/folder_name.hpp"
#include "detect/package_json.hpp"
#include "detect/provider.hpp"

namespace temps::detect {
namespace {

constexpr std::size_t names_shown_max = 20;

Result<std::string> checked_folder(std::string_view setting, std::string_view value) {
  if (value.empty()) return std::string();
  auto folder = folder_name(value);
  if (folder) return std::move(*folder);
  return fail(errors::bad_setting,
              "the {} \"{}\" must be a relative path that stays inside the repository", setting,
              printable(value));
}

// "index.html in distribution/": a folder that would be found if it were the root.
std::string candidate(const Tree& tree) {
  for (const auto& path : tree.files()) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) continue;
    const auto name = std::string_view(path).substr(slash + 1);
    const auto folder = printable(std::string_view(path).substr(0, slash));
    if (name == "Dockerfile") {
      return fmt::format(" There is {}: name it as the Dockerfile in the settings to build it.",
                         printable(path));
    }
    if (name == "package.json" || name == "requirements.txt" || name == "pyproject.toml" ||
        name == "index.html") {
      return fmt::format(" There is {}: set the root directory to {} to deploy it.",
                         printable(path), folder);
    }
  }
  return {};
}

std::string names_seen(const Tree& tree) {
  std::set<std::string> names;
  for (const auto& path : tree.files()) {
    const auto slash = path.find('/');
    names.insert(slash == std::string::npos ? printable(path)
                                            : printable(path.substr(0, slash)) + "/");
  }
  if (names.empty()) return "nothing";
  std::vector<std::string> shown(names.begin(), names.end());
  const auto all = shown.size();
  shown.resize(std::min(all, names_shown_max));
  auto text = join(shown, ", ");
  return all > shown.size() ? fmt::format("{} and {} more", text, all - shown.size()) : text;
}

std::unexpected<Error> no_provider(const Tree& tree) {
  std::string text = fmt::format("Found {}. Looked for a Dockerfile", names_seen(tree));
  for (const auto& provider : providers()) {
    text += fmt::format("; {}: {}", provider.name, provider.looks_for);
  }
  text += ".";
  for (const auto& link : tree.outward_links()) {
    if (link.contains('/')) continue;
    text += fmt::format(" {} is a link that leads out of the tree and was not followed.",
                        printable(link));
    break;
  }
  return fail(errors::no_provider, text + candidate(tree));
}

// Settings first, then variables, then the Procfile.
Source source_of(const Tree& tree, const Settings& settings,
                 const std::map<std::string, std::string>& procfile) {
  Source source{.tree = tree,
                .install_command = settings.install_command,
                .build_command = settings.build_command,
                .start_command = settings.start_command,
                .output_directory = settings.output_directory,
                .variables = settings.variables};
  const auto fill = [&source](std::string& command, std::string_view name) {
    if (!command.empty()) return;
    if (const auto variable = source.variable(name)) command = variable->value;
  };
  fill(source.install_command, "INSTALL_CMD");
  fill(source.build_command, "BUILD_CMD");
  fill(source.start_command, "START_CMD");
  const auto web = procfile.find("web");
  if (source.start_command.empty() && web != procfile.end()) source.start_command = web->second;
  return source;
}

void apply(const Source& source, Plan& plan) {
  if (!source.install_command.empty()) {
    plan.install_commands = {source.install_command};
    plan.manifests.clear();  // nobody knows what this command reads
  }
  if (!source.build_command.empty()) plan.build_commands = {source.build_command};
  if (!source.output_directory.empty()) {
    const bool single_page = plan.static_output && plan.static_output->single_page;
    plan.static_output = StaticOutput{source.output_directory, single_page};
  } else if (!source.start_command.empty() && plan.provider != "static") {
    plan.static_output.reset();
    plan.start_command = source.start_command;
  }
  if (plan.install_commands.empty()) plan.path.clear();
  if (!plan.static_output) return;
  plan.start_command.clear();
  plan.prune_commands.clear();
  plan.environment.clear();
  plan.port = 0;
}

void add_procfile(std::map<std::string, std::string> procfile, Plan& plan) {
  const auto release = procfile.extract("release");
  if (release) plan.release_command = release.mapped();
  procfile.erase("web");
  plan.processes = std::move(procfile);
  if (release) {
    plan.warnings.emplace_back("the Procfile's release command is not run yet: only web is");
  }
  for (const auto& [name, command] : plan.processes) {
    plan.warnings.push_back(
        fmt::format("the Procfile's process {} is not started yet: only web is", name));
  }
}

Result<Plan> plan_of(const Tree& tree, const Settings& settings) {
  auto procfile = parse_procfile(tree.text("Procfile"));
  auto dockerfile = checked_folder("Dockerfile setting", settings.dockerfile);
  if (!dockerfile) return std::unexpected(std::move(dockerfile.error()));
  if (!dockerfile->empty() && !tree.has(*dockerfile)) {
    return fail(errors::bad_setting,
                "there is no file {}, which the settings name as the Dockerfile; the tree has {}",
                *dockerfile, names_seen(tree));
  }
  if (!dockerfile->empty() || tree.has("Dockerfile")) {
    Plan plan{.provider = "dockerfile",
              .dockerfile = dockerfile->empty() ? "Dockerfile" : *dockerfile};
    plan.start_command = settings.start_command;  // a Procfile does not replace the image's CMD
    add_procfile(std::move(procfile), plan);
    return plan;
  }
  const auto source = source_of(tree, settings, procfile);
  for (const auto& provider : providers()) {
    auto plan = provider.detect(source);
    if (!plan) return std::unexpected(std::move(plan.error()));
    if (!*plan) continue;
    apply(source, **plan);
    add_procfile(std::move(procfile), **plan);
    return std::move(**plan);
  }
  return no_provider(tree);
}

bool is_workspace(const Tree& tree) {
  if (tree.has("pnpm-workspace.yaml")) return true;
  const auto package = PackageJson::read(tree);
  return package && *package && (*package)->is_workspace_root();
}

}  // namespace

Result<Plan> detect(const Tree& tree, const Settings& settings) {
  auto root = checked_folder("root directory", settings.root_directory);
  if (!root) return std::unexpected(std::move(root.error()));
  auto output = checked_folder("output directory", settings.output_directory);
  if (!output) return std::unexpected(std::move(output.error()));
  const auto context = *root == "." ? std::string() : *root;
  if (!context.empty() && !tree.has_folder(context)) {
    return fail(errors::bad_setting,
                "there is no folder {}, which the settings name as the root directory; the tree "
                "has {}",
                context, names_seen(tree));
  }
  auto cleaned = settings;
  cleaned.output_directory = *output;
  auto plan = plan_of(tree.below(context), cleaned);
  if (!plan) return plan;
  plan->context = context;
  if (!context.empty() && plan->provider == "node" && is_workspace(tree)) {
    plan->warnings.push_back(fmt::format(
        "{} is built alone, without the lock file and the other packages of its workspace; if it "
        "needs them, leave the root directory empty and set build and start commands, like \"npm "
        "run build -w NAME\"",
        context));
  }
  if (tree.is_cut_short()) {
    plan->warnings.push_back(
        fmt::format("the tree has more than {} entries; only its upper levels were looked at",
                    tree_entries_max));
  }
  return plan;
}

}  // namespace temps::detect
