#pragma once
#include "core/result.hpp"

namespace temps::wiring::errors {

inline constexpr ErrorCode twice{"wiring.twice", ErrorKind::internal,
                                 "A service is provided more than once"};
inline constexpr ErrorCode unmet{"wiring.unmet", ErrorKind::internal,
                                 "A service needs another that no module provides"};
inline constexpr ErrorCode circle{"wiring.circle", ErrorKind::internal,
                                  "Services need each other in a circle"};

}  // namespace temps::wiring::errors
