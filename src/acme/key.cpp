#include "acme/key.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>

#include "acme/openssl.hpp"
#include "core/check.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"

namespace temps::acme {
namespace {

constexpr int coordinate_bytes = 32;
constexpr std::size_t pem_bytes_max = 16UL << 10U;

using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Number = std::unique_ptr<BIGNUM, decltype(&BN_free)>;

bool is_p256(EVP_PKEY* key) {
  std::array<char, 32> group{};
  std::size_t size = 0;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
         EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
         std::string_view(group.data(), size) == SN_X9_62_prime256v1;
}

std::string padded(const BIGNUM* number) {
  std::string text(coordinate_bytes, '\0');
  ensure(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(text.data()), coordinate_bytes) ==
             coordinate_bytes,
         "a number of P-256 has 32 bytes");
  return text;
}

std::string coordinate(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  ensure(EVP_PKEY_get_bn_param(key, name, &number) == 1, "the key has a public point");
  const Number owned(number, &BN_free);
  return to_base64url(padded(number));
}

// The passphrase of an encrypted key is never asked for on the terminal.
int no_passphrase(char* /*to*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

}  // namespace

Key Key::generate() {
  auto impl = std::make_shared<Impl>();
  impl->native.reset(EVP_EC_gen("P-256"));
  ensure(impl->native != nullptr, "OpenSSL makes a key");
  return Key(std::move(impl));
}

Result<Key> Key::from_pem(const Secret& pem) {
  const auto& text = pem.reveal();
  auto impl = std::make_shared<Impl>();
  if (text.size() <= pem_bytes_max) {
    const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free);
    impl->native.reset(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr));
    ERR_clear_error();
  }
  if (!impl->native) {
    return fail(errors::bad_key, "this is no private key in PEM without a passphrase");
  }
  if (!is_p256(impl->native.get())) {
    return fail(errors::bad_key, "the key is of another kind; an ECDSA key on P-256 is needed");
  }
  return Key(std::move(impl));
}

Secret Key::pem() const {
  const Memory memory(BIO_new(BIO_s_mem()), &BIO_free);
  ensure(PEM_write_bio_PKCS8PrivateKey(memory.get(), impl_->native.get(), nullptr, nullptr, 0,
                                       nullptr, nullptr) == 1,
         "a key is written");
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &data);
  return Secret(std::string(data, static_cast<std::size_t>(size)));
}

std::string Key::sign(std::string_view text) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  std::array<unsigned char, 128> der{};
  std::size_t size = der.size();
  ensure(
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, impl_->native.get()) == 1 &&
          EVP_DigestSign(context.get(), der.data(), &size, bytes(text), text.size()) == 1,
      "OpenSSL signs");
  const auto* at = der.data();
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(
      d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)), &ECDSA_SIG_free);
  ensure(signature != nullptr, "OpenSSL reads its own signature");
  return padded(ECDSA_SIG_get0_r(signature.get())) + padded(ECDSA_SIG_get0_s(signature.get()));
}

std::string Key::jwk() const {
  auto* key = impl_->native.get();
  return fmt::format(R"({{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}})",
                     coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X),
                     coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y));
}

std::string Key::thumbprint() const { return thumbprint_of(jwk()); }

std::string Key::public_der() const {
  return der_of(static_cast<const EVP_PKEY*>(impl_->native.get()), i2d_PUBKEY);
}

std::string thumbprint_of(std::string_view canonical_jwk) {
  return to_base64url(crypto::sha256(canonical_jwk));
}

}  // namespace temps::acme
