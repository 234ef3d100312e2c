// The words of the commands about one deployment.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>

#include "app/registration.hpp"

namespace temps::app {

void add_single_deployment_commands(CLI::App& app, Chosen& chosen, const Remote& shared) {
  const auto options = std::make_shared<DeploymentOptions>();
  const auto add = [&](const char* name, const char* help, const char* number,
                       Result<> (*action)(const Common&, const DeploymentOptions&)) {
    auto& added = remote(
        command(app, chosen, name, help,
                [options, action, &common = shared.common] { return action(common, *options); }),
        shared);
    added.add_option("project", options->project, "the project's name")->required();
    added.add_option("number", options->number, number)->check(CLI::PositiveNumber);
    added.add_option("--environment", options->environment, "else production");
  };
  add("deployment", "show a deployment and how long its stages took", "else the newest",
      show_deployment);
  add("cancel", "end a deployment that waits or runs; what is live stays",
      "else the newest, if it is under way", cancel_deployment);
}

}  // namespace temps::app
