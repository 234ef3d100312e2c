#include "process/launch.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>

#include "files/refusal.hpp"
#include "process/packages.hpp"
#include "process/search.hpp"

namespace temps::process {

namespace {

using files::OwnedFd;

// What it was before raise_file_limit().
std::optional<rlimit> usual_file_limit;

// What the child tells when it cannot become the program.
enum class Step : std::uint8_t { session, parent, nice, user, folder, streams, program };
struct Trouble {
  Step step;
  int code;
};

// Everything the child needs, made before the fork: after it only async-signal-safe calls are
// allowed, because other threads may have held locks (of malloc, say) at that moment.
struct Prepared {
  const Spec& spec;
  std::string program;
  std::vector<char*> arguments;
  std::vector<std::string> settings;
  std::vector<char*> environment;
  OwnedFd in;
  OwnedFd out;
  OwnedFd err;
  OwnedFd trouble;
  std::vector<OwnedFd> groups;  // files that take the numbers of members
  pid_t parent = 0;
  bool switches_user = false;
};

// 0, 1 and 2 are about to be replaced in the child, so nothing that is needed may lie there.
Result<OwnedFd> above_standard_streams(int fd) {
  if (fd < 0) return fail(errno_error("cannot open what the program needs", errno));
  if (fd > 2) return OwnedFd(fd);
  const OwnedFd low(fd);
  OwnedFd high(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
  if (!high.is_open()) return fail(errno_error("cannot open what the program needs", errno));
  return high;
}

struct PipeEnds {
  OwnedFd reading;
  OwnedFd writing;
};
Result<PipeEnds> make_pipe_ends() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(errno_error("cannot make a pipe", errno));
  OwnedFd second(ends[1]);
  auto reading = above_standard_streams(ends[0]);
  if (!reading) return fail(reading.error());
  auto writing = above_standard_streams(second.release());
  if (!writing) return fail(writing.error());
  return PipeEnds{std::move(*reading), std::move(*writing)};
}

// Opens the child's side of an output stream; a closed result means that ours is inherited.
Result<OwnedFd> open_output(const Spec& spec, Output kind, OwnedFd& our_end) {
  switch (kind) {
    case Output::pipe: {
      auto ends = make_pipe_ends();
      if (!ends) return fail(ends.error());
      our_end = std::move(ends->reading);
      return std::move(ends->writing);
    }
    case Output::discard:
      return above_standard_streams(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    case Output::to_file: {
      const int fd = ::open(spec.out_file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
      if (fd < 0) return fail(files::refusal("write", spec.out_file, errno));
      return above_standard_streams(fd);
    }
    case Output::inherit:
      break;
  }
  return OwnedFd();
}

Result<> open_terminal(int terminal, Prepared& prepared) {
  for (auto* stream : {&prepared.in, &prepared.out, &prepared.err}) {
    auto copy = above_standard_streams(::fcntl(terminal, F_DUPFD_CLOEXEC, 3));
    if (!copy) return fail(copy.error());
    *stream = std::move(*copy);
  }
  return {};
}

void open_groups(const Spec& spec, Prepared& prepared) {
  for (const auto& folder : spec.control_group) {
    const auto members = folder + "/cgroup.procs";
    auto file = above_standard_streams(::open(members.c_str(), O_WRONLY | O_CLOEXEC));
    if (file) prepared.groups.push_back(std::move(*file));
  }
}

Result<> open_streams(const Spec& spec, Prepared& prepared, Launched& launched) {
  if (spec.terminal) return open_terminal(*spec.terminal, prepared);
  if (spec.stdin_pipe) {
    auto ends = make_pipe_ends();
    if (!ends) return fail(ends.error());
    prepared.in = std::move(ends->reading);
    launched.in = std::move(ends->writing);
  } else {
    auto nothing = above_standard_streams(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!nothing) return fail(nothing.error());
    prepared.in = std::move(*nothing);
  }
  auto out = open_output(spec, spec.out, launched.out);
  if (!out) return fail(out.error());
  prepared.out = std::move(*out);
  if (spec.merge_err_into_out) return {};
  auto err = open_output(spec, spec.err, launched.err);
  if (!err) return fail(err.error());
  prepared.err = std::move(*err);
  return {};
}

Result<std::string> locate(const Spec& spec) {
  const auto& name = spec.command.front();
  if (name.contains('/')) {
    if (::access(name.c_str(), F_OK) == 0) return name;
    return fail(errors::not_found, missing_program(name));
  }
  const auto path = spec.environment.find("PATH");
  if (path != spec.environment.end()) {
    if (auto found = find_in(path->second, name)) return *found;
  } else if (auto found = find_program(name)) {
    return *found;
  }
  return fail(errors::not_found, missing_program(name));
}

Result<Prepared> prepare(const Spec& spec, Launched& launched) {
  ensure(!spec.command.empty(), "a command to run is empty");
  Prepared prepared{.spec = spec};
  auto program = locate(spec);
  if (!program) return fail(program.error());
  prepared.program = std::move(*program);
  // execve takes char* for the sake of old programs and changes nothing.
  for (const auto& word : spec.command) {
    prepared.arguments.push_back(const_cast<char*>(word.c_str()));
  }
  prepared.arguments.push_back(nullptr);
  prepared.settings.reserve(spec.environment.size());
  for (const auto& [name, value] : spec.environment) {
    prepared.settings.push_back(fmt::format("{}={}", name, value));
    prepared.environment.push_back(prepared.settings.back().data());
  }
  prepared.environment.push_back(nullptr);
  prepared.parent = ::getpid();
  prepared.switches_user = spec.user && (::geteuid() == 0 || spec.user->uid != ::geteuid());
  if (auto opened = open_streams(spec, prepared, launched); !opened) return fail(opened.error());
  open_groups(spec, prepared);
  return prepared;
}

[[noreturn]] void give_up(const Prepared& prepared, Step step) {
  const Trouble trouble{step, errno};
  (void)!::write(prepared.trouble.get(), &trouble, sizeof trouble);
  ::_exit(127);
}

// By the kernel's own call: glibc's refuses the two signals that it keeps for itself, which a
// parent may have left ignored all the same.
void reset_signals() {
  struct KernelAction {
    void* handler = nullptr;  // SIG_DFL
    unsigned long flags = 0;
    void* restorer = nullptr;
    std::uint64_t mask = 0;
  };
  const KernelAction usual;
  for (int number = 1; number < NSIG; ++number) {
    ::syscall(SYS_rt_sigaction, number, &usual, nullptr, sizeof usual.mask);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool set_streams(const Prepared& prepared) {
  const Spec& spec = prepared.spec;
  if (::dup2(prepared.in.get(), 0) < 0) return false;
  if (prepared.out.is_open() && ::dup2(prepared.out.get(), 1) < 0) return false;
  const int err = spec.merge_err_into_out ? 1 : prepared.err.get();
  if (err >= 0 && ::dup2(err, 2) < 0) return false;
  if (spec.terminal && spec.new_session && ::ioctl(0, TIOCSCTTY, 0) != 0) return false;
  // Descriptors that somebody opened without O_CLOEXEC stay here as well.
  ::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
  for (const int fd : spec.inherit_fds) {
    if (::fcntl(fd, F_SETFD, 0) != 0) return false;
  }
  return true;
}

// The raw calls: glibc's own ones tell all threads, of which there is one here, and take locks.
bool switch_user(User user) {
  return ::syscall(SYS_setgroups, 0, nullptr) == 0 &&
         ::syscall(SYS_setresgid, user.gid, user.gid, user.gid) == 0 &&
         ::syscall(SYS_setresuid, user.uid, user.uid, user.uid) == 0;
}

[[noreturn]] void become(const Prepared& prepared) {
  const Spec& spec = prepared.spec;
  if (spec.new_session && ::setsid() < 0) give_up(prepared, Step::session);
  if (spec.nice != 0 && ::setpriority(PRIO_PROCESS, 0, spec.nice) != 0) {
    give_up(prepared, Step::nice);
  }
  // Programs that use select() break on high descriptors. A refusal leaves them more than they
  // need.
  if (usual_file_limit) (void)::setrlimit(RLIMIT_NOFILE, &*usual_file_limit);
  for (const auto& group : prepared.groups) (void)!::write(group.get(), "0", 1);
  if (!set_streams(prepared)) give_up(prepared, Step::streams);
  if (prepared.switches_user && !switch_user(*spec.user)) give_up(prepared, Step::user);
  if (::chdir(spec.folder.c_str()) != 0) give_up(prepared, Step::folder);
  // A change of user clears the death signal, so that it comes after that.
  if (spec.dies_with_parent) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(prepared, Step::parent);
    if (::getppid() != prepared.parent) ::_exit(127);
  }
  if (spec.no_new_privileges) ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  reset_signals();
  ::execve(prepared.program.c_str(), prepared.arguments.data(), prepared.environment.data());
  give_up(prepared, Step::program);
}

Error explain(const Prepared& prepared, Trouble trouble) {
  const Spec& spec = prepared.spec;
  const auto reason = errno_error(fmt::format("cannot start {}", prepared.program), trouble.code);
  const auto because = [&](std::string detail) {
    return Error(temps::errors::system, std::move(detail), {}, std::string(reason.cause()));
  };
  switch (trouble.step) {
    case Step::folder:
      return because(fmt::format("cannot start {} in the folder {}: {}{}", prepared.program,
                                 spec.folder, std::strerror(trouble.code),
                                 spec.user ? fmt::format(" (as user {})", spec.user->uid) : ""));
    case Step::user:
      return because(
          fmt::format("cannot start {} as user {}: {}. Only root can start programs as "
                      "other users",
                      prepared.program, spec.user->uid, std::strerror(trouble.code)));
    case Step::program:
      if (trouble.code == ENOENT) {
        return {errors::not_found,
                fmt::format("{} cannot run: the interpreter or loader that it names is missing",
                            prepared.program),
                {},
                std::string(reason.cause())};
      }
      if (trouble.code == ENOEXEC) {
        return because(
            fmt::format("{} is not a program: it has no #! line and is not built for "
                        "this machine",
                        prepared.program));
      }
      if (trouble.code == E2BIG) {
        return because(fmt::format("cannot start {}: its arguments and environment are too large",
                                   prepared.program));
      }
      return reason;
    default:
      return reason;
  }
}

// Blocks all signals of this thread, so that no handler of ours runs in the child before execve.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

pid_t fork_into(const Prepared& prepared) {
  const SignalsBlocked blocked;
  const pid_t pid = ::fork();
  if (pid == 0) become(prepared);
  return pid;
}

}  // namespace

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  if (!usual_file_limit) usual_file_limit = limit;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

Result<Launched> launch(const Spec& spec) {
  Launched launched;
  auto prepared = prepare(spec, launched);
  if (!prepared) return fail(prepared.error());
  auto trouble_pipe = make_pipe_ends();
  if (!trouble_pipe) return fail(trouble_pipe.error());
  prepared->trouble = std::move(trouble_pipe->writing);

  launched.pid = fork_into(*prepared);
  if (launched.pid < 0) {
    return fail(errno_error(
        fmt::format("cannot start {}: no process can be made", prepared->program), errno));
  }
  // The number cannot pass to another process: only we can reap the child, and have not.
  launched.pidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, launched.pid, 0)));
  const int pidfd_code = errno;
  prepared->trouble.reset();
  Trouble trouble{};
  auto got = files::read_fully(trouble_pipe->reading.get(),
                               {reinterpret_cast<char*>(&trouble), sizeof trouble},
                               "the pipe of the child");
  const bool failed = !got || *got == sizeof trouble;
  if (!failed && launched.pidfd.is_open()) return launched;
  ::kill(launched.pid, SIGKILL);
  ::waitpid(launched.pid, nullptr, 0);
  if (!got) return fail(got.error());
  if (failed) return fail(explain(*prepared, trouble));
  return fail(errno_error("cannot watch the program " + prepared->program, pidfd_code));
}

}  // namespace temps::process
