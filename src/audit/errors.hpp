#pragma once
#include "core/result.hpp"

namespace temps::audit::errors {

inline constexpr ErrorCode unavailable{
    "audit.unavailable", ErrorKind::unavailable,
    "Changes cannot be recorded at the moment, so none are made"};
inline constexpr ErrorCode too_many{"audit.too_many", ErrorKind::rate_limited,
                                    "Too many attempts without a login"};
inline constexpr ErrorCode bad_filter{"audit.bad_filter", ErrorKind::invalid,
                                      "Not a usable filter for the audit log"};

}  // namespace temps::audit::errors
