#pragma once
#include "core/result.hpp"

namespace temps::devices::errors {

// What a program that polls is told (RFC 8628, 3.5).
inline constexpr ErrorCode pending{"devices.pending", ErrorKind::invalid,
                                   "Nobody has decided about this login yet"};
inline constexpr ErrorCode slow_down{"devices.slow_down", ErrorKind::invalid,
                                     "Polling is too fast"};
inline constexpr ErrorCode denied{"devices.denied", ErrorKind::forbidden, "The login was denied"};
inline constexpr ErrorCode expired{"devices.expired", ErrorKind::gone,
                                   "The login was not confirmed in time"};

inline constexpr ErrorCode no_such_code{"devices.no_such_code", ErrorKind::not_found,
                                        "No login waits for this code"};
inline constexpr ErrorCode too_many{"devices.too_many", ErrorKind::rate_limited,
                                    "Too many attempts to log a device in"};
inline constexpr ErrorCode bad_name{"devices.bad_name", ErrorKind::invalid,
                                    "Not a usable name for a device"};

}  // namespace temps::devices::errors
