#include "deploys/instances.hpp"

#include "core/log.hpp"
#include "core/text.hpp"
#include "deploys/provided.hpp"
#include "logs/logs.hpp"

namespace temps::deploys {

namespace {

using namespace std::chrono_literals;

// Processes and threads of one app: one that forks without end must not take the machine's.
constexpr std::uint64_t app_pids_max = 4096;

// Where the proxy reaches the deployment, now that the runtime reports `reported`. An app that was
// found on another port than the one it was told (health.cpp) keeps that port; else the runtime's
// word counts.
std::string current_address(const Deployment& deployment, const std::string& reported) {
  if (reported.empty()) return deployment.address;
  const auto colon = deployment.address.rfind(':');
  if (colon == std::string::npos) return reported;
  const auto port = deployment.address.substr(colon + 1);
  if (port == std::to_string(deployment.port)) return reported;
  return reported.substr(0, reported.rfind(':') + 1) + port;
}

std::int32_t port_of(const std::string& address) {
  return parse_number<std::int32_t>(std::string_view(address).substr(address.rfind(':') + 1))
      .value_or(0);
}

}  // namespace

std::string instance_name(const projects::Project& project,
                          const projects::Environment& environment, std::int64_t number) {
  return fmt::format("{}-{}-{}-1", project.name, environment.name, number);
}

Task<runtime::InstanceSpec> Instances::spec(const Deployment& deployment) {
  auto environment = co_await projects_.environment(deployment.environment);
  auto project = co_await projects_.get(environment.project);
  const Release& release = *deployment.release;
  runtime::InstanceSpec spec{
      .name = instance_name(project, environment, deployment.number),
      .project = project.name,
      .project_id = project.id.value,
      .deployment = deployment.id.value,
      .artifact = release.artifact,
      .start_command = release.start_command,
      .environment = release.variables,
      .port = release.port,
      .limits = {.memory_bytes = static_cast<std::uint64_t>(environment.settings.memory_mb) << 20U,
                 .cpus = environment.settings.cpus,
                 .pids = app_pids_max}};
  // The users' own words count more than what was detected, and ours more than theirs.
  for (const auto& own : co_await variables_.at(environment.id, deployment.variables)) {
    spec.environment[own.name] = own.value.reveal();
  }
  for (auto& [name, value] : provided_variables(
           deployment, {project, environment, publisher_.url(project, environment)})) {
    spec.environment[name] = std::move(value);
  }
  co_return spec;
}

Task<runtime::Instance> Instances::start(Deployment deployment) {
  auto wanted = co_await spec(deployment);
  auto instance = co_await runtime_.start(std::move(wanted));
  co_await store_.set_instance(deployment.id, instance.id, instance.address, instance.port);
  collect(deployment, instance.id, Output::from_its_start);
  co_return instance;
}

Task<> Instances::stop(Deployment deployment, std::chrono::seconds grace) {
  const auto current = co_await store_.get(deployment.id);
  if (current.instance.empty()) co_return;
  co_await runtime_.stop_and_remove(current.instance, grace);
  co_await store_.set_instance(deployment.id, {}, {}, 0);
}

// Saves the instance's address when it has changed; yields whether it has.
Task<bool> Instances::follow_move(const Deployment& deployment, std::string reported) {
  const auto address = current_address(deployment, reported);
  if (address == deployment.address) co_return false;
  const bool own_port = address == reported;
  co_await store_.set_instance(deployment.id, deployment.instance, address,
                               own_port ? port_of(address) : deployment.port);
  co_return true;
}

// An engine that restarted may have given its containers new addresses.
Task<> Instances::follow_moves() {
  bool moved = false;
  for (const auto& live : co_await store_.all_served()) {
    auto deployment = co_await store_.get(live.deployment);
    if (deployment.instance.empty()) continue;
    auto state = co_await runtime_.inspect(deployment.instance);
    if (state.status == runtime::Status::running) {
      collect(deployment, deployment.instance, Output::where_it_ended);
    }
    if (co_await follow_move(deployment, state.address)) moved = true;
  }
  if (moved) co_await publisher_.publish();
}

Task<> Instances::stop_all(std::chrono::seconds grace) {
  std::vector<Task<>> stops;
  for (const auto& deployment : co_await store_.with_instance()) {
    stops.push_back(
        [](runtime::Runtime& runtime, std::string id, std::chrono::seconds limit) -> Task<> {
          co_await attempt(runtime.stop(id, limit));
        }(runtime_, deployment.instance, grace));
  }
  co_await all(std::move(stops));
}

void Instances::collect(const Deployment& deployment, const std::string& instance, Output output) {
  if (collected_[instance]) return;
  collected_[instance] = true;
  collectors_.start("collect output of " + instance, collect_output(deployment, instance, output));
}

Task<> Instances::collect_output(Deployment deployment, std::string instance, Output output) {
  const auto channel = app_channel(deployment.environment);
  auto& logs = journal_.logs();
  // What came before the restart of this process is stored already. Other releases write to the
  // channel, too: only what this one has written counts.
  Instant since{};
  if (output == Output::where_it_ended) {
    auto last = logs.read(channel, {.last = 1, .source = deployment.number});
    if (last && !last->empty()) since = last->back().time + 1us;
  }
  auto result = co_await attempt(runtime_.follow(
      instance, since, [&logs, &channel, source = deployment.number](runtime::LogLine line) {
        const logs::Line stored{
            .time = line.time,
            .stream = line.is_error_stream ? logs::Stream::err : logs::Stream::out,
            .text = std::move(line.text),
            .source = source};
        (void)logs.append(channel, std::span(&stored, 1));
      }));
  collected_.erase(instance);
  co_await std::move(result);
}

}  // namespace temps::deploys
