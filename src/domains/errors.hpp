#pragma once
#include "core/result.hpp"

namespace temps::domains::errors {

inline constexpr ErrorCode bad_name{"domains.bad_name", ErrorKind::invalid,
                                    "Not a usable domain name"};
inline constexpr ErrorCode below_base{"domains.below_base", ErrorKind::conflict,
                                      "Temps gives out the names below its own domain itself"};
inline constexpr ErrorCode name_taken{"domains.name_taken", ErrorKind::conflict,
                                      "The domain is in use already"};
inline constexpr ErrorCode no_such_domain{"domains.no_such_domain", ErrorKind::not_found,
                                          "There is no such domain"};
inline constexpr ErrorCode no_such_environment{"domains.no_such_environment", ErrorKind::not_found,
                                               "There is no such environment"};
inline constexpr ErrorCode bad_redirect{"domains.bad_redirect", ErrorKind::invalid,
                                        "Not a usable redirect"};

}  // namespace temps::domains::errors
