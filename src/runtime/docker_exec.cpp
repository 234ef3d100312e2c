// Commands of the docker runtime: in a container that runs, or in one of their own.
#include <fmt/core.h>
#include <signal.h>

#include <deque>
#include <fstream>
#include <utility>

#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "runtime/command_end.hpp"
#include "runtime/docker_container.hpp"
#include "runtime/docker_frames.hpp"
#include "runtime/docker_runtime.hpp"
#include "runtime/process_table.hpp"

namespace temps::runtime {
namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 50ms;
constexpr auto look_interval_max = 1s;
constexpr auto one_off_grace = 2s;
constexpr int gone_code = 128 + SIGKILL;  // of a command whose container is gone

// The JSON of the engine; the names are its own.
struct NewExec {
  bool AttachStdin = true;
  bool AttachStdout = true;
  bool AttachStderr = true;
  bool Tty = false;
  std::vector<std::string> Cmd;
  std::vector<std::string> Env{};
};
struct ExecStart {
  bool Detach = false;
  bool Tty = false;
};

http::ClientRequest upgrade(std::string path, std::string body) {
  http::ClientRequest request{.method = "POST", .target = std::move(path)};
  request.headers.add("Connection", "Upgrade");
  request.headers.add("Upgrade", "tcp");
  request.headers.add("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

// The bytes both ways between us and a command.
struct Attachment {
  std::unique_ptr<http::ClientExchange> exchange;
  bool is_terminal;
};
class AttachedStream {
 public:
  explicit AttachedStream(Attachment attachment)
      : exchange_(std::move(attachment.exchange)), is_terminal_(attachment.is_terminal) {}
  AttachedStream(const AttachedStream&) = delete;
  AttachedStream& operator=(const AttachedStream&) = delete;

  Task<RunningCommand::Output> read() {
    while (waiting_.empty()) {
      auto piece = co_await attempt(exchange_->read());
      if (!piece) co_await check_cancelled();
      // How it ended is asked of the engine.
      if (!piece || piece->empty()) co_return RunningCommand::Output{};
      if (is_terminal_) co_return RunningCommand::Output{.bytes = std::move(*piece)};
      co_await frames_.feed(*piece);
    }
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    co_return next;
  }
  Task<> write(std::string_view bytes) { co_await exchange_->write(bytes); }
  void end_input() {
    if (!is_terminal_) exchange_->shutdown_write();
  }
  void close() { exchange_.reset(); }

 private:
  std::unique_ptr<http::ClientExchange> exchange_;
  bool is_terminal_;
  std::deque<RunningCommand::Output> waiting_;
  FrameReader frames_{[this](bool is_error_stream, std::string_view payload) {
    if (!payload.empty()) waiting_.push_back({is_error_stream, std::string(payload)});
  }};
};

// What all commands of the engine have in common.
class AttachedCommand : public RunningCommand {
 public:
  Task<Output> read() override { co_return co_await stream_.read(); }
  Task<> write(std::string_view bytes) override { co_await stream_.write(bytes); }
  Task<> end_input() override {
    stream_.end_input();
    co_return;
  }

 protected:
  explicit AttachedCommand(Attachment attachment) : stream_(std::move(attachment)) {}

  AttachedStream stream_;
};

std::string size_query(TerminalSize size) {
  return fmt::format("/resize?h={}&w={}", size.rows, size.columns);
}

// The number of a process of a container as the container counts; nothing when it cannot be told.
std::optional<int> number_inside(int pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("NSpid:")) continue;
    const auto tab = line.rfind('\t');
    return parse_number<int>(std::string_view(line).substr(tab + 1));
  }
  return std::nullopt;
}

}  // namespace

class DockerRuntime::ExecutedCommand final : public AttachedCommand {
 public:
  struct Ids {
    std::string exec;
    std::string container;
  };
  ExecutedCommand(DockerApi& api, Ids ids, Attachment attachment)
      : AttachedCommand(std::move(attachment)), api_(api), ids_(std::move(ids)) {}

  Task<> resize(TerminalSize size) override {
    co_await api_.call({.method = "POST", .path = "/exec/" + ids_.exec + size_query(size)});
  }
  Task<int> exit_code() override {
    auto interval = std::chrono::milliseconds(look_interval);
    for (;;) {
      const auto answer = co_await look();
      if (!answer.is_success()) co_return gone_code;
      const auto value = answer.value();
      if (const auto code = value["ExitCode"].as_integer(); code && !is_running(value)) {
        co_return static_cast<int>(*code);
      }
      co_await sleep(interval);
      interval = std::min<std::chrono::milliseconds>(interval * 2, look_interval_max);
    }
  }
  // The engine has no call for it.
  Task<> end() override {
    stream_.close();
    const auto answer = co_await look();
    const auto value = answer.value();
    if (!answer.is_success() || !is_running(value)) co_return;
    const auto pid = static_cast<int>(value["Pid"].as_integer().value_or(0));
    // The engine may run elsewhere and this be another process.
    if (pid <= 1 || !is_in_container(pid, ids_.container)) co_return;
    if (::kill(pid, 0) == 0) co_return co_await end_session(mark_of(pid), {});
    if (const auto inside = number_inside(pid)) co_await kill_inside(*inside);
  }

 private:
  static bool is_running(const json::Value& exec) {
    return exec["Running"].as_bool().value_or(false);
  }
  Task<DockerAnswer> look() { return api_.call({.path = "/exec/" + ids_.exec + "/json"}); }
  // As another user than root we have no right to signal it from here.
  Task<> kill_inside(int number) {
    const NewExec killer{
        .AttachStdin = false,
        .AttachStdout = false,
        .AttachStderr = false,
        .Cmd = {"/bin/sh", "-c", fmt::format("kill -KILL -{0} || kill -KILL {0}", number)}};
    const auto made = co_await api_.call({.method = "POST",
                                          .path = "/containers/" + ids_.container + "/exec",
                                          .body = json::encode(killer)});
    co_await api_.call({.method = "POST",
                        .path = "/exec/" + text_of(made.value()["Id"]) + "/start",
                        .body = json::encode(ExecStart{.Detach = true})});
  }

  DockerApi& api_;
  Ids ids_;
};

class DockerRuntime::OneOffCommand final : public AttachedCommand {
 public:
  struct Names {
    std::string container;
    std::string project;
  };
  OneOffCommand(DockerRuntime& runtime, Names names, Attachment attachment)
      : AttachedCommand(std::move(attachment)), runtime_(runtime), names_(std::move(names)) {}

  Task<> resize(TerminalSize size) override {
    co_await runtime_.api_.call(
        {.method = "POST", .path = "/containers/" + names_.container + size_query(size)});
  }
  Task<int> exit_code() override {
    auto interval = std::chrono::milliseconds(look_interval);
    for (;;) {
      const auto container = co_await runtime_.find_container(names_.container);
      if (!container) co_return gone_code;
      if (container->state.status != Status::running) co_return container->state.exit_code;
      co_await sleep(interval);
      interval = std::min<std::chrono::milliseconds>(interval * 2, look_interval_max);
    }
  }
  Task<> end() override {
    stream_.close();
    co_await runtime_.remove_one_off(names_.container, names_.project);
  }

 private:
  DockerRuntime& runtime_;
  Names names_;
};

Task<std::unique_ptr<RunningCommand>> DockerRuntime::execute(std::string id, Command command) {
  const auto container = co_await find_container(id);
  if (!container || container->state.status != Status::running) {
    co_await fail(errors::no_such_instance, "the instance's container does not run");
  }
  const bool is_terminal = command.terminal.has_value();
  NewExec exec{.Tty = is_terminal, .Cmd = command.words};
  for (const auto& [name, value] : command.environment) {
    exec.Env.push_back(fmt::format("{}={}", name, value));
  }
  const auto made = co_await api_.call(
      {.method = "POST", .path = "/containers/" + id + "/exec", .body = json::encode(exec)});
  if (!made.is_success()) {
    co_await fail(errors::command_failed, "the container engine refused: {}", made.message());
  }
  const auto exec_id = text_of(made.value()["Id"]);
  auto exchange = co_await api_.open(
      upgrade("/exec/" + exec_id + "/start", json::encode(ExecStart{.Tty = is_terminal})));
  if (exchange->status() != 101) {
    const DockerAnswer refusal{exchange->status(), co_await exchange->read()};
    co_await fail(errors::command_failed, "the container engine refused: {}", refusal.message());
  }
  auto running =
      std::make_unique<ExecutedCommand>(api_, ExecutedCommand::Ids{exec_id, container->id},
                                        Attachment{std::move(exchange), is_terminal});
  if (command.terminal) co_await attempt(running->resize(*command.terminal));
  co_return std::move(running);
}

Task<std::string> DockerRuntime::create_one_off(const InstanceSpec& spec, const Command& command) {
  auto owner = owner_of(spec);
  owner.process = process_;
  const auto name = container_name(fmt::format("{}-one-off-{}", spec.project, random_hex(6)));
  const auto created = co_await api_.call({.method = "POST",
                                           .path = "/containers/create?name=" + name,
                                           .body = one_off_container(spec, command, owner)});
  if (created.status == 404) {
    co_await fail(errors::no_such_artifact, "the release's image is gone ({}); deploy again",
                  created.message());
  }
  if (!created.is_success()) {
    co_await fail(errors::command_failed, "the container engine made no container: {}",
                  created.message());
  }
  co_return text_of(created.value()["Id"]);
}

Task<std::unique_ptr<RunningCommand>> DockerRuntime::run_once(InstanceSpec spec, Command command) {
  if (command.words.empty()) co_await fail(errors::command_failed, "there is no command");
  const bool is_terminal = command.terminal.has_value();
  std::string id;
  const auto begin = [&]() -> Task<std::unique_ptr<http::ClientExchange>> {
    // Until it has begun its network must not go away.
    auto held = co_await networks_.lock();
    co_await ensure_network(spec.project);
    id = co_await create_one_off(spec, command);
    // Attached to before it begins, so that nothing of its output is lost.
    auto exchange = co_await api_.open(
        upgrade("/containers/" + id + "/attach?stream=1&stdin=1&stdout=1&stderr=1", {}));
    if (exchange->status() != 101) {
      co_await fail(errors::command_failed, "the container engine lends no streams");
    }
    co_await succeed({.method = "POST", .path = "/containers/" + id + "/start", .limit = 60s},
                     errors::command_failed);
    co_return exchange;
  };
  auto exchange = co_await attempt(begin());
  if (!exchange) {
    co_await attempt(shielded(remove_one_off(id, spec.project)));
    co_await fail(exchange.error());
  }
  auto running = std::make_unique<OneOffCommand>(*this, OneOffCommand::Names{id, spec.project},
                                                 Attachment{std::move(*exchange), is_terminal});
  if (command.terminal) co_await attempt(running->resize(*command.terminal));
  co_return std::move(running);
}

Task<> DockerRuntime::remove_one_off(std::string id, std::string project) {
  if (!id.empty()) {
    co_await attempt(stop(id, one_off_grace));
    co_await found(
        {.method = "DELETE", .path = "/containers/" + id + "?v=1&force=1", .limit = 60s});
  }
  co_await remove_unused_network(std::move(project));
}

Task<> DockerRuntime::end_forgotten_commands() {
  const auto ours = percent_encoded(fmt::format(
      R"({{"label":["{}={}","{}"]}})", label::installation, options_.installation, label::one_off));
  const auto answer =
      co_await succeed({.path = "/containers/json?all=1&filters=" + ours}, errors::unavailable);
  const auto containers = answer.value();
  for (const auto& container : containers.items()) {
    const auto labels = container["Labels"];
    if (text_of(labels[label::one_off]) == process_) continue;
    log::info("removing the container of a command that a former process began",
              {{"container", text_of(container["Id"])}});
    co_await remove_one_off(text_of(container["Id"]), text_of(labels[label::project]));
  }
}

}  // namespace temps::runtime
