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

std::optional<Usage> parse_usage(const json::Value& stats) {
  const auto count = [](const json::Value& value) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(value.as_integer().value_or(0), 0));
  };
  const auto memory = stats["memory_stats"];
  const auto used = count(memory["usage"]);
  if (used == 0) return std::nullopt;
  // What `docker stats` leaves out, too: pages of files that have not been used lately.
  const auto inactive = memory["stats"]["total_inactive_file"];
  const auto droppable = count(inactive.as_integer() ? inactive : memory["stats"]["inactive_file"]);
  Usage usage{.id = text_of(stats["id"]),
              .cpu = std::chrono::duration_cast<std::chrono::microseconds>(
                  std::chrono::nanoseconds(count(stats["cpu_stats"]["cpu_usage"]["total_usage"]))),
              .memory_bytes = used - std::min(used, droppable)};
  // Without a limit the engine names the machine's memory, or the largest number there is.
  usage.memory_bytes_max = count(memory["limit"]);
  return usage;
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
