#pragma once
#include "core/result.hpp"

namespace temps::access::errors {

inline constexpr ErrorCode beyond_own{"access.beyond_own", ErrorKind::forbidden,
                                      "Nobody gives more rights than they have"};
inline constexpr ErrorCode bad_name{"access.bad_name", ErrorKind::invalid, "Not a usable name"};
inline constexpr ErrorCode name_taken{"access.name_taken", ErrorKind::conflict,
                                      "A team of this name exists already"};
inline constexpr ErrorCode no_such_team{"access.no_such_team", ErrorKind::not_found,
                                        "There is no such team"};
inline constexpr ErrorCode no_such_user{"access.no_such_user", ErrorKind::not_found,
                                        "There is no such user"};
inline constexpr ErrorCode bad_grant{"access.bad_grant", ErrorKind::invalid,
                                     "Not a role that can be granted to somebody"};
inline constexpr ErrorCode no_such_grant{"access.no_such_grant", ErrorKind::not_found,
                                         "Nothing was granted to them"};
inline constexpr ErrorCode bad_invitation{"access.bad_invitation", ErrorKind::gone,
                                          "The invitation is not valid (any more)"};
inline constexpr ErrorCode no_such_invitation{"access.no_such_invitation", ErrorKind::not_found,
                                              "There is no such invitation"};
inline constexpr ErrorCode bad_scope{"access.bad_scope", ErrorKind::invalid,
                                     "Not a limit that an API key can have"};
inline constexpr ErrorCode bad_expiry{"access.bad_expiry", ErrorKind::invalid,
                                      "The time of expiry is not in the future"};
inline constexpr ErrorCode no_such_token{"access.no_such_token", ErrorKind::not_found,
                                         "There is no such deployment token"};
inline constexpr ErrorCode bad_token{"access.bad_token", ErrorKind::unauthenticated,
                                     "The deployment token is not valid"};
inline constexpr ErrorCode too_many{"access.too_many", ErrorKind::conflict, "There are too many"};

}  // namespace temps::access::errors
