// What proves control of a name (RFC 8555 8, RFC 8737). Private to acme.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "acme/values.hpp"

namespace temps::acme {

std::string key_authorization(std::string_view token, const Key& account_key);
// Of the TXT record (RFC 8555 8.4).
std::string record_value(std::string_view key_authorization);

// A self-signed certificate with the acmeIdentifier extension (RFC 8737 3).
struct AlpnCertificate {
  std::string pem;
  Secret key_pem;
};
AlpnCertificate alpn_certificate(const std::string& domain, std::string_view key_authorization);

// Fails with `bad_answer` for a token that could be anything else than a file's name.
Result<Answer> answer_to(const Authorization& authorization, const Challenge& challenge,
                         const Key& account_key);

// The first of `kinds` that the authority offers; a wildcard takes dns-01 only. Fails with
// `no_challenge`.
Result<Challenge> choose(const Authorization& authorization,
                         const std::vector<ChallengeKind>& kinds);

}  // namespace temps::acme
