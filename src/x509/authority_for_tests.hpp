// A certificate authority for tests: its certificates are as good or as bad as a test wants them.
#pragma once
#include <memory>
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

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace temps::x509
