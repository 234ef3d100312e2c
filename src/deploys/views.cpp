#include "deploys/views.hpp"

namespace temps::deploys {

namespace {
std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

template <class T>
void take(T& setting, const std::optional<T>& wanted) {
  if (wanted) setting = *wanted;
}
}  // namespace

DeploymentView view(const Deployment& deployment, std::optional<DeploymentId> live) {
  return {
      .number = deployment.number,
      .status = deployment.status,
      .trigger = deployment.trigger,
      .commit = deployment.commit,
      .message = deployment.message,
      .branch = deployment.branch,
      .live = live == deployment.id,
      .origin = deployment.origin,
      .provider = deployment.release ? unless_empty(deployment.release->provider) : std::nullopt,
      .error_code = unless_empty(deployment.error_code),
      .error = unless_empty(deployment.error_detail),
      .created_at = deployment.created_at,
      .finished_at = deployment.finished_at};
}

projects::Settings changed(projects::Settings settings, const SettingsChange& change) {
  take(settings.branch, change.branch);
  take(settings.root_directory, change.root_directory);
  take(settings.dockerfile, change.dockerfile);
  take(settings.install_command, change.install_command);
  take(settings.build_command, change.build_command);
  take(settings.start_command, change.start_command);
  take(settings.output_directory, change.output_directory);
  take(settings.health_path, change.health_path);
  take(settings.port, change.port);
  take(settings.health_seconds, change.health_seconds);
  take(settings.drain_seconds, change.drain_seconds);
  take(settings.memory_mb, change.memory_mb);
  take(settings.cpus, change.cpus);
  for (const auto& [name, value] :
       change.build_arguments.value_or(std::map<std::string, std::string>{})) {
    if (value.empty()) {
      settings.build_arguments.erase(name);
    } else {
      settings.build_arguments[name] = value;
    }
  }
  return settings;
}

}  // namespace temps::deploys
