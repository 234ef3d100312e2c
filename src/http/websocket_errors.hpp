#pragma once
#include "core/result.hpp"

namespace temps::http::errors {

// Of a WebSocket, either side's.
inline constexpr ErrorCode no_websocket{"http.no_websocket", ErrorKind::invalid,
                                        "This address speaks WebSocket"};
inline constexpr ErrorCode bad_frame{"http.bad_frame", ErrorKind::invalid,
                                     "The other side does not keep to WebSocket"};
inline constexpr ErrorCode frame_too_large{"http.frame_too_large", ErrorKind::too_large,
                                           "A message is too large"};
inline constexpr ErrorCode lost{"http.lost", ErrorKind::unavailable, "The connection was lost"};

}  // namespace temps::http::errors
