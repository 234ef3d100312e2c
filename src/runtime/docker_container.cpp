#include "runtime/docker_container.hpp"

#include <fmt/core.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "json/json.hpp"
#include "runtime/docker_state.hpp"

namespace temps::runtime {
namespace {

// The JSON of the engine; the names are its own.
struct LogConfig {
  std::string Type = "json-file";
  std::map<std::string, std::string> Config{{"max-size", "10m"}, {"max-file", "3"}};
};
struct Policy {
  std::string Name = "no";
};
struct HostConfig {
  std::string NetworkMode;
  std::uint64_t Memory = 0;
  std::uint64_t MemorySwap = 0;
  std::int64_t NanoCpus = 0;
  std::optional<std::uint64_t> PidsLimit{};
  bool Init = true;
  LogConfig LogConfig_{};
  Policy RestartPolicy{};
  std::vector<std::string> SecurityOpt{"no-new-privileges"};
};
struct NewContainer {
  std::string Image;
  bool AttachStdin = false;
  bool AttachStdout = false;
  bool AttachStderr = false;
  bool OpenStdin = false;
  bool StdinOnce = false;
  bool Tty = false;
  std::optional<std::vector<std::string>> Entrypoint{};
  std::optional<std::vector<std::string>> Cmd{};
  std::vector<std::string> Env;
  std::map<std::string, std::string> Labels;
  HostConfig HostConfig_;
};

NewContainer container_of(const InstanceSpec& spec, const ContainerOwner& owner) {
  NewContainer container{
      .Image = spec.artifact,
      .Env = {},
      .Labels = {{label::installation, owner.installation},
                 {label::project, spec.project},
                 {label::deployment, fmt::format("{}", spec.deployment)},
                 {label::port, fmt::format("{}", spec.port)}},
      .HostConfig_ = {.NetworkMode = owner.network,
                      .Memory = spec.limits.memory_bytes,
                      .MemorySwap = spec.limits.memory_bytes,
                      .NanoCpus = static_cast<std::int64_t>(spec.limits.cpus * 1e9)}};
  if (spec.limits.pids > 0) container.HostConfig_.PidsLimit = spec.limits.pids;
  for (const auto& [name, value] : spec.environment) {
    if (name != "PORT") container.Env.push_back(fmt::format("{}={}", name, value));
  }
  container.Env.push_back(fmt::format("PORT={}", spec.port));
  return container;
}

}  // namespace

std::string instance_container(const InstanceSpec& spec, const ContainerOwner& owner) {
  auto container = container_of(spec, owner);
  container.Labels[label::instance] = spec.name;
  if (!spec.start_command.empty()) {
    container.Entrypoint = std::vector<std::string>{"/bin/sh", "-c"};
    container.Cmd = std::vector<std::string>{spec.start_command};
  }
  return json::encode(container);
}

std::string one_off_container(const InstanceSpec& spec, const Command& command,
                              const ContainerOwner& owner) {
  auto container = container_of(spec, owner);
  container.Labels[label::one_off] = owner.process;
  container.OpenStdin = container.StdinOnce = container.AttachStdin = true;
  container.AttachStdout = container.AttachStderr = true;
  container.Tty = command.terminal.has_value();
  // Instead of what the image has as both.
  container.Entrypoint = std::vector<std::string>{command.words.front()};
  container.Cmd = std::vector<std::string>(command.words.begin() + 1, command.words.end());
  for (const auto& [name, value] : command.environment) {
    container.Env.push_back(fmt::format("{}={}", name, value));
  }
  container.HostConfig_.LogConfig_ = {.Type = "none", .Config = {}};
  return json::encode(container);
}

}  // namespace temps::runtime
