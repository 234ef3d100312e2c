#pragma once
#include "core/result.hpp"

namespace temps::commands::errors {

inline constexpr ErrorCode bad_command{"commands.bad_command", ErrorKind::invalid,
                                       "This is not a command that can be run"};
inline constexpr ErrorCode nothing_runs{"commands.nothing_runs", ErrorKind::conflict,
                                        "Nothing is live here"};
inline constexpr ErrorCode static_release{"commands.static_release", ErrorKind::conflict,
                                          "A static release has nothing to run commands in"};
inline constexpr ErrorCode other_runtime{"commands.other_runtime", ErrorKind::conflict,
                                         "The release was made for another runtime"};
inline constexpr ErrorCode no_such_instance{"commands.no_such_instance", ErrorKind::not_found,
                                            "There is no such instance"};
inline constexpr ErrorCode no_such_command{"commands.no_such_command", ErrorKind::not_found,
                                           "There is no such command"};
inline constexpr ErrorCode too_many{"commands.too_many", ErrorKind::unavailable,
                                    "Too many commands run at this moment"};
inline constexpr ErrorCode too_long{"commands.too_long", ErrorKind::timeout,
                                    "The command ran for too long"};
inline constexpr ErrorCode bad_message{"commands.bad_message", ErrorKind::invalid,
                                       "The other side does not keep to the protocol"};

}  // namespace temps::commands::errors
