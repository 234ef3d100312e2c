#pragma once
#include "core/result.hpp"

namespace temps::app::errors {

inline constexpr ErrorCode newer_data{"app.newer_data", ErrorKind::conflict,
                                      "The data folder is of a newer Temps"};
inline constexpr ErrorCode bad_runtime{"app.bad_runtime", ErrorKind::invalid,
                                       "There is no such runtime"};
inline constexpr ErrorCode child_ended{"app.child_ended", ErrorKind::internal,
                                       "A part of Temps does not start"};
inline constexpr ErrorCode no_database{"app.no_database", ErrorKind::unavailable,
                                       "The database cannot be used"};
inline constexpr ErrorCode not_running{"app.not_running", ErrorKind::unavailable,
                                       "Temps does not run on this data folder"};
inline constexpr ErrorCode not_logged_in{"app.not_logged_in", ErrorKind::unauthenticated,
                                         "Not logged in"};
inline constexpr ErrorCode usage{"app.usage", ErrorKind::invalid, "The command's words are off"};
inline constexpr ErrorCode refused{"app.refused", ErrorKind::invalid, "The server refused"};
inline constexpr ErrorCode not_there{"app.not_there", ErrorKind::not_found,
                                     "The server has no such thing"};
inline constexpr ErrorCode unhealthy{"app.unhealthy", ErrorKind::invalid,
                                     "The deployment did not go live"};
inline constexpr ErrorCode still_running{"app.still_running", ErrorKind::timeout,
                                         "The wait ended before the deployment"};
inline constexpr ErrorCode interrupted{"app.interrupted", ErrorKind::cancelled, "Interrupted"};
inline constexpr ErrorCode connection_lost{"app.connection_lost", ErrorKind::unavailable,
                                           "The connection to a command was lost"};
inline constexpr ErrorCode command_not_started{"app.command_not_started", ErrorKind::invalid,
                                               "The command could not be started"};
inline constexpr ErrorCode no_certificate{"app.no_certificate", ErrorKind::unavailable,
                                          "There is no certificate yet"};

}  // namespace temps::app::errors
