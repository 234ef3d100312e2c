// What can be wrong with JSON from outside.
#pragma once
#include "core/result.hpp"

namespace temps::json::errors {

inline constexpr ErrorCode syntax{"json.syntax", ErrorKind::invalid, "Not valid JSON"};
inline constexpr ErrorCode too_deep{"json.too_deep", ErrorKind::invalid,
                                    "The JSON is nested too deeply"};
inline constexpr ErrorCode too_large{"json.too_large", ErrorKind::too_large,
                                     "The JSON is too large"};
// Its Error carries a FieldError for each place that does not fit.
inline constexpr ErrorCode shape{"json.shape", ErrorKind::invalid,
                                 "The JSON does not have the expected fields"};

}  // namespace temps::json::errors
