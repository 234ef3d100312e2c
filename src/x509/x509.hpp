// X.509: what a certificate that a user or an authority hands over says, and whether it can be
// served. PEM in, plain values out; OpenSSL stays inside.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "x509/errors.hpp"

namespace temps::x509 {

enum class Algorithm : std::uint8_t { rsa, ecdsa, ed25519 };

struct Chain {
  std::vector<std::string> names{};  // hosts, lower case, sorted: "shop.example.com", "*.b.example"
  std::string issuer{};              // for people: the name of who signed it
  std::string serial{};              // hex
  Instant not_before{};
  Instant not_after{};
  Algorithm algorithm = Algorithm::ecdsa;
  std::string fingerprint{};  // SHA-256 of the first certificate, hex
  std::string pem{};          // the certificate, then its issuers, and nothing else
};

inline constexpr std::size_t chain_bytes_max = 64U << 10U;
inline constexpr std::size_t chain_length_max = 10;
inline constexpr std::size_t key_bytes_max = 16U << 10U;

// Reads the certificate of a host and its issuers, in this order; each must have signed the one
// before. Keys: RSA from 2048 bits, ECDSA on P-256 or P-384, Ed25519. Names that are no hosts are
// left out. Fails with `too_large`, `bad_pem`, `bad_chain`, `no_names`, `weak`.
Result<Chain> read_chain(std::string_view pem);

// Fails with `expired` and `not_yet_valid`.
Result<> check_dates(const Chain& chain, Instant now);

// The private key of the chain's first certificate, in PKCS #8 PEM. Fails with `too_large`,
// `bad_key` (also for one with a passphrase) and `key_mismatch`.
Result<Secret> read_key(const Secret& pem, const Chain& chain);

}  // namespace temps::x509
