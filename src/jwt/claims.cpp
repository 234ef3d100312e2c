#include <algorithm>

#include "jwt/jwt.hpp"

namespace temps::jwt {

namespace {

std::unexpected<Error> refuse(std::string_view why) {
  return fail(errors::bad_claims, "the token {}", why);
}

// NumericDate may have a fraction. Nothing for what no clock will show.
std::optional<Instant> time_of(const json::Value& value) {
  constexpr double seconds_max = 253'402'300'799;  // the end of the year 9999
  const auto seconds = value.as_number();
  if (!seconds || !(*seconds >= 0) || *seconds > seconds_max) return std::nullopt;
  return Instant(std::chrono::seconds(static_cast<std::int64_t>(*seconds)));
}

Result<> check_audience(const json::Value& claims, std::string_view wanted) {
  const auto audience = claims["aud"];
  if (audience.is_string()) {
    if (audience.as_string() != wanted) return refuse("is for somebody else");
  } else {
    const auto all = audience.items();
    const auto is_wanted = [&](const json::Value& one) { return one.as_string() == wanted; };
    if (!std::ranges::any_of(all, is_wanted)) return refuse("is for somebody else");
    // Made for several, it has to name whom it was given to.
    if (all.size() > 1 && !claims.find("azp")) return refuse("does not say whom it was given to");
  }
  const auto party = claims.find("azp");
  if (party && party->as_string() != wanted) return refuse("was given to somebody else");
  return {};
}

Result<> check_times(const json::Value& claims, Instant now) {
  const auto expires = time_of(claims["exp"]);
  const auto issued = time_of(claims["iat"]);
  if (!expires || !issued) return refuse("does not say when it was made and how long it is good");
  if (now >= *expires + skew) return refuse("has expired; check the clock of this machine");
  if (*issued > now + skew) return refuse("is from the future; check the clock of this machine");
  if (now - *issued > age_max + skew) return refuse("is too old");
  const auto begins = claims.find("nbf");
  if (!begins) return {};
  const auto from = time_of(*begins);
  if (!from || *from > now + skew) return refuse("is not good yet");
  return {};
}

}  // namespace

Result<> check_claims(const json::Value& claims, const Expected& expected) {
  if (claims["iss"].as_string() != expected.issuer) return refuse("has another issuer");
  if (auto checked = check_audience(claims, expected.audience); !checked) return checked;
  if (expected.nonce.empty() || claims["nonce"].as_string() != expected.nonce) {
    return refuse("belongs to another login");
  }
  return check_times(claims, expected.now);
}

}  // namespace temps::jwt
