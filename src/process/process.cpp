#include "process/process.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "core/text.hpp"
#include "process/launch.hpp"
#include "process/status.hpp"

namespace temps::process {

namespace {
constexpr auto p_pidfd = static_cast<idtype_t>(3);  // P_PIDFD, which older glibc headers lack
// A killed process is gone within milliseconds, unless the kernel holds it fast.
constexpr int reap_wait_ms = 2000;
constexpr std::chrono::milliseconds group_poll{5};
constexpr std::chrono::milliseconds group_poll_max{200};

Exit exit_of(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return {.code = info.si_status, .signal = 0};
  return {.code = 128 + info.si_status, .signal = info.si_status};
}
Task<> feed(net::Descriptor& in, const std::string& input) {
  // A program may end without having read everything; its exit code says what that means.
  auto written = co_await attempt(in.write_all(input));
  if (!written && written.error().code().kind == ErrorKind::cancelled) {
    co_await fail(written.error());
  }
  in.close();
}

Task<> collect(net::Descriptor& from, std::string& into, const std::string& program,
               std::size_t limit) {
  std::vector<char> buffer(64U << 10U);
  for (;;) {
    const auto got = co_await from.read_some(buffer);
    if (got == 0) co_return;
    if (got > limit - into.size()) {
      co_await fail(errors::failed, "{} wrote more than {}", program, human_bytes(limit));
    }
    into.append(buffer.data(), got);
  }
}

}  // namespace

std::string Exit::text() const {
  if (signal == 0) return fmt::format("exit code {}", code);
  const char* name = ::sigabbrev_np(signal);
  return name ? fmt::format("killed by signal {} (SIG{})", signal, name)
              : fmt::format("killed by signal {}", signal);
}

struct Child::Impl {
  Impl(const Launched& launched, const Spec& spec, net::Descriptor watched)
      : pid(launched.pid), has_group(spec.new_session), pidfd(std::move(watched)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (released || exit) return;
    // Until it is reaped the number of the group cannot pass to another one.
    kill_all();
    pollfd gone{.fd = pidfd.fd(), .events = POLLIN, .revents = 0};
    ::poll(&gone, 1, reap_wait_ms);
    reap();
  }

  pid_t pid;
  bool has_group;
  bool released = false;
  net::Descriptor pidfd;
  std::optional<Exit> exit{};
  std::optional<net::Descriptor> in{};
  std::optional<net::Descriptor> out{};
  std::optional<net::Descriptor> err{};

  // Takes the exit of a process that has ended; false when it runs still.
  bool reap() {
    if (exit) return true;
    siginfo_t info{};
    if (::waitid(p_pidfd, static_cast<id_t>(pidfd.fd()), &info, WEXITED | WNOHANG) != 0) {
      // Somebody else took it; what its exit was is lost.
      if (errno == ECHILD) exit = Exit{.code = 255, .signal = 0};
      return exit.has_value();
    }
    if (info.si_pid == 0) return false;
    exit = exit_of(info);
    return true;
  }

  void kill_all() const { ::kill(has_group ? -pid : pid, SIGKILL); }

  // Ends with the process; what it left behind in its group is killed. That the descriptor is
  // readable is a hint only.
  Task<> ended_alone() {
    while (!has_ended()) co_await pidfd.readable();
    // Not reaped yet, so that the number of the group is still its own.
    if (!exit) kill_all();
    reap();
  }

  // Without reaping it.
  [[nodiscard]] bool has_ended() const {
    siginfo_t info{};
    return exit ||
           ::waitid(p_pidfd, static_cast<id_t>(pidfd.fd()), &info, WEXITED | WNOHANG | WNOWAIT) !=
               0 ||
           info.si_pid != 0;
  }

  // Ends when nothing is left of the process group.
  Task<> group_gone() {
    auto pause = group_poll;
    while (has_group && is_anyone_in_group(pid)) {
      co_await sleep(pause);
      pause = std::min(2 * pause, group_poll_max);
    }
  }
};

Child::Child(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Child::Child(Child&&) noexcept = default;
Child& Child::operator=(Child&&) noexcept = default;
Child::~Child() = default;

Result<Child> Child::start(net::Loop& loop, Spec spec) {
  auto launched = launch(spec);
  if (!launched) return fail(launched.error());
  net::Descriptor pidfd(loop, launched->pidfd.release());
  auto impl = std::make_unique<Impl>(*launched, spec, std::move(pidfd));
  const auto adopt = [&loop](files::OwnedFd& fd, std::optional<net::Descriptor>& into) {
    if (fd.is_open()) into.emplace(loop, fd.release());
  };
  adopt(launched->in, impl->in);
  adopt(launched->out, impl->out);
  adopt(launched->err, impl->err);
  return Child(std::move(impl));
}

int Child::pid() const { return impl_->pid; }
bool Child::has_exited() const { return impl_->reap(); }

Task<Exit> Child::wait() {
  while (!impl_->reap()) co_await impl_->pidfd.readable();
  co_return *impl_->exit;
}

void Child::signal(int number) {
  if (impl_->reap()) return;
  ::kill(impl_->has_group ? -impl_->pid : impl_->pid, number);
}

Task<Exit> Child::stop(std::chrono::nanoseconds grace, int first) {
  signal(first);
  const auto started = std::chrono::steady_clock::now();
  auto ended = co_await attempt(within(grace, wait()));
  if (ended) {
    // Its children may need the rest of the time: a shell dies at once, the server under it drains.
    const auto left = grace - (std::chrono::steady_clock::now() - started);
    auto gone = co_await attempt(within(left, impl_->group_gone()));
    if (!gone) impl_->kill_all();
    if (!gone && !gone.error().is(temps::errors::timed_out)) co_await fail(gone.error());
    co_return *ended;
  }
  impl_->kill_all();
  if (!ended.error().is(temps::errors::timed_out)) co_await fail(ended.error());
  co_return co_await wait();
}

void Child::release() { impl_->released = true; }

net::Descriptor* Child::in() { return impl_->in ? &*impl_->in : nullptr; }
net::Descriptor* Child::out() { return impl_->out ? &*impl_->out : nullptr; }
net::Descriptor* Child::err() { return impl_->err ? &*impl_->err : nullptr; }

Task<Captured> capture(net::Loop& loop, Spec spec, std::string input, std::size_t limit) {
  spec.stdin_pipe = !input.empty();
  const auto program = spec.command.empty() ? std::string() : spec.command.front();
  Child child = co_await Child::start(loop, std::move(spec));
  Captured captured{};
  std::vector<Task<>> streams;
  if (child.in()) streams.push_back(feed(*child.in(), input));
  if (child.out()) streams.push_back(collect(*child.out(), captured.out, program, limit));
  if (child.err()) streams.push_back(collect(*child.err(), captured.err, program, limit));
  // A process left behind would hold the pipes open.
  streams.push_back(child.impl_->ended_alone());
  co_await all(std::move(streams));
  captured.exit = *child.impl_->exit;
  co_return captured;
}

}  // namespace temps::process
