#pragma once
#include "core/result.hpp"

namespace temps::postgres::errors {

inline constexpr ErrorCode not_installed{"postgres.not_installed", ErrorKind::unavailable,
                                         "PostgreSQL is not installed"};
inline constexpr ErrorCode wrong_version{"postgres.wrong_version", ErrorKind::conflict,
                                         "The data folder belongs to another PostgreSQL version"};
inline constexpr ErrorCode no_user{"postgres.no_user", ErrorKind::unavailable,
                                   "No user to run PostgreSQL as"};
inline constexpr ErrorCode bad_folder{"postgres.bad_folder", ErrorKind::conflict,
                                      "PostgreSQL cannot use the folder"};
inline constexpr ErrorCode cannot_start{"postgres.cannot_start", ErrorKind::unavailable,
                                        "PostgreSQL does not start"};

}  // namespace temps::postgres::errors
