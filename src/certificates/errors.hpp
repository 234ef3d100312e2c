#pragma once
#include "core/result.hpp"

namespace temps::certificates::errors {

inline constexpr ErrorCode no_such_certificate{
    "certificates.no_such_certificate", ErrorKind::not_found, "There is no such certificate"};
inline constexpr ErrorCode not_covered{"certificates.not_covered", ErrorKind::invalid,
                                       "The certificate is for other names"};
inline constexpr ErrorCode proxy_away{"certificates.proxy_away", ErrorKind::unavailable,
                                      "The proxy cannot show the proof of control"};
inline constexpr ErrorCode record_missing{"certificates.record_missing", ErrorKind::unavailable,
                                          "The TXT record that proves control is not there yet"};
inline constexpr ErrorCode not_ordered{"certificates.not_ordered", ErrorKind::conflict,
                                       "The certificate is not one that Temps renews"};
inline constexpr ErrorCode no_ocsp{"certificates.no_ocsp", ErrorKind::unavailable,
                                   "Nobody says whether the certificate was revoked"};

}  // namespace temps::certificates::errors
