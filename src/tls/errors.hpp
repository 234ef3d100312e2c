// Why a TLS connection did not come about.
#pragma once
#include "core/result.hpp"

namespace temps::tls::errors {

inline constexpr ErrorCode bad_ca_file{"tls.bad_ca_file", ErrorKind::invalid,
                                       "The file of trusted certificates cannot be used"};
inline constexpr ErrorCode unknown_issuer{"tls.unknown_issuer", ErrorKind::unavailable,
                                          "The other side's certificate is not trusted"};
inline constexpr ErrorCode wrong_name{"tls.wrong_name", ErrorKind::unavailable,
                                      "The other side's certificate is for another name"};
// Past its end, or not valid yet by this machine's clock.
inline constexpr ErrorCode expired{"tls.expired", ErrorKind::unavailable,
                                   "The other side's certificate is not valid now"};
inline constexpr ErrorCode bad_certificate{"tls.bad_certificate", ErrorKind::unavailable,
                                           "The other side's certificate is not acceptable"};
inline constexpr ErrorCode handshake_failed{"tls.handshake_failed", ErrorKind::unavailable,
                                            "No TLS connection could be agreed on"};

}  // namespace temps::tls::errors
