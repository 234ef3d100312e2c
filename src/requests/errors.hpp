#pragma once
#include "core/result.hpp"

namespace temps::requests::errors {

inline constexpr ErrorCode bad_filter{"requests.bad_filter", ErrorKind::invalid,
                                      "Not a filter of requests"};

}  // namespace temps::requests::errors
