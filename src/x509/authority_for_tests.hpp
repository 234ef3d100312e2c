// A certificate authority for tests: its certificates are as good or as bad as a test wants them.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"

namespace temps::x509 {

enum class KeyKind : std::uint8_t { rsa_1024, rsa_2048, p256, p384, p521, ed25519 };

struct Issued {
  std::string certificate;  // PEM, without the authority's
  std::string key;          // PEM
};

struct Wish {
  std::vector<std::string> names{};
  Instant from{};
  Instant until{};
  KeyKind key = KeyKind::p256;
  bool weak_signature = false;  // SHA-1
  std::string ocsp_url{};       // where it says that its authority can be asked
  bool may_sign_ocsp = false;   // for its authority
};

// What an authority says of a certificate.
struct OcspWish {
  enum class Status : std::uint8_t { good, revoked, unknown };
  Status status = Status::good;
  Instant from{};
  std::optional<Instant> until{};
  const Issued* signer = nullptr;  // instead of the authority itself
};

class AuthorityForTests {
 public:
  explicit AuthorityForTests(const std::string& name = "Authority of the Tests");
  ~AuthorityForTests();
  AuthorityForTests(const AuthorityForTests&) = delete;
  AuthorityForTests& operator=(const AuthorityForTests&) = delete;

  Issued issue(const Wish& wish);
  // Valid for 90 days around `now`.
  Issued issue(std::vector<std::string> names, Instant now);
  [[nodiscard]] std::string certificate() const;  // PEM, its own
  [[nodiscard]] std::string key() const;          // PEM, its own
  // Of one that it has issued; DER.
  [[nodiscard]] std::string ocsp_answer(const Issued& about, const OcspWish& wish) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace temps::x509
