#include <fmt/core.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/concurrency.hpp"
#include "files/files.hpp"
#include "process/process.hpp"
#include "runtime/control_group.hpp"
#include "runtime/listening.hpp"
#include "runtime/output_log.hpp"
#include "runtime/ports.hpp"
#include "runtime/process_release.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A start beside a running instance of the same name replaces it; whoever wants more time stops it
// before.
constexpr auto replacement_grace = 10s;
// How long a shim may need beyond its app's grace before it is killed.
constexpr auto shim_grace = 5s;
constexpr auto follow_interval = 150ms;

std::string address_of(std::uint16_t port) { return fmt::format("127.0.0.1:{}", port); }

bool is_running(const ShimState& state) {
  return state.phase != Phase::exited && is_alive(state.shim);
}

std::vector<int> members_of_app(const ShimSpec& spec, const ShimState& state) {
  const auto session = members_of_session(state.app);
  const auto grouped = members_of(spec.control_group);
  std::set<int> members(session.begin(), session.end());
  members.insert(grouped.begin(), grouped.end());
  return {members.begin(), members.end()};
}

Task<> wait_until_gone(ProcessMark mark) {
  while (is_alive(mark)) co_await sleep(20ms);
}

Error start_failure(const std::string& name, const process::Captured& shim) {
  return {errors::start_failed,
          fmt::format("the process that watches over {} could not start: {}", name,
                      shim.err.empty() ? shim.exit.text() : shim.err),
          {},
          {}};
}

}  // namespace

Result<InstanceFolder> ProcessRuntime::folder_of(const std::string& id) const {
  if (!is_safe_name(id)) {
    return fail(errors::no_such_instance, "\"{}\" is not the name of an instance", id);
  }
  return InstanceFolder(options_.data_folder / "instances" / id);
}

std::vector<InstanceFolder> ProcessRuntime::folders() const {
  std::vector<InstanceFolder> found;
  std::error_code error;
  const auto instances = options_.data_folder / "instances";
  for (fs::directory_iterator entry(instances, error), end; !error && entry != end;
       entry.increment(error)) {
    InstanceFolder folder(entry->path());
    if (folder.exists()) found.push_back(std::move(folder));
  }
  return found;
}

std::set<std::uint16_t> ProcessRuntime::ports_taken() const {
  std::set<std::uint16_t> taken;
  for (const auto& folder : folders()) {
    if (const auto spec = folder.spec()) taken.insert(spec->port);
  }
  return taken;
}

Result<ShimSpec> ProcessRuntime::shim_spec(const InstanceSpec& spec) const {
  const fs::path root = spec.artifact;
  const auto user = user_of(spec.project_id);
  ShimSpec shim{.name = spec.name,
                .project = spec.project,
                .deployment = spec.deployment,
                .command = spec.start_command,
                .folder = (root / "app").native(),
                .environment = spec.environment,
                .user = user,
                .control_group = {},
                .limits = spec.limits};
  const auto ours = process::base_environment();
  for (const auto* name : {"PATH", "LANG"}) {
    if (ours.contains(name)) shim.environment.emplace(name, ours.at(name));
  }
  shim.environment.emplace("HOME", (root / "home").native());
  auto port = choose_port(ports_taken());
  if (!port) return std::unexpected(port.error());
  shim.port = *port;
  return shim;
}

Task<Instance> ProcessRuntime::start(InstanceSpec spec) {
  auto folder = co_await folder_of(spec.name);
  co_await make_reachable();
  if (!co_await has_artifact(spec.artifact)) {
    co_await fail(errors::no_such_artifact, "the release folder {} is gone; deploy again",
                  spec.artifact);
  }
  if (spec.start_command.empty()) {
    co_await fail(errors::start_failed,
                  "nothing says how to start {}; add a start command, or a \"start\" script",
                  spec.project);
  }
  co_await stop_and_remove(spec.name, replacement_grace);
  co_await files::make_folder(folder.path(), 0700);
  // From choosing the port to storing it nothing else runs on this loop.
  auto shim = co_await shim_spec(spec);
  co_await folder.store(shim);
  co_await give_release_to(spec.artifact, shim.user);
  auto started = co_await attempt(start_shim(folder, shim));
  if (!started) {
    co_await attempt(shielded(stop_and_remove(spec.name, 0s)));
    co_await fail(started.error());
  }
  co_return Instance{.id = spec.name, .address = address_of(shim.port), .port = shim.port};
}

// Only where the build was not told whose it is.
Task<> ProcessRuntime::give_release_to(fs::path root, std::uint32_t user) {
  struct stat status{};
  if (user == 0 || ::stat((root / "app").c_str(), &status) != 0 || status.st_uid == user) co_return;
  auto given = co_await loop_.offload([root, user]() -> Result<> {
    if (::chown(root.c_str(), 0, user) != 0) {
      return fail(errno_error("cannot give away " + root.native(), errno));
    }
    if (auto app = files::give_to(root / "app", user, user); !app) return app;
    return files::give_to(root / "home", user, user);
  });
  co_await std::move(given);
}

Task<> ProcessRuntime::start_shim(InstanceFolder folder, ShimSpec shim) {
  // Made anew each time: control groups do not outlive the machine's run.
  if (shim.user != 0) shim.control_group = make_group(group_name("app", shim.name), shim.limits);
  co_await folder.store(shim);
  process::Spec spec{
      .command = {options_.shim_program, "shim", folder.path().native()},
      .environment = process::base_environment(),
  };
  auto ended = co_await within(20s, process::capture(loop_, std::move(spec)));
  if (!ended.exit.is_success()) {
    co_await fail(start_failure(folder.path().filename().native(), ended));
  }
}

Task<> ProcessRuntime::set_restart_policy(std::string id, RestartPolicy policy) {
  auto folder = co_await folder_of(id);
  if (!folder.exists()) co_await fail(errors::no_such_instance, "there is no instance {}", id);
  co_await folder.store(policy);
  const auto state = folder.state();
  if (state && is_alive(state->shim)) ::kill(state->shim.pid, SIGHUP);
}

Task<State> ProcessRuntime::inspect(std::string id) {
  auto folder = co_await folder_of(id);
  const auto spec = folder.spec();
  if (!spec) co_return State{};
  State seen{.status = Status::exited, .address = address_of(spec->port)};
  const auto state = folder.state();
  if (!state) co_return seen;
  seen.exit_code = state->exit_code;
  seen.out_of_memory = state->out_of_memory;
  seen.restarts = state->restarts;
  if (!is_running(*state)) {
    // Its shim was killed before it could say how the app ended.
    if (state->phase != Phase::exited) seen.exit_code = 128 + SIGKILL;
    co_return seen;
  }
  seen.status = Status::running;
  seen.listening = ports_of(listening_of(members_of_app(*spec, *state)));
  co_return seen;
}

Task<std::optional<Usage>> ProcessRuntime::usage(std::string id) {
  auto folder = co_await folder_of(id);
  const auto spec = folder.spec();
  const auto state = folder.state();
  if (!spec || !state || !is_running(*state)) co_return std::nullopt;
  Usage usage{.id = std::move(id), .memory_bytes_max = spec->limits.memory_bytes};
  std::uint64_t ticks = 0;
  for (const auto pid : members_of_app(*spec, *state)) {
    const auto process = find_process(pid);
    if (!process) continue;
    ticks += process->cpu_ticks;
    usage.memory_bytes += process->memory_pages * static_cast<std::uint64_t>(::getpagesize());
  }
  const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  usage.cpu = std::chrono::microseconds(ticks * 1'000'000 / ticks_per_second);
  co_return usage;
}

Task<> ProcessRuntime::stop(std::string id, std::chrono::seconds grace) {
  auto folder = co_await folder_of(id);
  const auto spec = folder.spec();
  const auto state = folder.state();
  if (!spec || !state) co_return;
  if (is_alive(state->shim)) {
    co_await folder.store(grace);
    ::kill(state->shim.pid, SIGTERM);
    auto gone = co_await attempt(within(grace + shim_grace, wait_until_gone(state->shim)));
    if (!gone && !gone.error().is(temps::errors::timed_out)) co_await fail(gone.error());
    if (!gone) ::kill(state->shim.pid, SIGKILL);
  }
  co_await kill_leftovers(state->app, spec->control_group);
  remove_group(spec->control_group);
}

Task<> ProcessRuntime::stop_and_remove(std::string id, std::chrono::seconds grace) {
  auto folder = co_await folder_of(id);
  co_await stop(id, grace);
  if (const auto spec = folder.spec()) remove_group(spec->control_group);
  co_await files::remove_all(folder.path());
}

Task<> ProcessRuntime::start_again(std::string id) {
  auto folder = co_await folder_of(id);
  if (!folder.exists()) co_await fail(errors::no_such_instance, "there is no instance {}", id);
  auto spec = co_await folder.spec();
  const auto state = folder.state();
  if (state && is_running(*state) && state->phase != Phase::stopping) co_return;
  // An app that is about to end, or what a killed shim left.
  co_await stop(id, folder.grace());
  std::error_code error;
  if (!fs::is_directory(spec.folder, error)) {
    co_await fail(errors::no_such_artifact, "the release folder {} is gone; deploy again",
                  spec.folder);
  }
  if (!is_port_free(spec.port)) spec.port = co_await choose_port(ports_taken());
  co_await start_shim(folder, spec);
}

Task<std::vector<Listed>> ProcessRuntime::list() {
  std::vector<Listed> listed;
  for (const auto& folder : folders()) {
    const auto spec = folder.spec();
    if (!spec) continue;
    const auto state = folder.state();
    listed.push_back({.id = spec->name,
                      .name = spec->name,
                      .project = spec->project,
                      .deployment = spec->deployment,
                      .status = state && is_running(*state) ? Status::running : Status::exited});
  }
  co_return listed;
}

Task<> ProcessRuntime::follow(std::string id, Instant since, std::function<void(LogLine)> sink) {
  auto folder = co_await folder_of(id);
  OutputReader reader(folder.path());
  while (true) {
    const bool is_there = folder.exists();
    for (auto lines = reader.read(); !lines.empty(); lines = reader.read()) {
      for (auto& line : lines) {
        if (line.time >= since) sink(std::move(line));
      }
      co_await yield();
    }
    if (!is_there) co_return;
    co_await sleep(follow_interval);
  }
}

}  // namespace temps::runtime
