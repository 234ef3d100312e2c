#pragma once
#include "core/result.hpp"

namespace temps::http::errors {

// Answered by the server before or instead of a handler.
inline constexpr ErrorCode bad_request{"http.bad_request", ErrorKind::invalid,
                                       "Not a valid HTTP request"};
inline constexpr ErrorCode bad_path{"http.bad_path", ErrorKind::invalid,
                                    "The address holds characters that are not allowed"};
inline constexpr ErrorCode not_found{"http.not_found", ErrorKind::not_found,
                                     "Nothing is at this address"};
inline constexpr ErrorCode method_not_allowed{"http.method_not_allowed", ErrorKind::invalid,
                                              "This address does not take this method"};
inline constexpr ErrorCode unauthenticated{"http.unauthenticated", ErrorKind::unauthenticated,
                                           "Log in first"};
inline constexpr ErrorCode forbidden{"http.forbidden", ErrorKind::forbidden,
                                     "Your role does not allow this"};
inline constexpr ErrorCode cross_site{"http.cross_site", ErrorKind::forbidden,
                                      "The request came from another site"};
inline constexpr ErrorCode unsupported_media{"http.unsupported_media", ErrorKind::invalid,
                                             "The body is not JSON"};
inline constexpr ErrorCode bad_parameter{"http.bad_parameter", ErrorKind::invalid,
                                         "A parameter of the address is not valid"};
inline constexpr ErrorCode broken_body{"http.broken_body", ErrorKind::invalid,
                                       "The body of the request did not arrive whole"};
inline constexpr ErrorCode body_too_large{"http.body_too_large", ErrorKind::too_large,
                                          "The body of the request is too large"};
inline constexpr ErrorCode too_slow{"http.too_slow", ErrorKind::timeout,
                                    "The request did not arrive in time"};

// Of the client.
inline constexpr ErrorCode bad_url{"http.bad_url", ErrorKind::invalid, "Not an address of the web"};
inline constexpr ErrorCode bad_response{"http.bad_response", ErrorKind::unavailable,
                                        "The other side does not speak HTTP"};
inline constexpr ErrorCode response_too_large{"http.response_too_large", ErrorKind::unavailable,
                                              "The answer is larger than expected"};

}  // namespace temps::http::errors
