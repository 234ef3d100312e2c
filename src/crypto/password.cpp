#include <argon2.h>
#include <fmt/core.h>

#include <optional>

#include "core/random.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"

namespace temps::crypto {

namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;
// Of an encoded hash: ours have 97.
constexpr std::size_t encoded_bytes_max = 256;
// A stored hash may ask for this many times our work, not for a gigabyte.
constexpr std::uint32_t work_factor_max = 8;

std::string prefix() {
  return fmt::format("$argon2id$v={}$m={},t={},p={}$", static_cast<int>(ARGON2_VERSION_13),
                     password_memory_kib, password_passes, password_lanes);
}

// The number behind "m=", "t=" or "p=".
std::optional<std::uint32_t> setting(std::string_view settings, std::string_view name) {
  for (const auto part : split(settings, ',')) {
    const auto [key, value] = cut(part, "=");
    if (key == name) return parse_number<std::uint32_t>(value);
  }
  return std::nullopt;
}

bool asks_for_bounded_work(std::string_view encoded) {
  const auto parts = split(encoded, '$');
  if (parts.size() != 6 || parts[1] != "argon2id") return false;
  const auto memory = setting(parts[3], "m");
  const auto passes = setting(parts[3], "t");
  const auto lanes = setting(parts[3], "p");
  return memory && passes && lanes && *memory <= work_factor_max * password_memory_kib &&
         *passes <= work_factor_max * password_passes && *lanes <= work_factor_max;
}

}  // namespace

Result<std::string> hash_password(const Secret& password) {
  const auto& text = password.reveal();
  if (text.size() > password_bytes_max) {
    return fail(errors::password_too_long, "a password has at most {} bytes", password_bytes_max);
  }
  const auto salt = random_bytes(salt_bytes);
  std::string encoded(argon2_encodedlen(password_passes, password_memory_kib, password_lanes,
                                        salt_bytes, hash_bytes, Argon2_id),
                      '\0');
  const int code = argon2id_hash_encoded(password_passes, password_memory_kib, password_lanes,
                                         text.data(), text.size(), salt.data(), salt.size(),
                                         hash_bytes, encoded.data(), encoded.size());
  if (code != ARGON2_OK) {
    return fail(Error(errors::hash_failed,
                      "the password could not be hashed; try again in a moment", {},
                      argon2_error_message(code)));
  }
  encoded.resize(encoded.find('\0'));
  return encoded;
}

Verified verify_password(std::string_view encoded, const Secret& password) {
  const auto& text = password.reveal();
  if (encoded.size() > encoded_bytes_max || text.size() > password_bytes_max ||
      !asks_for_bounded_work(encoded)) {
    return {};
  }
  const std::string terminated(encoded);
  if (argon2id_verify(terminated.c_str(), text.data(), text.size()) != ARGON2_OK) return {};
  return {.ok = true, .needs_rehash = !encoded.starts_with(prefix())};
}

}  // namespace temps::crypto
