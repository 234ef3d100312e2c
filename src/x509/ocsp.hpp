// OCSP (RFC 6960): whether an issuer has revoked a certificate, in an answer that can be shown to
// others. DER in, plain values out.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "x509/errors.hpp"

namespace temps::x509 {

inline constexpr std::size_t ocsp_answer_bytes_max = 32U << 10U;

struct OcspQuestion {
  std::string url;      // where the certificate says that it can be asked
  std::string request;  // DER
};
// Nothing where the chain's first certificate names no such place, or its issuer is not in the
// chain. Fails with what a chain cannot be read for.
Result<std::optional<OcspQuestion>> ocsp_question(std::string_view chain_pem);

struct OcspAnswer {
  enum class Status : std::uint8_t { good, revoked, unknown };
  Status status = Status::unknown;
  Instant this_update;
  Instant next_update;
  std::optional<Instant> revoked_at{};
  std::string reason{};  // of a revocation, as the issuer says it; may be empty
};
// What the issuer says of the chain's first certificate. Signed by the issuer, or by whom it has
// certified for that, and in force at `now`. Fails with `bad_ocsp`.
Result<OcspAnswer> read_ocsp_answer(std::string_view der, std::string_view chain_pem, Instant now);

}  // namespace temps::x509
