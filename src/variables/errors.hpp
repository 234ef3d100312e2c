#pragma once
#include "core/result.hpp"

namespace temps::variables::errors {

inline constexpr ErrorCode bad_variable{"variables.bad_variable", ErrorKind::invalid,
                                        "Not a usable variable"};
inline constexpr ErrorCode reserved{"variables.reserved", ErrorKind::invalid,
                                    "Temps itself sets this variable"};
inline constexpr ErrorCode too_many{"variables.too_many", ErrorKind::invalid,
                                    "The environment has too many variables"};
inline constexpr ErrorCode no_such_variable{"variables.no_such_variable", ErrorKind::not_found,
                                            "There is no such variable"};
inline constexpr ErrorCode no_such_version{"variables.no_such_version", ErrorKind::not_found,
                                           "There is no such version of the variables"};

}  // namespace temps::variables::errors
