#pragma once
#include "core/result.hpp"

namespace temps::net::errors {

inline constexpr ErrorCode bad_address{"net.bad_address", ErrorKind::invalid,
                                       "Not a network address"};
inline constexpr ErrorCode address_in_use{"net.address_in_use", ErrorKind::conflict,
                                          "Something else listens on this address"};
inline constexpr ErrorCode cannot_listen{"net.cannot_listen", ErrorKind::internal,
                                         "The address cannot be listened on"};
inline constexpr ErrorCode unreachable{"net.unreachable", ErrorKind::unavailable,
                                       "The other side cannot be reached"};
inline constexpr ErrorCode broken{"net.broken", ErrorKind::unavailable, "The connection broke"};
inline constexpr ErrorCode closed{"net.closed", ErrorKind::unavailable,
                                  "The other side closed the connection"};
inline constexpr ErrorCode bad_answer{"net.bad_answer", ErrorKind::unavailable,
                                      "A name server's answer cannot be read"};

}  // namespace temps::net::errors
