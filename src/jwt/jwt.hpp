// Signed tokens in their compact form (RFC 7515, RFC 7519), checked by the public keys of whoever
// issued them (RFC 7517). Nothing is signed here, and nothing is decrypted.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "json/json.hpp"
#include "jwt/errors.hpp"

namespace temps::jwt {

inline constexpr std::size_t token_bytes_max = 16UL << 10U;
inline constexpr std::size_t keys_bytes_max = 256UL << 10U;
inline constexpr std::size_t keys_max = 100;

// Those with a public key. `none` and the symmetric ones are not among them on purpose: a token
// that anyone could have made proves nothing.
enum class Algorithm : std::uint8_t { rs256, es256 };

// A token as it was read; nothing of it is to be believed before KeySet::verify().
struct Token {
  Algorithm algorithm = Algorithm::rs256;
  std::optional<std::string> key_id;
  std::string signed_text;
  std::string signature;  // raw bytes
  json::Value claims;     // an object
};

// Fails with `malformed`, and with `bad_algorithm` for all that is no Algorithm.
Result<Token> parse(std::string_view text);

// The keys that an issuer signs with. Immutable; a copy costs a reference count.
class KeySet {
 public:
  // Keys of other kinds or uses, and broken ones, are left out. Fails with `bad_keys` where it is
  // no set, or none of its keys can be used.
  static Result<KeySet> parse(std::string_view text);

  // Is there a key that may have signed the token?
  [[nodiscard]] bool has_key_of(const Token& token) const;
  // Fails with `unknown_key` and `bad_signature`. A token without a key's name has to fit one of
  // those that have its algorithm.
  [[nodiscard]] Result<> verify(const Token& token) const;
  [[nodiscard]] std::size_t size() const;

 private:
  struct Key;
  using Keys = std::vector<Key>;
  explicit KeySet(std::shared_ptr<const Keys> keys) : keys_(std::move(keys)) {}
  std::shared_ptr<const Keys> keys_;
};

// What an ID token (OpenID Connect Core 1.0, 3.1.3.7) has to say.
struct Expected {
  std::string issuer;
  std::string audience;
  std::string nonce;
  Instant now;
};
// How far the clocks of the issuer and of this machine may be apart.
inline constexpr std::chrono::seconds skew{60};
// A token that is older was kept by somebody.
inline constexpr std::chrono::minutes age_max{10};

// Issuer, audience and authorized party, nonce, and times. Fails with `bad_claims`.
Result<> check_claims(const json::Value& claims, const Expected& expected);

// Strict: no padding, no other alphabet, no bits left over. Nothing where it is none.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace temps::jwt
