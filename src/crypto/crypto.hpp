// Hashes, password hashes and sealed texts. Raw bytes travel in std::string; core/text.hpp has hex
// and base64.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/secret.hpp"
#include "crypto/errors.hpp"

namespace temps::crypto {

// 32 raw bytes (FIPS 180-4).
std::string sha256(std::string_view data);
std::string sha256_hex(std::string_view data);
// 20 raw bytes, for protocols that ask for them (RFC 6455); no protection.
std::string sha1(std::string_view data);
// 32 raw bytes (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view data);
// 20 raw bytes, for one-time codes (RFC 4226), which the apps of phones know with SHA-1 alone.
std::string hmac_sha1(std::string_view key, std::string_view data);
// Takes the same time wherever the texts differ, so that a guess learns nothing from it. Their
// lengths are no secret.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// Argon2id with OWASP's recommended minimum: strong enough against a stolen table,
// small enough for ten logins at once on a machine with 1 GB. Raising one makes `verify_password`
// ask for a new hash at the next login.
inline constexpr std::uint32_t password_memory_kib = 19 * 1024;
inline constexpr std::uint32_t password_passes = 2;
inline constexpr std::uint32_t password_lanes = 1;
// What nobody types; keeps the work for one request bounded.
inline constexpr std::size_t password_bytes_max = 1024;

// The encoded form "$argon2id$v=19$m=…" with a salt of its own. Takes about 20 ms of CPU and
// `password_memory_kib`. Fails with `password_too_long`, and with `hash_failed` when memory is out.
Result<std::string> hash_password(const Secret& password);

struct Verified {
  bool ok = false;
  bool needs_rehash = false;  // made with other settings than today's; only when ok
};
// As costly as `hash_password`. Not ok for a text that is no Argon2id hash or asks for much more
// work than ours do.
Verified verify_password(std::string_view encoded, const Secret& password);

inline constexpr std::size_t seal_key_bytes = 32;
Secret new_seal_key();

// AES-256-GCM (NIST SP 800-38D): a random nonce of 12 bytes, the encrypted text, a tag of 16 bytes.
// `bound_to` is not stored: opening needs the same one, so that a sealed value cannot be moved to
// another row. One key is good for 2^32 sealings. Fails with `bad_key`.
Result<std::string> seal(const Secret& key, std::string_view text, std::string_view bound_to = {});
// Fails with `bad_key` and `not_authentic`.
Result<Secret> open(const Secret& key, std::string_view sealed, std::string_view bound_to = {});

}  // namespace temps::crypto
