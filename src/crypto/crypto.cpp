#include "crypto/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <limits>
#include <memory>

#include "core/check.hpp"
#include "core/random.hpp"
#include "core/text.hpp"

namespace temps::crypto {

namespace {

constexpr std::size_t sha256_bytes = 32;
constexpr std::size_t sha1_bytes = 20;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

// OpenSSL counts in int.
int narrow(std::size_t size) {
  ensure(size <= static_cast<std::size_t>(std::numeric_limits<int>::max()), "too long for AES-GCM");
  return static_cast<int>(size);
}

std::string hmac(const EVP_MD* hash, std::size_t size, std::string_view key,
                 std::string_view data) {
  std::string digest(size, '\0');
  // A null key would mean the key of the call before.
  const auto* start = key.empty() ? "" : key.data();
  ensure(HMAC(hash, start, narrow(key.size()), bytes(data), data.size(), bytes(digest), nullptr) !=
             nullptr,
         "HMAC works");
  return digest;
}

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Result<> check_key(const Secret& key) {
  if (key.reveal().size() == seal_key_bytes) return {};
  return fail(errors::bad_key, "the key has {} bytes; {} are needed", key.reveal().size(),
              seal_key_bytes);
}

}  // namespace

std::string sha256(std::string_view data) {
  std::string digest(sha256_bytes, '\0');
  ensure(EVP_Digest(data.data(), data.size(), bytes(digest), nullptr, EVP_sha256(), nullptr) == 1,
         "SHA-256 works");
  return digest;
}

std::string sha1(std::string_view data) {
  std::string digest(sha1_bytes, '\0');
  ensure(EVP_Digest(data.data(), data.size(), bytes(digest), nullptr, EVP_sha1(), nullptr) == 1,
         "SHA-1 works");
  return digest;
}

std::string sha256_hex(std::string_view data) { return to_hex(sha256(data)); }

std::string hmac_sha256(std::string_view key, std::string_view data) {
  return hmac(EVP_sha256(), sha256_bytes, key, data);
}

std::string hmac_sha1(std::string_view key, std::string_view data) {
  return hmac(EVP_sha1(), sha1_bytes, key, data);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Secret new_seal_key() { return Secret(random_bytes(seal_key_bytes)); }

Result<std::string> seal(const Secret& key, std::string_view text, std::string_view bound_to) {
  if (auto checked = check_key(key); !checked) return fail(checked.error());
  const auto nonce = random_bytes(nonce_bytes);
  std::string encrypted(text.size(), '\0');
  std::string tag(tag_bytes, '\0');
  const Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int written = 0;
  ensure(context &&
             EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key.reveal()),
                                bytes(nonce)) == 1 &&
             EVP_EncryptUpdate(context.get(), nullptr, &written, bytes(bound_to),
                               narrow(bound_to.size())) == 1 &&
             EVP_EncryptUpdate(context.get(), bytes(encrypted), &written, bytes(text),
                               narrow(text.size())) == 1 &&
             EVP_EncryptFinal_ex(context.get(), bytes(encrypted) + written, &written) == 1 &&
             EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag.data()) == 1,
         "AES-256-GCM encrypts");
  return nonce + encrypted + tag;
}

Result<Secret> open(const Secret& key, std::string_view sealed, std::string_view bound_to) {
  if (auto checked = check_key(key); !checked) return fail(checked.error());
  if (sealed.size() < nonce_bytes + tag_bytes) {
    return fail(errors::not_authentic, "the sealed text is too short to be one");
  }
  const auto nonce = sealed.substr(0, nonce_bytes);
  const auto encrypted = sealed.substr(nonce_bytes, sealed.size() - nonce_bytes - tag_bytes);
  std::string tag(sealed.substr(sealed.size() - tag_bytes));
  std::string text(encrypted.size(), '\0');
  const Context context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  int written = 0;
  ensure(context &&
             EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(key.reveal()),
                                bytes(nonce)) == 1 &&
             EVP_DecryptUpdate(context.get(), nullptr, &written, bytes(bound_to),
                               narrow(bound_to.size())) == 1 &&
             EVP_DecryptUpdate(context.get(), bytes(text), &written, bytes(encrypted),
                               narrow(encrypted.size())) == 1 &&
             EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1,
         "AES-256-GCM decrypts");
  if (EVP_DecryptFinal_ex(context.get(), bytes(text) + written, &written) != 1) {
    OPENSSL_cleanse(text.data(), text.size());
    return fail(errors::not_authentic,
                "the sealed text was changed, or sealed with another key or for another place");
  }
  return Secret(std::move(text));
}

}  // namespace temps::crypto
