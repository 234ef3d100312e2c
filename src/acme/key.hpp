// ECDSA keys on P-256: the one of an account, and those of certificates.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "acme/errors.hpp"
#include "core/secret.hpp"

namespace temps::acme {

// A value; a copy costs a reference count.
class Key {
 public:
  static Key generate();
  // Reads PKCS#8 or SEC 1. Fails with `bad_key` for anything else and for other kinds of keys.
  static Result<Key> from_pem(const Secret& pem);
  [[nodiscard]] Secret pem() const;  // PKCS#8

  // ES256 (RFC 7518 3.4): 64 bytes, r and s.
  [[nodiscard]] std::string sign(std::string_view text) const;
  // The public key as a JWK in the form whose hash is its thumbprint (RFC 7638).
  [[nodiscard]] std::string jwk() const;
  // RFC 7638, in base64url.
  [[nodiscard]] std::string thumbprint() const;
  // The public key as SubjectPublicKeyInfo in DER; two keys are the same when these are.
  [[nodiscard]] std::string public_der() const;

 private:
  friend struct NativeKey;
  struct Impl;
  explicit Key(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

// base64url of the SHA-256 of a JWK in canonical form (RFC 7638 3).
std::string thumbprint_of(std::string_view canonical_jwk);

}  // namespace temps::acme
