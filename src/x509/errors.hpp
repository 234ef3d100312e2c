#pragma once
#include "core/result.hpp"

namespace temps::x509::errors {

inline constexpr ErrorCode too_large{"x509.too_large", ErrorKind::too_large,
                                     "The certificate or key is too large"};
inline constexpr ErrorCode bad_pem{"x509.bad_pem", ErrorKind::invalid,
                                   "Not a certificate in PEM form"};
inline constexpr ErrorCode bad_chain{"x509.bad_chain", ErrorKind::invalid,
                                     "The certificates are no chain"};
inline constexpr ErrorCode no_names{"x509.no_names", ErrorKind::invalid,
                                    "The certificate is for no host"};
inline constexpr ErrorCode weak{"x509.weak", ErrorKind::invalid,
                                "The certificate's key or signature is too weak"};
inline constexpr ErrorCode expired{"x509.expired", ErrorKind::invalid,
                                   "The certificate has expired"};
inline constexpr ErrorCode not_yet_valid{"x509.not_yet_valid", ErrorKind::invalid,
                                         "The certificate is not valid yet"};
inline constexpr ErrorCode bad_key{"x509.bad_key", ErrorKind::invalid,
                                   "Not a private key in PEM form"};
inline constexpr ErrorCode key_mismatch{"x509.key_mismatch", ErrorKind::invalid,
                                        "The key is not the certificate's"};
inline constexpr ErrorCode bad_ocsp{"x509.bad_ocsp", ErrorKind::unavailable,
                                    "Not a usable word on whether a certificate was revoked"};

}  // namespace temps::x509::errors
