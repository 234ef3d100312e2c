#pragma once
#include "core/result.hpp"

namespace temps::identity::errors {

inline constexpr ErrorCode bad_credentials{"identity.bad_credentials", ErrorKind::unauthenticated,
                                           "The e-mail address or the password is wrong"};
inline constexpr ErrorCode too_many_attempts{"identity.too_many_attempts", ErrorKind::rate_limited,
                                             "Too many attempts to log in"};
inline constexpr ErrorCode busy{"identity.busy", ErrorKind::unavailable,
                                "Too many people log in at this moment"};
inline constexpr ErrorCode bad_key{"identity.bad_key", ErrorKind::unauthenticated,
                                   "The API key is not valid"};
inline constexpr ErrorCode bad_user{"identity.bad_user", ErrorKind::invalid,
                                    "The user cannot be saved like this"};
inline constexpr ErrorCode email_taken{"identity.email_taken", ErrorKind::conflict,
                                       "A user with this e-mail address exists already"};
inline constexpr ErrorCode no_such_user{"identity.no_such_user", ErrorKind::not_found,
                                        "There is no such user"};
inline constexpr ErrorCode last_owner{"identity.last_owner", ErrorKind::conflict,
                                      "Somebody must remain owner"};
inline constexpr ErrorCode above_own_role{"identity.above_own_role", ErrorKind::forbidden,
                                          "Nobody changes or gives a role above their own"};
inline constexpr ErrorCode no_such_key{"identity.no_such_key", ErrorKind::not_found,
                                       "There is no such API key"};
inline constexpr ErrorCode bad_key_name{"identity.bad_key_name", ErrorKind::invalid,
                                        "Not a usable name for an API key"};
inline constexpr ErrorCode too_many_keys{"identity.too_many_keys", ErrorKind::conflict,
                                         "There are too many API keys"};
inline constexpr ErrorCode no_such_session{"identity.no_such_session", ErrorKind::not_found,
                                           "There is no such session"};
inline constexpr ErrorCode factor_on{"identity.factor_on", ErrorKind::conflict,
                                     "The second factor is on already"};
inline constexpr ErrorCode factor_off{"identity.factor_off", ErrorKind::conflict,
                                      "The second factor is not on"};
inline constexpr ErrorCode not_enrolled{"identity.not_enrolled", ErrorKind::conflict,
                                        "There is no secret to confirm"};
inline constexpr ErrorCode bad_code{"identity.bad_code", ErrorKind::unauthenticated,
                                    "The code is wrong"};
inline constexpr ErrorCode too_many_codes{"identity.too_many_codes", ErrorKind::rate_limited,
                                          "Too many codes were tried"};
inline constexpr ErrorCode login_over{"identity.login_over", ErrorKind::unauthenticated,
                                      "The login has to begin again"};
inline constexpr ErrorCode login_again{"identity.login_again", ErrorKind::forbidden,
                                       "This takes a login of just now"};
inline constexpr ErrorCode factor_required{"identity.factor_required", ErrorKind::forbidden,
                                           "A second factor is required here"};
inline constexpr ErrorCode bad_reset_token{"identity.bad_reset_token", ErrorKind::forbidden,
                                           "The link for a new password is not valid"};
inline constexpr ErrorCode setup_done{"identity.setup_done", ErrorKind::gone,
                                      "Temps has its owner already"};
inline constexpr ErrorCode bad_setup_token{"identity.bad_setup_token", ErrorKind::forbidden,
                                           "The setup link is not valid"};

}  // namespace temps::identity::errors
