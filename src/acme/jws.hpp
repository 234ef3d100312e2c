// Requests as ACME wants them: JSON Web Signatures in flattened form (RFC 8555 6.2). Private to
// acme.
#pragma once
#include <string>
#include <string_view>

#include "acme/key.hpp"
#include "acme/values.hpp"

namespace temps::acme {

// What the signature is bound to, besides the payload.
struct SignedFor {
  std::string url;
  std::string nonce;
  std::string account_url{};  // empty: the key itself is in the request
};

// An empty payload is a POST-as-GET.
std::string signed_request(const Key& key, const SignedFor& bound, std::string_view payload);

// The binding of `key` to an account that the user has made with the authority (RFC 8555 7.3.4),
// for "externalAccountBinding". Fails with `bad_external_account`.
Result<std::string> external_binding(const ExternalAccount& account, const Key& key,
                                     std::string_view new_account_url);

// Accepts both alphabets, with or without padding: authorities hand keys out either way.
Result<std::string> decode_mac_key(const Secret& text);

}  // namespace temps::acme
