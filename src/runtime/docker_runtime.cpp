#include "runtime/docker_runtime.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/log.hpp"
#include "core/text.hpp"
#include "runtime/docker_container.hpp"
#include "runtime/listening.hpp"
#include "runtime/process_table.hpp"

namespace temps::runtime {
namespace {

using namespace std::chrono_literals;

constexpr auto replacement_grace = 10s;
// How long the engine may need beyond a container's grace.
constexpr auto stop_margin = 20s;

// The JSON of the engine; the names are its own.
struct NewNetwork {
  std::string Name;
  bool CheckDuplicate = true;
  std::string Driver = "bridge";
  std::map<std::string, std::string> Labels;
};
struct Policy {
  std::string Name = "no";
};
struct PolicyUpdate {
  Policy RestartPolicy;
};

std::string by_labels(const std::map<std::string, std::string>& labels) {
  std::map<std::string, std::vector<std::string>> filters;
  for (const auto& [name, value] : labels) {
    filters["label"].push_back(fmt::format("{}={}", name, value));
  }
  return percent_encoded(json::encode(filters));
}

}  // namespace

DockerRuntime::DockerRuntime(net::Loop& loop, DockerOptions options)
    : loop_(loop), options_(std::move(options)), api_(loop, options_.socket) {}

Task<DockerAnswer> DockerRuntime::succeed(DockerCall call, const ErrorCode& otherwise) {
  auto answer = co_await api_.call(std::move(call));
  if (!answer.is_success() && answer.status != 304) {
    co_await fail(otherwise, "the container engine refused: {}", answer.message());
  }
  co_return answer;
}

Task<bool> DockerRuntime::found(DockerCall call) {
  auto answer = co_await api_.call(std::move(call));
  // 304: it is so already; 409: it is being removed already.
  if (answer.is_success() || answer.status == 304 || answer.status == 409) co_return true;
  if (answer.status == 404) co_return false;
  co_await fail(errors::unavailable, "the container engine failed: {}", answer.message());
  std::unreachable();
}

Task<> DockerRuntime::check() { co_await succeed({.path = "/info"}, errors::unavailable); }

std::string DockerRuntime::network_of(const std::string& project) const {
  return fmt::format("temps-{}-{}", options_.installation, project);
}

ContainerOwner DockerRuntime::owner_of(const InstanceSpec& spec) const {
  return {.installation = options_.installation, .network = network_of(spec.project)};
}

std::string DockerRuntime::container_name(const std::string& instance) const {
  return fmt::format("temps-{}-{}", options_.installation, instance);
}

Task<> DockerRuntime::ensure_network(std::string project) {
  const auto name = network_of(project);
  if (co_await found({.path = "/networks/" + name})) co_return;
  const NewNetwork wanted{
      .Name = name,
      .Labels = {{label::installation, options_.installation}, {label::project, project}}};
  auto made = co_await api_.call(
      {.method = "POST", .path = "/networks/create", .body = json::encode(wanted)});
  if (made.is_success() || made.status == 409) co_return;
  co_await fail(errors::start_failed, "the container engine made no network for {}: {}", project,
                made.message());
}

Task<> DockerRuntime::remove_unused_network(std::string project) {
  auto held = co_await networks_.lock();
  // A stopped container needs the very network that it was made for.
  auto users = co_await succeed({.path = "/containers/json?all=1&filters=" +
                                         by_labels({{label::installation, options_.installation},
                                                    {label::project, project}})},
                                errors::unavailable);
  if (users.value().size() > 0) co_return;
  co_await api_.call({.method = "DELETE", .path = "/networks/" + network_of(project)});
}

Task<std::optional<ContainerState>> DockerRuntime::find_container(std::string id) {
  auto answer = co_await api_.call({.path = "/containers/" + id + "/json"});
  if (answer.status == 404) co_return std::nullopt;
  const auto value = answer.value();
  const auto project = text_of(value["Config"]["Labels"][label::project]);
  auto container = parse_container(value, network_of(project));
  if (!answer.is_success()) {
    co_await fail(errors::unavailable, "the container engine failed: {}", answer.message());
  }
  if (container.installation != options_.installation) co_return std::nullopt;
  co_return container;
}

Task<> DockerRuntime::free_name(std::string name) {
  auto other = co_await find_container(name);
  if (other) co_await stop_and_remove(other->id, replacement_grace);
}

Task<std::string> DockerRuntime::create_container(const InstanceSpec& spec) {
  auto created = co_await api_.call({.method = "POST",
                                     .path = "/containers/create?name=" + container_name(spec.name),
                                     .body = instance_container(spec, owner_of(spec))});
  if (created.status == 404) {
    co_await fail(errors::no_such_artifact, "the release's image is gone ({}); deploy again",
                  created.message());
  }
  if (!created.is_success()) {
    co_await fail(errors::start_failed, "the container engine made no container: {}",
                  created.message());
  }
  co_return text_of(created.value()["Id"]);
}

Task<Instance> DockerRuntime::start(InstanceSpec spec) {
  co_await free_name(container_name(spec.name));
  auto id = co_await attempt(start_in_network(spec));
  if (!id) {
    co_await attempt(shielded(remove_unused_network(spec.project)));
    co_await fail(id.error());
  }
  auto seen = co_await find_container(*id);
  co_return Instance{
      .id = *id, .address = seen ? seen->state.address : std::string{}, .port = spec.port};
}

Task<std::string> DockerRuntime::start_in_network(const InstanceSpec& spec) {
  auto held = co_await networks_.lock();
  co_await ensure_network(spec.project);
  auto id = co_await create_container(spec);
  auto started = co_await attempt(
      succeed({.method = "POST", .path = "/containers/" + id + "/start", .limit = 60s},
              errors::start_failed));
  if (started) co_return id;
  co_await attempt(
      shielded(found({.method = "DELETE", .path = "/containers/" + id + "?v=1&force=1"})));
  co_await fail(started.error());
  std::unreachable();
}

Task<> DockerRuntime::update_policy(std::string id, RestartPolicy policy) {
  const PolicyUpdate update{{policy == RestartPolicy::never ? "no" : "unless-stopped"}};
  auto answer = co_await api_.call(
      {.method = "POST", .path = "/containers/" + id + "/update", .body = json::encode(update)});
  if (answer.is_success()) co_return;
  co_await fail(answer.status == 404 ? errors::no_such_instance : errors::unavailable,
                "the container engine did not change the restart policy: {}", answer.message());
}

Task<> DockerRuntime::set_restart_policy(std::string id, RestartPolicy policy) {
  co_await update_policy(id, policy);
}

// The engine itself would try for ever.
Task<> DockerRuntime::give_up_if_hopeless(const ContainerState& container) {
  if (container.state.status != Status::running || container.restart_policy != "unless-stopped") {
    restarts_.erase(container.id);
    co_return;
  }
  if (!restarts_[container.id].is_too_much(clock_.now(), container.state.restarts)) co_return;
  log::warning("an app is not started again after 10 times in 10 minutes",
               {{"container", container.id}});
  restarts_.erase(container.id);
  co_await update_policy(container.id, RestartPolicy::never);
  co_await stop(container.id, 0s);
}

Task<State> DockerRuntime::inspect(std::string id) {
  auto container = co_await find_container(id);
  if (!container) co_return State{};
  co_await give_up_if_hopeless(*container);
  auto& state = container->state;
  // The engine may run elsewhere and this be another process.
  if (container->pid <= 1 || !is_in_container(container->pid, container->id)) co_return state;
  const auto sockets = listening_around(container->pid);
  state.listening = ports_of(sockets);
  state.listens_on_loopback_only =
      !sockets.empty() &&
      std::ranges::all_of(sockets, [](const auto& socket) { return socket.is_loopback; });
  co_return state;
}

Task<> DockerRuntime::stop(std::string id, std::chrono::seconds grace) {
  co_await found({.method = "POST",
                  .path = fmt::format("/containers/{}/stop?t={}", id, grace.count()),
                  .limit = grace + stop_margin});
}

Task<> DockerRuntime::stop_and_remove(std::string id, std::chrono::seconds grace) {
  auto container = co_await api_.call({.path = "/containers/" + id + "/json"});
  if (container.status == 404) co_return;
  co_await stop(id, grace);
  co_await found({.method = "DELETE", .path = "/containers/" + id + "?v=1&force=1", .limit = 60s});
  restarts_.erase(id);
  const auto project = text_of(container.value()["Config"]["Labels"][label::project]);
  if (!project.empty()) co_await remove_unused_network(project);
}

Task<> DockerRuntime::start_again(std::string id) {
  auto container = co_await api_.call({.path = "/containers/" + id + "/json"});
  if (container.status == 404) {
    co_await fail(errors::no_such_instance, "there is no container {}", id);
  }
  auto held = co_await networks_.lock();
  co_await ensure_network(text_of(container.value()["Config"]["Labels"][label::project]));
  co_await succeed({.method = "POST", .path = "/containers/" + id + "/start", .limit = 60s},
                   errors::start_failed);
}

Task<std::vector<Listed>> DockerRuntime::list() {
  auto answer =
      co_await succeed({.path = "/containers/json?all=1&filters=" +
                                by_labels({{label::installation, options_.installation}})},
                       errors::unavailable);
  std::vector<Listed> listed;
  const auto containers = answer.value();
  for (const auto& container : containers.items()) {
    const auto labels = container["Labels"];
    auto name = text_of(labels[label::instance]);
    if (name.empty()) continue;  // made to copy files out of its image
    listed.push_back(
        {.id = text_of(container["Id"]),
         .name = std::move(name),
         .project = text_of(labels[label::project]),
         .deployment = parse_number<std::int64_t>(text_of(labels[label::deployment])).value_or(0),
         .status = parse_status(text_of(container["State"]))});
  }
  co_return listed;
}

Task<std::optional<Usage>> DockerRuntime::usage(std::string id) {
  auto answer =
      co_await api_.call({.path = "/containers/" + id + "/stats?stream=false&one-shot=true"});
  if (answer.status == 404) co_return std::nullopt;
  if (!answer.is_success()) {
    co_await fail(errors::unavailable, "the container engine failed: {}", answer.message());
  }
  auto seen = parse_usage(answer.value());
  if (seen) seen->id = std::move(id);
  co_return seen;
}

}  // namespace temps::runtime
