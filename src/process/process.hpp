// Child processes: started with an exact environment, watched by pidfd, ended as a group.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/task.hpp"
#include "net/descriptor.hpp"
#include "net/loop.hpp"

namespace temps::process {

struct User {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

enum class Output : std::uint8_t { pipe, discard, inherit, to_file };

struct Spec {
  std::vector<std::string> command;  // command[0] is looked up in PATH of `environment`, else ours
  std::map<std::string, std::string> environment;  // exactly this, nothing inherited
  std::string folder = "/";
  std::optional<User> user{};  // supplementary groups are dropped too; needs root
  bool new_session =
      true;  // own session and process group, so that it outlives a terminal and ends as one
  bool stdin_pipe = false;
  Output out = Output::pipe;
  Output err = Output::pipe;
  bool merge_err_into_out = false;
  std::string out_file{};         // with Output::to_file: appended to
  bool dies_with_parent = false;  // PR_SET_PDEATHSIG SIGKILL
  int nice = 0;
  std::vector<int> inherit_fds{};  // stay open in the child under the same numbers
  // The program's side of a terminal: its three streams, and with a new session the terminal that
  // signals come from. Borrowed until it has started; nothing that is said of streams counts then.
  std::optional<int> terminal{};
  // Folders of control groups that it is in from its first instruction on, as far as they let it.
  std::vector<std::string> control_group{};
  bool no_new_privileges = false;  // set-user-id programs give it none
};

struct Exit {
  int code = 0;    // 128 + signal when it was killed
  int signal = 0;  // 0 unless a signal ended it
  [[nodiscard]] bool is_success() const { return code == 0; }
  [[nodiscard]] std::string text() const;  // "exit code 7", "killed by signal 9 (SIGKILL)"
};

struct Captured;

// A running child. Destroying it kills the whole process group (SIGKILL) unless the child has
// exited or was released.
class Child {
 public:
  // Fails with `process.not_found` (names the program and how to install it where we know),
  // `core.system`.
  static Result<Child> start(net::Loop& loop, Spec spec);
  Child(Child&&) noexcept;
  Child& operator=(Child&&) noexcept;
  ~Child();

  [[nodiscard]] int pid() const;
  Task<Exit> wait();  // may be awaited again after it ended
  [[nodiscard]] bool has_exited() const;
  void signal(int number);  // to the process group when it has its own session, else to the process
  // SIGTERM (or `first`), after `grace` SIGKILL to what is left of the group; ends when all of it
  // is gone.
  Task<Exit> stop(std::chrono::nanoseconds grace, int first = 15);
  // The child goes on without us.
  void release();

  // Present when the Spec asked for pipes.
  net::Descriptor* in();
  net::Descriptor* out();
  net::Descriptor* err();

 private:
  struct Impl;
  explicit Child(std::unique_ptr<Impl> impl);
  friend Task<Captured> capture(net::Loop& loop, Spec spec, std::string input, std::size_t limit);
  std::unique_ptr<Impl> impl_;
};

struct Captured {
  Exit exit;
  std::string out;
  std::string err;
};
// Runs a short command to its end; cancelled means killed, and so is what it leaves behind in its
// group. Output beyond `limit` bytes per stream
// ends it with an error.
Task<Captured> capture(net::Loop& loop, Spec spec, std::string input = {},
                       std::size_t limit = 4U << 20U);

// PATH, HOME, LANG and the proxy and CA settings of this process: what a child of ours that needs
// the network gets.
std::map<std::string, std::string> base_environment();
// From now on base_environment() says this of the variable, a proxy in both cases of its name; an
// empty value takes it away. For the start of a process, before it has threads.
void decide(const std::string& variable, std::string value);
// As many descriptors as this process may have; children begin with as many as it had before. For
// the start of a process, before it has threads.
void raise_file_limit();
// The full path of a program in PATH (or /usr/sbin, /sbin), if there is one.
std::optional<std::string> find_program(const std::string& name);
// Is this process alive, and is it the same one (start time in clock ticks from /proc/PID/stat)?
std::optional<std::uint64_t> start_time(int pid);

namespace errors {
inline constexpr ErrorCode not_found{"process.not_found", ErrorKind::unavailable,
                                     "A program is missing on this machine"};
inline constexpr ErrorCode failed{"process.failed", ErrorKind::internal, "A program failed"};
}  // namespace errors

}  // namespace temps::process
