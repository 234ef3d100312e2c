// The other end of the control socket, for this module's own questions.
#pragma once
#include <chrono>
#include <string>

#include "core/result.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

// Asks and waits, for each part of the answer at most `patience`. Fails with `code` when nobody
// answers there, and with what the path and the answer fail with.
Result<routing::ControlReply> ask_control(const std::string& path,
                                          const routing::ControlRequest& request,
                                          std::chrono::seconds patience, const ErrorCode& code);

}  // namespace temps::proxy
