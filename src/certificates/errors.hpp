#pragma once
#include "core/result.hpp"

namespace temps::certificates::errors {

inline constexpr ErrorCode no_such_certificate{
    "certificates.no_such_certificate", ErrorKind::not_found, "There is no such certificate"};
inline constexpr ErrorCode not_covered{"certificates.not_covered", ErrorKind::invalid,
                                       "The certificate is for other names"};

}  // namespace temps::certificates::errors
