// For tests: a runtime whose artifacts and instances exist in memory only. Tests decide what
// builds and instances do by its hooks.
#pragma once
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/concurrency.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {

class FakeRuntime final : public Runtime {
 public:
  struct Running {
    InstanceSpec spec;
    State state{};
    RestartPolicy policy = RestartPolicy::never;
  };

  explicit FakeRuntime(std::string name = "docker") : name_(std::move(name)) {}

  // What tests look at and change.
  std::vector<BuildSpec> builds;                       // in order of their start
  std::map<std::string, std::string> artifacts;        // reference -> project
  std::map<std::string, Running> instances;            // by id, which is the instance's name
  std::vector<std::string> events;                     // "start shop-production-1-1", "stop …", …
  std::map<std::string, std::vector<LogLine>> output;  // by id
  std::vector<std::uint16_t> exposed_ports;
  std::map<std::string, std::string> files_built{{"index.html", "built"}};  // found by copy_out
  std::vector<PullSpec> pulls;  // in order of their start
  std::string pull_refusal;     // of the registry
  // Runs in build(), before its result is there.
  std::function<Task<>(const BuildSpec&, const LineSink&)> on_build;
  std::function<Task<>()> on_stop;
  bool away = false;  // the engine does not answer
  std::filesystem::path storage_folder;
  // Yields the port where the started instance answers.
  std::function<Task<std::uint16_t>(const InstanceSpec&)> on_start;

  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] std::string_view caveat() const override { return {}; }
  Task<> check() override { co_await need(); }

  Task<Artifact> build(BuildSpec spec, LineSink out) override {
    co_await need();
    builds.push_back(spec);
    if (on_build) co_await on_build(spec, out);
    const Artifact artifact{.reference = "artifact-" + std::to_string(spec.deployment),
                            .exposed_ports = exposed_ports};
    artifacts[artifact.reference] = spec.project;
    co_return artifact;
  }
  Task<Artifact> pull(PullSpec spec, LineSink out) override {
    co_await need();
    pulls.push_back(spec);
    if (!pull_refusal.empty()) co_await fail(errors::pull_failed, "{}", pull_refusal);
    out("a1: Pull complete");
    const Artifact artifact{.reference = "kept-" + std::to_string(spec.deployment),
                            .exposed_ports = exposed_ports,
                            .digest = "shop@sha256:" + std::to_string(pulls.size())};
    artifacts[artifact.reference] = spec.project;
    co_return artifact;
  }
  Task<> copy_out(std::string artifact, std::string from, std::filesystem::path to) override {
    events.push_back("copy " + artifact + ":" + from);
    if (!artifacts.contains(artifact)) co_await fail(errors::no_such_artifact);
    if (files_built.empty()) co_await fail(errors::nothing_built, "there is no {}", from);
    std::filesystem::create_directories(to);
    for (const auto& [path, text] : files_built) std::ofstream(to / path) << text;
  }
  Task<bool> has_artifact(std::string artifact) override { co_return artifacts.contains(artifact); }
  Task<> remove_artifact(std::string artifact) override {
    co_await need();
    events.push_back("remove " + artifact);
    artifacts.erase(artifact);
    co_return;
  }

  Task<std::filesystem::path> storage() override {
    co_await need();
    co_return storage_folder;
  }
  Task<> drop_build_cache() override {
    co_await need();
    events.emplace_back("drop build cache");
  }

  Task<Instance> start(InstanceSpec spec) override {
    co_await need();
    events.push_back("start " + spec.name);
    if (!artifacts.contains(spec.artifact)) {
      co_await fail(errors::no_such_artifact, "there is no {}", spec.artifact);
    }
    instances.erase(spec.name);
    auto& running = instances[spec.name] = {.spec = spec, .state = {.status = Status::running}};
    const std::uint16_t port = on_start ? co_await on_start(spec) : spec.port;
    running.state.address = "127.0.0.1:" + std::to_string(port);
    running.state.listening = {port};
    co_return Instance{.id = spec.name, .address = running.state.address, .port = port};
  }
  Task<> set_restart_policy(std::string id, RestartPolicy policy) override {
    co_await need();
    if (!instances.contains(id)) co_await fail(errors::no_such_instance);
    instances[id].policy = policy;
  }
  Task<State> inspect(std::string id) override {
    co_await need();
    const auto found = instances.find(id);
    co_return found == instances.end() ? State{} : found->second.state;
  }
  Task<> stop_and_remove(std::string id, std::chrono::seconds) override {
    co_await need();
    if (on_stop) co_await on_stop();
    events.push_back("stop " + id);
    instances.erase(id);
    changed_.notify();
  }
  Task<> stop(std::string id, std::chrono::seconds) override {
    co_await need();
    events.push_back("pause " + id);
    if (instances.contains(id)) instances[id].state.status = Status::exited;
    co_return;
  }
  Task<> start_again(std::string id) override {
    co_await need();
    events.push_back("start again " + id);
    if (!instances.contains(id)) co_await fail(errors::no_such_instance);
    instances[id].state.status = Status::running;
  }
  Task<std::optional<Usage>> usage(std::string id) override {
    co_await need();
    if (!instances.contains(id)) co_return std::nullopt;
    co_return Usage{.id = std::move(id), .cpu = std::chrono::seconds(2), .memory_bytes = 1 << 20};
  }
  Task<std::vector<Listed>> list() override {
    co_await need();
    std::vector<Listed> listed;
    for (const auto& [id, running] : instances) {
      listed.push_back({.id = id,
                        .name = running.spec.name,
                        .project = running.spec.project,
                        .deployment = running.spec.deployment,
                        .status = running.state.status});
    }
    co_return listed;
  }
  Task<> follow(std::string id, Instant since, std::function<void(LogLine)> sink) override {
    for (std::size_t seen = 0;;) {
      while (seen < output[id].size()) {
        const auto line = output[id][seen++];
        if (line.time >= since) sink(line);
      }
      if (!instances.contains(id)) co_return;
      co_await changed_.next();
    }
  }

  Task<std::unique_ptr<RunningCommand>> execute(std::string, Command) override {
    co_await fail(errors::command_failed, "nothing runs here in earnest");
    std::unreachable();
  }
  Task<std::unique_ptr<RunningCommand>> run_once(InstanceSpec, Command) override {
    co_await fail(errors::command_failed, "nothing runs here in earnest");
    std::unreachable();
  }
  Task<> end_forgotten_commands() override { co_return; }

  // A line of the app while it runs.
  void say(const std::string& id, LogLine line) {
    output[id].push_back(std::move(line));
    changed_.notify();
  }

  // What a crash of the app looks like.
  void crash(const std::string& id, int exit_code) {
    instances[id].state = {.status = Status::exited, .exit_code = exit_code};
  }

 private:
  Task<> need() const {
    if (away) co_await fail(errors::unavailable, "the engine does not answer; start it");
  }

  std::string name_;
  Signal changed_;
};

}  // namespace temps::runtime
