// What can go wrong between us and a certificate authority. The details carry the authority's own
// words and what the user can do.
#pragma once
#include "core/result.hpp"

namespace temps::acme::errors {

// Of the connection.
inline constexpr ErrorCode unreachable{"acme.unreachable", ErrorKind::unavailable,
                                       "The certificate authority cannot be reached"};
inline constexpr ErrorCode bad_answer{"acme.bad_answer", ErrorKind::unavailable,
                                      "The other side does not speak ACME"};
inline constexpr ErrorCode failed{"acme.failed", ErrorKind::unavailable,
                                  "The certificate authority has a problem of its own"};
inline constexpr ErrorCode timed_out{"acme.timed_out", ErrorKind::timeout,
                                     "The certificate authority did not come to an end"};

// Of the account.
inline constexpr ErrorCode terms_not_agreed{"acme.terms_not_agreed", ErrorKind::invalid,
                                            "The terms of service have to be agreed to"};
inline constexpr ErrorCode external_account_required{
    "acme.external_account_required", ErrorKind::invalid,
    "The certificate authority wants an account that you have made there"};
inline constexpr ErrorCode bad_external_account{"acme.bad_external_account", ErrorKind::invalid,
                                                "The external account's key is not usable"};
inline constexpr ErrorCode bad_contact{"acme.bad_contact", ErrorKind::invalid,
                                       "The certificate authority refuses the contact address"};
inline constexpr ErrorCode no_such_account{"acme.no_such_account", ErrorKind::not_found,
                                           "The certificate authority knows no such account"};
inline constexpr ErrorCode bad_key{"acme.bad_key", ErrorKind::invalid, "The key cannot be used"};

// Of an order.
inline constexpr ErrorCode rate_limited{"acme.rate_limited", ErrorKind::rate_limited,
                                        "The certificate authority has had too many requests"};
inline constexpr ErrorCode bad_name{"acme.bad_name", ErrorKind::invalid,
                                    "No certificate can be had for this name"};
inline constexpr ErrorCode rejected_name{"acme.rejected_name", ErrorKind::forbidden,
                                         "The certificate authority issues nothing for this name"};
inline constexpr ErrorCode no_challenge{"acme.no_challenge", ErrorKind::invalid,
                                        "No way to prove control of this name can be used"};
inline constexpr ErrorCode already_replaced{"acme.already_replaced", ErrorKind::conflict,
                                            "The certificate was renewed already"};
inline constexpr ErrorCode bad_request{"acme.bad_request", ErrorKind::internal,
                                       "The certificate authority refuses a request of ours"};
inline constexpr ErrorCode refused{"acme.refused", ErrorKind::forbidden,
                                   "The certificate authority refuses"};
inline constexpr ErrorCode bad_certificate{"acme.bad_certificate", ErrorKind::unavailable,
                                           "What was issued is not what was asked for"};

// Of the check that a name is ours.
inline constexpr ErrorCode unauthorized{"acme.unauthorized", ErrorKind::forbidden,
                                        "The name does not answer with what proves control"};
inline constexpr ErrorCode dns{"acme.dns", ErrorKind::unavailable,
                               "The certificate authority cannot look the name up"};
inline constexpr ErrorCode connection{"acme.connection", ErrorKind::unavailable,
                                      "The certificate authority cannot reach the name"};
inline constexpr ErrorCode tls{"acme.tls", ErrorKind::unavailable,
                               "The certificate authority gets no TLS connection to the name"};
inline constexpr ErrorCode caa{"acme.caa", ErrorKind::forbidden,
                               "The name's CAA records forbid this certificate authority"};

// Of a revocation.
inline constexpr ErrorCode already_revoked{"acme.already_revoked", ErrorKind::conflict,
                                           "The certificate was revoked already"};

// Of renewal information.
inline constexpr ErrorCode unsupported{"acme.unsupported", ErrorKind::not_found,
                                       "The certificate authority does not offer this"};

}  // namespace temps::acme::errors
