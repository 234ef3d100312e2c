#include "acme/jws.hpp"

#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "json/json.hpp"

namespace temps::acme {
namespace {

std::string flattened(std::string_view header, std::string_view payload,
                      std::string_view signature) {
  return fmt::format(R"({{"protected":"{}","payload":"{}","signature":"{}"}})", header, payload,
                     signature);
}

}  // namespace

std::string signed_request(const Key& key, const SignedFor& bound, std::string_view payload) {
  const auto signer = bound.account_url.empty()
                          ? fmt::format(R"("jwk":{})", key.jwk())
                          : fmt::format(R"("kid":{})", json::quote(bound.account_url));
  const auto header =
      to_base64url(fmt::format(R"({{"alg":"ES256",{},"nonce":{},"url":{}}})", signer,
                               json::quote(bound.nonce), json::quote(bound.url)));
  const auto body = to_base64url(payload);
  return flattened(header, body, to_base64url(key.sign(header + "." + body)));
}

Result<std::string> decode_mac_key(const Secret& text) {
  auto standard = std::string(trimmed(text.reveal()));
  for (auto& letter : standard) {
    if (letter == '-') letter = '+';
    if (letter == '_') letter = '/';
  }
  auto key = from_base64(standard);
  if (!key || key->empty()) {
    return fail(errors::bad_external_account,
                "the external account's HMAC key is not base64; copy it as the certificate "
                "authority shows it");
  }
  return std::move(*key);
}

Result<std::string> external_binding(const ExternalAccount& account, const Key& key,
                                     std::string_view new_account_url) {
  auto mac_key = decode_mac_key(account.hmac_key);
  if (!mac_key) return fail(mac_key.error());
  const auto header =
      to_base64url(fmt::format(R"({{"alg":"HS256","kid":{},"url":{}}})",
                               json::quote(account.key_id), json::quote(new_account_url)));
  const auto body = to_base64url(key.jwk());
  return flattened(header, body, to_base64url(crypto::hmac_sha256(*mac_key, header + "." + body)));
}

}  // namespace temps::acme
