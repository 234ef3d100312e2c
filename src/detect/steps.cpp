// A plan as commands for a machine without a container engine.
#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "detect/command.hpp"
#include "detect/detect.hpp"

namespace temps::detect {
namespace {

constexpr std::string_view tools_folder = ".temps/tools";

std::string in_path(const std::vector<std::string>& folders, const std::string& command) {
  if (folders.empty()) return command;
  std::string path;
  for (const auto& folder : folders) path += fmt::format("$PWD/{}:", folder);
  return fmt::format("export PATH=\"{}$PATH\"; {}", path, command);
}

std::string tool_command(const Tool& tool) {
  if (tool.installer == "npm") {
    return fmt::format("npm install --prefix {} --no-audit --no-fund {}", tools_folder,
                       tool.package);
  }
  return fmt::format("python3 -m venv {0}/{1} && {0}/{1}/bin/pip install {2}", tools_folder,
                     tool.name, tool.package);
}

std::string tool_path(const Tool& tool) {
  return tool.installer == "npm" ? fmt::format("{}/node_modules/.bin", tools_folder)
                                 : fmt::format("{}/{}/bin", tools_folder, tool.name);
}

class Steps {
 public:
  explicit Steps(std::vector<std::string> path) : path_(std::move(path)) {}

  void add_tools(const std::vector<Tool>& tools,
                 const std::map<std::string, std::string>& environment) {
    for (const auto& tool : tools) {
      steps_.push_back({Phase::install, tool_command(tool), environment});
      path_.push_back(tool_path(tool));
    }
  }
  void add(Phase phase, const std::vector<std::string>& commands,
           const std::map<std::string, std::string>& environment) {
    for (const auto& command : commands) {
      steps_.push_back({phase, in_path(path_, command), environment});
    }
  }
  std::vector<Step> take() && { return std::move(steps_); }

 private:
  std::vector<std::string> path_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> process_steps(const Plan& plan) {
  std::vector<Step> all;
  if (plan.assets) {
    const std::map<std::string, std::string> environment{{"CI", "true"}};
    Steps steps({"node_modules/.bin"});
    steps.add_tools(plan.assets->tools, environment);
    steps.add(Phase::install, plan.assets->install_commands, environment);
    steps.add(Phase::build, plan.assets->build_commands, environment);
    all = std::move(steps).take();
  }
  Steps steps(plan.path);
  steps.add_tools(plan.tools, plan.build_environment);
  steps.add(Phase::install, plan.install_commands, plan.build_environment);
  steps.add(Phase::build, plan.build_commands, plan.build_environment);
  if (!plan.start_command.empty() && !plan.static_output) {
    steps.add(Phase::start, {with_exec(plan.start_command)}, plan.environment);
  }
  auto own = std::move(steps).take();
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

}  // namespace temps::detect
