// One-time codes of a phone's app: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which
// is what all of these apps know.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/secret.hpp"

namespace temps::identity {

inline constexpr std::size_t totp_secret_bytes = 20;  // RFC 4226 §4 R6

// RFC 4648 §6 without padding.
std::string to_base32(std::string_view bytes);

std::int64_t totp_step(Instant time);
std::string totp_code(const Secret& key, std::int64_t step);
// The step whose code this is: the present one, or a neighbour, for clocks that differ and fingers
// that are slow. Only steps behind `last_used` count, so that a code that was seen is worth
// nothing.
std::optional<std::int64_t> matching_step(const Secret& key, std::string_view code, Instant now,
                                          std::int64_t last_used);

// What a QR code for the app holds.
std::string otpauth_uri(std::string_view secret_base32, std::string_view account,
                        std::string_view issuer);

}  // namespace temps::identity
