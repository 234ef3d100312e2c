#include "runtime/shim.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include "files/files.hpp"
#include "runtime/instance_folder.hpp"
#include "runtime/output_log.hpp"
#include "runtime/restart_counter.hpp"
#include "runtime/shim_app.hpp"

namespace temps::runtime {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

class Shim {
 public:
  Shim(InstanceFolder folder, ShimSpec spec, int signals)
      : folder_(std::move(folder)),
        spec_(std::move(spec)),
        signals_(signals),
        policy_(folder_.restart_policy()),
        log_(folder_.path()) {
    state_.shim = mark_of(::getpid());
  }

  Result<> start() {
    start_app();
    return folder_.store(state_);
  }

  void run() {
    while (state_.phase != Phase::exited) {
      wait();
      if (app_) {
        app_->out().take();
        app_->err().take();
        if (auto code = app_->reap()) app_ended(*code);
      }
      act_on_time();
      log_.flush();
    }
  }

 private:
  void start_app() {
    app_ = ShimApp::start(spec_, log_);
    if (!app_) {
      say("temps: the machine has no process or file descriptor left; the app could not be "
          "started");
      return plan_restart(126, std::chrono::nanoseconds{0});
    }
    state_.app = app_->mark();
    state_.phase = Phase::running;
    deadline_.reset();
  }

  void wait() {
    std::array<pollfd, 3> watched{pollfd{signals_, POLLIN, 0}, pollfd{-1, POLLIN, 0},
                                  pollfd{-1, POLLIN, 0}};
    if (app_) {
      watched[1].fd = app_->out().fd();
      watched[2].fd = app_->err().fd();
    }
    ::poll(watched.data(), watched.size(), milliseconds_left());
    signalfd_siginfo signal{};
    while (::read(signals_, &signal, sizeof signal) == sizeof signal) {
      if (signal.ssi_signo == SIGTERM) stop();
      if (signal.ssi_signo == SIGHUP) policy_ = folder_.restart_policy();
    }
  }

  [[nodiscard]] int milliseconds_left() const {
    if (!deadline_) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
  }

  void act_on_time() {
    if (!deadline_ || std::chrono::steady_clock::now() < *deadline_) return;
    deadline_.reset();
    if (state_.phase == Phase::stopping && app_) {
      say("temps: the app did not end in time after SIGTERM; killed");
      app_->signal(SIGKILL);
    } else if (state_.phase == Phase::waiting) {
      start_app();
      store();
    }
  }

  void stop() {
    if (state_.phase == Phase::stopping) return;
    if (!app_) {
      state_.phase = Phase::exited;
      return store();
    }
    state_.phase = Phase::stopping;
    deadline_ = std::chrono::steady_clock::now() + folder_.grace();
    store();
    app_->signal(SIGTERM);
  }

  void app_ended(int code) {
    const auto age = app_->age();
    state_.out_of_memory = app_->ran_out_of_memory(code);
    app_.reset();
    if (state_.phase == Phase::stopping) {
      state_.phase = Phase::exited;
      state_.exit_code = code;
    } else {
      plan_restart(code, age);
    }
    store();
  }

  void plan_restart(int code, std::chrono::nanoseconds age) {
    state_.exit_code = code;
    state_.phase = Phase::exited;
    const auto why = state_.out_of_memory ? "ran out of memory (its limit)"
                                          : fmt::format("ended with exit code {}", code);
    if (policy_ == RestartPolicy::never) return say(fmt::format("temps: the app {}", why));
    const auto now = std::chrono::steady_clock::now();
    const auto delay = restarts_.next(now, age);
    if (!delay) {
      return say(fmt::format("temps: the app {}; not started again after {} times in 10 minutes",
                             why, RestartCounter::restarts_max));
    }
    say(fmt::format("temps: the app {}; starting it again in {:.1f} s", why,
                    std::chrono::duration<double>(*delay).count()));
    state_.restarts = restarts_.total();
    state_.phase = Phase::waiting;
    deadline_ = now + *delay;
  }

  void say(const std::string& text) { log_.write(line_now(true, text)); }
  void store() {
    log_.flush();
    if (auto stored = folder_.store(state_); !stored) {
      say(fmt::format("temps: cannot write state.json: {}", stored.error().detail()));
    }
  }

  InstanceFolder folder_;
  ShimSpec spec_;
  int signals_;
  RestartPolicy policy_;
  OutputLog log_;
  std::unique_ptr<ShimApp> app_;
  ShimState state_;
  RestartCounter restarts_;
  std::optional<SteadyTime> deadline_;
};

int open_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGHUP, SIGCHLD}) ::sigaddset(&signals, number);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return ::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
}

// What the waiting foreground process is told: nothing but "ready", or why not.
Result<> stand_guard(const std::filesystem::path& path, int ready) {
  InstanceFolder folder(path);
  auto lock = files::Lock::take(folder.lock());
  if (!lock) return std::unexpected(lock.error());
  auto spec = folder.spec();
  if (!spec) return std::unexpected(spec.error());
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_NAME, "temps-shim");
  Shim shim(folder, std::move(*spec), open_signals());
  if (auto started = shim.start(); !started) return started;
  const int nothing = ::open("/dev/null", O_RDWR);
  for (const int fd : {0, 1, 2}) ::dup2(nothing, fd);
  [[maybe_unused]] auto written = ::write(ready, "k", 1);
  ::close(ready);
  shim.run();
  return {};
}

}  // namespace

int shim_main(const std::filesystem::path& folder) {
  int ready[2];
  if (::pipe2(ready, O_CLOEXEC) != 0) return 1;
  const int pid = ::fork();
  if (pid < 0) return 1;
  if (pid == 0) {
    ::close(ready[0]);
    ::setsid();
    const auto ended = stand_guard(folder, ready[1]);
    if (!ended) fmt::print(stderr, "{}\n", ended.error().detail());
    std::fflush(stderr);
    ::_exit(ended ? 0 : 1);
  }
  ::close(ready[1]);
  char answer = 0;
  return ::read(ready[0], &answer, 1) == 1 ? 0 : 1;
}

}  // namespace temps::runtime
