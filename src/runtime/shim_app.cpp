#include "runtime/shim_app.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <grp.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include "runtime/control_group.hpp"

namespace temps::runtime {
namespace {

// In the child, where nothing may be returned to: the app's own log tells the user.
[[noreturn]] void give_up(const char* what) {
  const auto text = fmt::format("temps: {}: {}\n", what, std::strerror(errno));
  [[maybe_unused]] auto written = ::write(2, text.data(), text.size());
  ::_exit(126);
}

std::vector<std::string> environment_of(const ShimSpec& spec) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : spec.environment) {
    if (name != "PORT") lines.push_back(fmt::format("{}={}", name, value));
  }
  lines.push_back(fmt::format("PORT={}", spec.port));
  return lines;
}

[[noreturn]] void become_app(const ShimSpec& spec, int out, int err) {
  ::dup2(out, 1);
  ::dup2(err, 2);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, 0);
  ::syscall(SYS_close_range, 3U, ~0U, 0U);
  ::setsid();
  join_group(spec.control_group, ::getpid());
  if (spec.user != 0) {
    if (::setgroups(0, nullptr) != 0 || ::setgid(spec.user) != 0 || ::setuid(spec.user) != 0) {
      give_up("cannot become the project's user");
    }
  }
  // After setuid, which clears it. An app without its shim would write into closed pipes.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::umask(022);
  if (::chdir(spec.folder.c_str()) != 0) give_up(("cannot enter " + spec.folder).c_str());
  auto lines = environment_of(spec);
  std::vector<char*> environment;
  for (auto& line : lines) environment.push_back(line.data());
  environment.push_back(nullptr);
  std::string command = spec.command;
  std::array<char*, 4> arguments{const_cast<char*>("sh"), const_cast<char*>("-c"), command.data(),
                                 nullptr};
  ::execve("/bin/sh", arguments.data(), environment.data());
  give_up("cannot run /bin/sh");
}

}  // namespace

LogLine line_now(bool is_error_stream, std::string_view text) {
  return {.time = std::chrono::time_point_cast<Instant::duration>(std::chrono::system_clock::now()),
          .is_error_stream = is_error_stream,
          .text = std::string(text)};
}

ShimStream::ShimStream(OutputLog& log, int fd, bool is_error_stream)
    : fd_(fd), lines_([&log, is_error_stream](std::string_view line) {
        log.write(line_now(is_error_stream, line));
      }) {
  ::fcntl(fd_, F_SETFL, O_NONBLOCK);
}

ShimStream::~ShimStream() { close(); }

void ShimStream::close() {
  if (fd_ < 0) return;
  lines_.finish();
  ::close(std::exchange(fd_, -1));
}

void ShimStream::take() {
  std::array<char, 65536> buffer;
  for (int round = 0; fd_ >= 0 && round < 16; ++round) {
    const auto count = ::read(fd_, buffer.data(), buffer.size());
    if (count > 0) {
      lines_.feed({buffer.data(), static_cast<std::size_t>(count)});
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
      close();
    } else {
      return;
    }
  }
}

std::unique_ptr<ShimApp> ShimApp::start(const ShimSpec& spec, OutputLog& log) {
  int out[2];
  int err[2];
  if (::pipe2(out, O_CLOEXEC) != 0) return nullptr;
  if (::pipe2(err, O_CLOEXEC) != 0) {
    ::close(out[0]);
    ::close(out[1]);
    return nullptr;
  }
  const int pid = ::fork();
  if (pid == 0) become_app(spec, out[1], err[1]);
  ::close(out[1]);
  ::close(err[1]);
  if (pid < 0) {
    ::close(out[0]);
    ::close(err[0]);
    return nullptr;
  }
  return std::unique_ptr<ShimApp>(new ShimApp(spec, log, pid, {out[0], err[0]}));
}

ShimApp::ShimApp(const ShimSpec& spec, OutputLog& log, int pid, const int (&outputs)[2])
    : spec_(spec),
      mark_(mark_of(pid)),
      out_(log, outputs[0], false),
      err_(log, outputs[1], true),
      memory_kills_before_(memory_kills(spec.control_group)) {}

ShimApp::~ShimApp() {
  kill_everything();
  out_.take();
  err_.take();
}

void ShimApp::signal(int number) const {
  // Its own session since right after the fork; until then the group does not exist.
  if (::kill(-mark_.pid, number) != 0) ::kill(mark_.pid, number);
}

std::optional<int> ShimApp::reap() {
  std::optional<int> code;
  int status = 0;
  for (int pid = ::waitpid(-1, &status, WNOHANG); pid > 0; pid = ::waitpid(-1, &status, WNOHANG)) {
    if (pid != mark_.pid) continue;
    code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return code;
}

bool ShimApp::ran_out_of_memory(int exit_code) const {
  return exit_code == 128 + SIGKILL && memory_kills(spec_.control_group) > memory_kills_before_;
}

std::chrono::nanoseconds ShimApp::age() const {
  return std::chrono::steady_clock::now() - started_;
}

// As a subreaper the shim inherits what the app left behind, sessions of their own included.
void ShimApp::kill_everything() {
  for (int round = 0; round < 200; ++round) {
    for (const int pid : members_of(spec_.control_group)) {
      if (pid != ::getpid()) ::kill(pid, SIGKILL);
    }
    for (const int pid : members_of_session(mark_)) ::kill(pid, SIGKILL);
    for (const auto& process : all_processes()) {
      if (process.parent == ::getpid()) ::kill(process.pid, SIGKILL);
    }
    int gone = ::waitpid(-1, nullptr, WNOHANG);
    while (gone > 0) gone = ::waitpid(-1, nullptr, WNOHANG);
    if (gone < 0 && errno == ECHILD) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace temps::runtime
