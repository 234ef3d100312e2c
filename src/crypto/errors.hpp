// What can go wrong with keys, passwords and sealed texts.
#pragma once
#include "core/result.hpp"

namespace temps::crypto::errors {

inline constexpr ErrorCode bad_key{"crypto.bad_key", ErrorKind::internal, "The key cannot be used"};
// Changed, sealed with another key, or bound to something else.
inline constexpr ErrorCode not_authentic{"crypto.not_authentic", ErrorKind::internal,
                                         "The sealed text cannot be opened"};
inline constexpr ErrorCode password_too_long{"crypto.password_too_long", ErrorKind::invalid,
                                             "The password is too long"};
inline constexpr ErrorCode hash_failed{"crypto.hash_failed", ErrorKind::unavailable,
                                       "The password could not be processed"};

}  // namespace temps::crypto::errors
