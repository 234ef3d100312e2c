// Reads what certificate authorities issue.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "acme/errors.hpp"
#include "acme/key.hpp"
#include "core/clock.hpp"

namespace temps::acme {

// No authority sends more: some ten certificates of 2 KiB each.
inline constexpr std::size_t chain_bytes_max = 128UL << 10U;
inline constexpr std::size_t chain_certificates_max = 12;
inline constexpr std::size_t certificate_names_max = 1000;

struct Chain {
  std::vector<std::string> certificates;  // in DER, the one for the names first
  std::vector<std::string> names;         // DNS names and IP addresses, in lower case
  Instant not_before{}, not_after{};
  std::string issuer;
  std::string serial;  // in hex
  // RFC 9773 4.1; empty where the certificate does not name its issuer's key.
  std::string renewal_id;
  std::string public_der;  // SubjectPublicKeyInfo
};

// PEM: only certificates, each issued by the next (RFC 8555 9.1). Text around the blocks is passed
// over. Fails with `bad_certificate`.
Result<Chain> parse_chain(std::string_view pem);

// Is it for this key and all of these names (wildcards literally), and valid at `now`? Fails with
// `bad_certificate`.
Result<> check_chain(const Chain& chain, const Key& key, const std::vector<std::string>& names,
                     Instant now);

// RFC 9773 4.1, from the raw key identifier of the issuer and the raw content of the serial number.
std::string renewal_id_of(std::string_view issuer_key_id, std::string_view serial);

}  // namespace temps::acme
