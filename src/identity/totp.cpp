#include "identity/totp.hpp"

#include <chrono>

#include "core/text.hpp"
#include "crypto/crypto.hpp"

namespace temps::identity {
namespace {

constexpr std::int64_t step_seconds = 30;
constexpr std::uint32_t modulus = 1'000'000;

}  // namespace

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = (bits << 8U | static_cast<unsigned char>(byte)) & 0xfffU;
    count += 8;
    for (; count >= 5; count -= 5) {
      text += alphabet[bits >> static_cast<unsigned>(count - 5) & 31U];
    }
  }
  if (count > 0) text += alphabet[bits << static_cast<unsigned>(5 - count) & 31U];
  return text;
}

std::int64_t totp_step(Instant time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count() / step_seconds;
}

std::string totp_code(const Secret& key, std::int64_t step) {
  std::string counter;
  for (int shift = 56; shift >= 0; shift -= 8) {
    counter +=
        static_cast<char>(static_cast<std::uint64_t>(step) >> static_cast<unsigned>(shift) & 0xffU);
  }
  const auto digest = crypto::hmac_sha1(key.reveal(), counter);
  const auto byte = [&digest](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(digest.at(at)));
  };
  // RFC 4226 §5.3: the last four bits say where the number begins.
  const std::size_t at = byte(digest.size() - 1) & 0xfU;
  const auto number =
      (byte(at) & 0x7fU) << 24U | byte(at + 1) << 16U | byte(at + 2) << 8U | byte(at + 3);
  return fmt::format("{:06}", number % modulus);
}

std::optional<std::int64_t> matching_step(const Secret& key, std::string_view code, Instant now,
                                          std::int64_t last_used) {
  const auto present = totp_step(now);
  std::optional<std::int64_t> found;
  for (auto step = present - 1; step <= present + 1; ++step) {
    const bool fits = crypto::equal_in_constant_time(totp_code(key, step), code);
    if (fits && step > last_used) found = step;
  }
  return found;
}

std::string otpauth_uri(std::string_view secret_base32, std::string_view account,
                        std::string_view issuer) {
  return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}&algorithm=SHA1&digits=6&period=30",
                     percent_encoded(issuer), percent_encoded(account), secret_base32,
                     percent_encoded(issuer));
}

}  // namespace temps::identity
