// What the issuer of a certificate says of it by OCSP, as the database keeps it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/id.hpp"

namespace temps::certificates {

using CertificateId = Id<struct CertificateTag>;

enum class Word : std::uint8_t {
  none,     // the certificate names nobody who could be asked, or its issuer is not in the chain
  waiting,  // nobody has answered yet
  good,     // goes with the certificate into handshakes until it is over
  revoked,
  unknown  // the issuer does not know it
};

struct Staple {
  CertificateId certificate;
  Word word = Word::waiting;
  std::string detail;  // a sentence: of a revocation, or why the last question got no answer
  std::optional<Instant> this_update;
  std::optional<Instant> next_update;
  Instant next_at;  // when it is asked again

  [[nodiscard]] bool is_shown(Instant now) const {
    return word == Word::good && this_update && next_update && *next_update > now;
  }
};

}  // namespace temps::certificates
