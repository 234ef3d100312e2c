// The process that is to take this one's place, as a child of it.
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace temps::proxy {

class SuccessorProcess {
 public:
  // `command[0]` is a path. Fails with `proxy.not_reloaded`.
  Result<> start(const std::vector<std::string>& command);
  [[nodiscard]] bool is_running() const { return pid_ > 0; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  // "exit code 2", "signal 9 (Killed)", once it has ended.
  std::optional<std::string> ended();
  void kill();
  // It outlives this process.
  void release() { pid_ = 0; }

 private:
  pid_t pid_ = 0;
};

}  // namespace temps::proxy
