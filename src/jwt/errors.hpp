#pragma once
#include "core/result.hpp"

namespace temps::jwt::errors {

inline constexpr ErrorCode malformed{"jwt.malformed", ErrorKind::invalid,
                                     "This is no signed token"};
inline constexpr ErrorCode bad_algorithm{"jwt.bad_algorithm", ErrorKind::invalid,
                                         "The token is signed in a way that is not accepted"};
inline constexpr ErrorCode bad_keys{"jwt.bad_keys", ErrorKind::invalid, "This is no set of keys"};
inline constexpr ErrorCode unknown_key{"jwt.unknown_key", ErrorKind::invalid,
                                       "The key of the token is not known"};
inline constexpr ErrorCode bad_signature{"jwt.bad_signature", ErrorKind::invalid,
                                         "The token's signature is wrong"};
inline constexpr ErrorCode bad_claims{"jwt.bad_claims", ErrorKind::invalid,
                                      "The token is not for this place or time"};

}  // namespace temps::jwt::errors
