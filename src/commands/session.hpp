// One command and who runs it, from the first byte to the exit code.
#pragma once
#include <chrono>
#include <optional>

#include "commands/protocol.hpp"
#include "core/task.hpp"
#include "runtime/runtime.hpp"

namespace temps::commands {

struct Ended {
  std::optional<int> code{};  // of a command that ended by itself
  bool timed_out = false;
};

// Carries bytes both ways until the command ends, its time is over or the client goes. Does not end
// the command. Fails as the socket does, and with `commands.bad_message`.
Task<Ended> carry(http::WebSocket& socket, runtime::RunningCommand& command,
                  std::chrono::seconds limit);

}  // namespace temps::commands
