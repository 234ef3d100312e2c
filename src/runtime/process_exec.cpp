// Commands of the process runtime: children of ours in the surroundings of an app.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <utility>

#include "core/concurrency.hpp"
#include "core/random.hpp"
#include "files/files.hpp"
#include "files/owned_fd.hpp"
#include "json/json.hpp"
#include "net/errors.hpp"
#include "process/process.hpp"
#include "runtime/command_end.hpp"
#include "runtime/control_group.hpp"
#include "runtime/process_release.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;

// Of what a command that has ended left in its streams; a process that it left behind may write for
// ever.
constexpr std::size_t left_bytes_max = 256U << 10U;

struct TerminalPair {
  files::OwnedFd ours;
  files::OwnedFd theirs;
};

winsize kernel_size(TerminalSize size) {
  return {.ws_row = size.rows, .ws_col = size.columns, .ws_xpixel = 0, .ws_ypixel = 0};
}

Result<TerminalPair> open_terminal(TerminalSize size, std::uint32_t user) {
  const auto refuse = [] { return fail(errno_error("no terminal can be made", errno)); };
  TerminalPair pair{.ours = files::OwnedFd(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)),
                    .theirs = {}};
  const int fd = pair.ours.get();
  std::array<char, 64> name{};
  if (fd < 0 || ::grantpt(fd) != 0 || ::unlockpt(fd) != 0 ||
      ::ptsname_r(fd, name.data(), name.size()) != 0) {
    return refuse();
  }
  pair.theirs.reset(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!pair.theirs.is_open()) return refuse();
  // Programs open their terminal anew by its name, as who they are.
  if (user != 0 && ::fchown(pair.theirs.get(), user, static_cast<gid_t>(-1)) != 0) return refuse();
  const auto wanted = kernel_size(size);
  ::ioctl(fd, TIOCSWINSZ, &wanted);
  return pair;
}

// What has to be undone when it has ended.
struct Traces {
  ControlGroup group{};  // its own
  fs::path mark{};       // names it to a later process of ours
};

class ProcessCommand final : public RunningCommand {
 public:
  ProcessCommand(process::Child child, std::optional<net::Descriptor> terminal, Traces traces)
      : child_(std::move(child)),
        leader_(mark_of(child_.pid())),
        terminal_(std::move(terminal)),
        traces_(std::move(traces)) {
    if (terminal_) {
      open_[0] = &*terminal_;
    } else {
      open_ = {child_.out(), child_.err()};
    }
  }

  [[nodiscard]] const ProcessMark& leader() const { return leader_; }

  Task<Output> read() override {
    for (;;) {
      // Asked before the streams are: what it wrote is in them by then.
      const bool has_ended = child_.has_exited();
      for (const std::size_t i : {0U, 1U}) {
        auto bytes = take(i);
        if (!bytes.empty() && has_ended) left_ += bytes.size();
        if (!bytes.empty() && left_ <= left_bytes_max) co_return Output{i == 1, std::move(bytes)};
      }
      if (has_ended) co_return Output{};
      co_await something_happens();
    }
  }

  Task<> write(std::string_view bytes) override {
    auto* to = terminal_ ? &*terminal_ : child_.in();
    if (to == nullptr || !to->is_open()) co_await fail(net::errors::broken, "it reads no more");
    co_await to->write_all(bytes);
  }

  Task<> end_input() override {
    if (!terminal_) child_.in()->close();
    co_return;
  }

  Task<> resize(TerminalSize size) override {
    const auto wanted = kernel_size(size);
    if (terminal_ && terminal_->is_open()) ::ioctl(terminal_->fd(), TIOCSWINSZ, &wanted);
    co_return;
  }

  Task<int> exit_code() override {
    const auto ended = co_await child_.wait();
    co_return ended.code;
  }

  Task<> end() override {
    const bool has_ended = child_.has_exited();
    if (terminal_) terminal_->close();
    if (child_.in() != nullptr) child_.in()->close();
    // What a command within an instance left running on purpose is the instance's.
    if (!has_ended || is_one_off_) co_await end_session(leader_, traces_.group);
    co_await child_.wait();
    if (!is_one_off_) co_return;
    remove_group(traces_.group);
    std::error_code ignored;
    fs::remove(traces_.mark, ignored);
  }

  void be_one_off() { is_one_off_ = true; }

 private:
  // What is there, without waiting.
  std::string take(std::size_t i) {
    auto*& stream = open_.at(i);
    if (stream == nullptr || !stream->is_open()) return {};
    std::string bytes(16U << 10U, '\0');
    const auto got = ::read(stream->fd(), bytes.data(), bytes.size());
    // A terminal that nobody has open any more fails with EIO.
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) stream = nullptr;
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }

  Task<> something_happens() {
    const auto exited = [](process::Child& child) -> Task<> { co_await child.wait(); };
    auto [out, err] = open_;
    if (out == nullptr) std::swap(out, err);
    if (out == nullptr) co_return co_await exited(child_);
    if (err == nullptr) co_return co_await race(exited(child_), out->readable());
    co_await race(exited(child_), race(out->readable(), err->readable()));
  }

  process::Child child_;
  ProcessMark leader_;
  std::optional<net::Descriptor> terminal_;
  Traces traces_;
  bool is_one_off_ = false;
  std::array<net::Descriptor*, 2> open_{};  // output and errors
  std::size_t left_ = 0;
};

struct Place {
  const ShimSpec& app;
  Traces traces;
};

process::Spec spec_of(const ShimSpec& app, const Command& command) {
  process::Spec spec{.command = command.words,
                     .environment = app.environment,
                     .folder = app.folder,
                     .stdin_pipe = true,
                     .dies_with_parent = true,
                     .control_group = app.control_group,
                     .no_new_privileges = true};
  spec.environment["PORT"] = fmt::format("{}", app.port);
  for (const auto& [name, value] : command.environment) spec.environment[name] = value;
  if (app.user != 0) spec.user = process::User{.uid = app.user, .gid = app.user};
  // As the app's own folder has it, not ours.
  auto& program = spec.command.front();
  if (program.contains('/') && !program.starts_with('/')) program = app.folder + "/" + program;
  return spec;
}

Task<std::unique_ptr<ProcessCommand>> begin(net::Loop& loop, Place place, Command command) {
  if (command.words.empty()) co_await fail(errors::command_failed, "there is no command");
  auto spec = spec_of(place.app, command);
  std::optional<TerminalPair> terminal;
  if (command.terminal) {
    terminal = co_await open_terminal(*command.terminal, place.app.user);
    spec.terminal = terminal->theirs.get();
  }
  auto child = process::Child::start(loop, std::move(spec));
  if (!child) {
    co_await fail(Error(errors::command_failed, std::string(child.error().detail()), {},
                        std::string(child.error().cause())));
  }
  std::optional<net::Descriptor> ours;
  if (terminal) ours.emplace(loop, terminal->ours.release());
  co_return std::make_unique<ProcessCommand>(std::move(*child), std::move(ours),
                                             std::move(place.traces));
}

}  // namespace

Task<std::unique_ptr<RunningCommand>> ProcessRuntime::execute(std::string id, Command command) {
  const auto state = co_await inspect(id);
  if (state.status != Status::running) {
    co_await fail(errors::no_such_instance, "the instance {} does not run", id);
  }
  auto folder = co_await folder_of(id);
  const auto app = co_await folder.spec();
  co_return co_await begin(loop_, {.app = app, .traces = {}}, std::move(command));
}

Task<std::unique_ptr<RunningCommand>> ProcessRuntime::run_once(InstanceSpec spec, Command command) {
  co_await make_reachable();
  if (!co_await has_artifact(spec.artifact)) {
    co_await fail(errors::no_such_artifact, "the release folder {} is gone; deploy again",
                  spec.artifact);
  }
  auto app = co_await shim_spec(spec);
  co_await give_release_to(spec.artifact, app.user);
  co_await files::make_folder(commands(), 0700);
  const auto name = process_ + "-" + random_hex(8);
  if (app.user != 0) app.control_group = make_group(group_name("one-off", name), app.limits);
  const auto mark = commands() / (name + ".json");
  auto begun = co_await attempt(
      begin(loop_, {.app = app, .traces = {.group = app.control_group, .mark = mark}},
            std::move(command)));
  if (!begun) {
    remove_group(app.control_group);
    co_await fail(begun.error());
  }
  auto& running = **begun;
  running.be_one_off();
  // A process of ours that is killed before this takes the command's own process with it.
  const auto stored = files::write_atomically(
      mark, json::encode(BuildMark{running.leader(), app.control_group}), 0600);
  if (!stored) {
    co_await shielded(running.end());
    co_await fail(stored.error());
  }
  co_return std::move(*begun);
}

Task<> ProcessRuntime::end_forgotten_commands() {
  std::error_code error;
  std::vector<fs::path> marks;
  for (fs::directory_iterator entry(commands(), error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->path().filename().native().starts_with(process_)) marks.push_back(entry->path());
  }
  for (const auto& path : marks) {
    const auto text = files::read(path);
    if (!text) continue;
    if (const auto mark = json::decode<BuildMark>(*text)) {
      co_await kill_leftovers(mark->leader, mark->group);
      remove_group(mark->group);
    }
    fs::remove(path, error);
  }
}

}  // namespace temps::runtime
