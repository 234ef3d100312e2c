// What can go wrong with the logs of builds and apps.
#pragma once
#include "core/result.hpp"

namespace temps::logs::errors {

inline constexpr ErrorCode bad_channel{"logs.bad_channel", ErrorKind::invalid,
                                       "Not the name of a log"};
inline constexpr ErrorCode removed{"logs.removed", ErrorKind::gone, "The log was removed"};
// A search that met nothing in as much text as one read looks at.
inline constexpr ErrorCode search_too_wide{"logs.search_too_wide", ErrorKind::invalid,
                                           "The search takes too long"};

}  // namespace temps::logs::errors
