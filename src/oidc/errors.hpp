#pragma once
#include "core/result.hpp"

namespace temps::oidc::errors {

// Of the providers.
inline constexpr ErrorCode bad_provider{"oidc.bad_provider", ErrorKind::invalid,
                                        "The login provider cannot be saved like this"};
inline constexpr ErrorCode provider_taken{"oidc.provider_taken", ErrorKind::conflict,
                                          "There is such a login provider already"};
inline constexpr ErrorCode no_such_provider{"oidc.no_such_provider", ErrorKind::not_found,
                                            "There is no such login provider"};
inline constexpr ErrorCode bad_issuer{"oidc.bad_issuer", ErrorKind::invalid,
                                      "Nothing at this address can be logged in with"};
inline constexpr ErrorCode unreachable{"oidc.unreachable", ErrorKind::unavailable,
                                       "The login provider cannot be reached"};

// Of a login.
inline constexpr ErrorCode too_many{"oidc.too_many", ErrorKind::rate_limited,
                                    "Too many logins wait for their provider"};
inline constexpr ErrorCode bad_return_path{"oidc.bad_return_path", ErrorKind::invalid,
                                           "A login leads to a page of the console"};
inline constexpr ErrorCode login_over{"oidc.login_over", ErrorKind::gone,
                                      "This login was used already, or took too long"};
inline constexpr ErrorCode other_browser{"oidc.other_browser", ErrorKind::forbidden,
                                         "This login was begun in another browser"};
inline constexpr ErrorCode mixed_up{"oidc.mixed_up", ErrorKind::forbidden,
                                    "Another provider answered than was asked"};
inline constexpr ErrorCode denied{"oidc.denied", ErrorKind::forbidden, "The login was refused"};
inline constexpr ErrorCode provider_failed{"oidc.provider_failed", ErrorKind::forbidden,
                                           "The provider could not log anybody in"};
inline constexpr ErrorCode not_proved{"oidc.not_proved", ErrorKind::forbidden,
                                      "What the provider says is not proved"};

// Of who came back.
inline constexpr ErrorCode unknown_person{"oidc.unknown_person", ErrorKind::forbidden,
                                          "Nobody here is known by this login"};
inline constexpr ErrorCode unverified_email{"oidc.unverified_email", ErrorKind::forbidden,
                                            "The provider has not verified the e-mail address"};
inline constexpr ErrorCode wrong_domain{"oidc.wrong_domain", ErrorKind::forbidden,
                                        "E-mail addresses of this domain are not admitted"};
inline constexpr ErrorCode link_first{"oidc.link_first", ErrorKind::conflict,
                                      "The account is not linked with this login yet"};
inline constexpr ErrorCode already_linked{"oidc.already_linked", ErrorKind::conflict,
                                          "This login belongs to an account already"};
inline constexpr ErrorCode other_user{"oidc.other_user", ErrorKind::forbidden,
                                      "Somebody else has begun this"};
inline constexpr ErrorCode no_such_link{"oidc.no_such_link", ErrorKind::not_found,
                                        "There is no such link"};
inline constexpr ErrorCode last_way_in{"oidc.last_way_in", ErrorKind::conflict,
                                       "Without this link there is no way to log in"};

}  // namespace temps::oidc::errors
