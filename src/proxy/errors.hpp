// What can keep the proxy from starting, from taking a new table or from being replaced.
#pragma once
#include "core/result.hpp"

namespace temps::proxy::errors {

inline constexpr ErrorCode bad_address{"proxy.bad_address", ErrorKind::invalid,
                                       "This is not an address to listen on or to connect to"};
inline constexpr ErrorCode bad_network{"proxy.bad_network", ErrorKind::invalid,
                                       "This is not an address or a network"};
inline constexpr ErrorCode address_in_use{"proxy.address_in_use", ErrorKind::conflict,
                                          "Another process listens on this address"};
inline constexpr ErrorCode cannot_listen{"proxy.cannot_listen", ErrorKind::unavailable,
                                         "The address cannot be listened on"};
inline constexpr ErrorCode old_table{"proxy.old_table", ErrorKind::conflict,
                                     "The table file holds an older version"};
inline constexpr ErrorCode not_in_force{"proxy.not_in_force", ErrorKind::timeout,
                                        "Not every loop has taken the new table"};
inline constexpr ErrorCode bad_request{"proxy.bad_request", ErrorKind::invalid,
                                       "Not a request of the control socket"};
inline constexpr ErrorCode bad_handover{"proxy.bad_handover", ErrorKind::invalid,
                                        "Not a message of the handover"};
inline constexpr ErrorCode no_handover{"proxy.no_handover", ErrorKind::unavailable,
                                       "The running proxy does not hand its sockets over"};
inline constexpr ErrorCode no_answer{"proxy.no_answer", ErrorKind::unavailable,
                                     "The proxy does not answer"};
inline constexpr ErrorCode not_reloaded{"proxy.not_reloaded", ErrorKind::unavailable,
                                        "The running proxy goes on as it was"};

}  // namespace temps::proxy::errors
