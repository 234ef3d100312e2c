#include "runtime/docker_state.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "core/text.hpp"
#include "runtime/docker_api.hpp"

namespace temps::runtime {
namespace {

constexpr std::chrono::minutes window{10};
constexpr int restarts_max = 10;
constexpr std::size_t seen_max = 1000;

int small_number(const json::Value& value) {
  return static_cast<int>(value.as_integer().value_or(0));
}

}  // namespace

Status parse_status(const std::string& word) {
  if (word == "running" || word == "restarting" || word == "paused") return Status::running;
  return Status::exited;
}

ContainerState parse_container(const json::Value& container, const std::string& network) {
  const auto engine_state = container["State"];
  const auto labels = container["Config"]["Labels"];
  ContainerState seen;
  seen.state.status = parse_status(text_of(engine_state["Status"]));
  seen.state.exit_code = small_number(engine_state["ExitCode"]);
  // The flag alone may mean a child that the kernel killed while the app went on.
  seen.state.out_of_memory =
      engine_state["OOMKilled"].as_bool().value_or(false) && seen.state.exit_code == 137;
  seen.state.restarts = small_number(container["RestartCount"]);
  seen.pid = small_number(engine_state["Pid"]);
  seen.id = text_of(container["Id"]);
  seen.restart_policy = text_of(container["HostConfig"]["RestartPolicy"]["Name"]);
  seen.installation = text_of(labels[label::installation]);
  const auto address = text_of(container["NetworkSettings"]["Networks"][network]["IPAddress"]);
  if (!address.empty()) {
    seen.state.address = fmt::format("{}:{}", address, text_of(labels[label::port]));
  }
  return seen;
}

std::vector<std::uint16_t> parse_exposed_ports(const json::Value& image) {
  std::vector<std::uint16_t> ports;
  const auto exposed = image["Config"]["ExposedPorts"];
  for (const auto& [name, nothing] : exposed.members()) {
    const auto [number, protocol] = cut(name, "/");
    const auto port = parse_number<std::uint16_t>(number);
    if (port && (protocol == "tcp" || protocol.empty())) ports.push_back(*port);
  }
  std::ranges::sort(ports);
  return ports;
}

bool RestartWatch::is_too_much(Instant now, int restarts) {
  if (!seen_.empty() && restarts < seen_.back().restarts) seen_.clear();
  if (seen_.empty() || restarts != seen_.back().restarts) seen_.push_back({now, restarts});
  // The last sight before the window says how many there were when it began.
  while (seen_.size() > 1 && now - seen_[1].time > window) seen_.pop_front();
  if (seen_.size() > seen_max) seen_.pop_front();
  return restarts - seen_.front().restarts >= restarts_max;
}

}  // namespace temps::runtime
