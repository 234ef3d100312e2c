// What the sources of this module share of OpenSSL. Private to acme.
#pragma once
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "acme/key.hpp"

namespace temps::acme {

using PrivateKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

struct Key::Impl {
  PrivateKey native{nullptr, &EVP_PKEY_free};
};

// OpenSSL's view of a key, for the sources that make and check certificates.
struct NativeKey {
  static EVP_PKEY* of(const Key& key) { return key.impl_->native.get(); }
};

inline const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// What one of OpenSSL's i2d functions makes of `value`.
template <class T, class Encode>
std::string der_of(T* value, Encode encode) {
  const int size = encode(value, nullptr);
  std::string der(static_cast<std::size_t>(size > 0 ? size : 0), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  if (size > 0) encode(value, &at);
  return der;
}

}  // namespace temps::acme
