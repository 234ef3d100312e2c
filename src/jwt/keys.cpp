#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>

#include "jwt/jwt.hpp"

namespace temps::jwt {

namespace {

constexpr std::size_t coordinate_bytes = 32;
constexpr int rsa_bits_min = 2048;
// More costs much time and is nobody's key.
constexpr int rsa_bits_max = 8192;
constexpr int exponent_bits_max = 32;
constexpr std::size_t depth_max = 12;

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using NativeKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

// What failed calls leave behind belongs to nobody else.
struct ErrorsForgotten {
  ErrorsForgotten() = default;
  ErrorsForgotten(const ErrorsForgotten&) = delete;
  ErrorsForgotten& operator=(const ErrorsForgotten&) = delete;
  ~ErrorsForgotten() { ERR_clear_error(); }
};

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number number(std::string_view big_endian) {
  return Number(BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

std::optional<std::string> member(const json::Value& key, std::string_view name) {
  const auto found = key[name];
  const auto text = found.as_string();
  return text ? from_base64url(*text) : std::nullopt;
}

NativeKey made(const char* kind, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return NativeKey(key);
}

NativeKey rsa(const json::Value& key) {
  const auto modulus = member(key, "n");
  const auto exponent = member(key, "e");
  if (!modulus || !exponent || modulus->size() > rsa_bits_max / 8 || exponent->size() > 8) {
    return nullptr;
  }
  const auto n = number(*modulus);
  const auto e = number(*exponent);
  if (!n || !e || BN_num_bits(n.get()) < rsa_bits_min || BN_num_bits(e.get()) < 2 ||
      BN_num_bits(e.get()) > exponent_bits_max || BN_is_odd(e.get()) == 0) {
    return nullptr;
  }
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  return made("RSA", builder.get());
}

// OpenSSL refuses a point that is not on the curve.
NativeKey p256(const json::Value& key) {
  const auto x = member(key, "x");
  const auto y = member(key, "y");
  if (key["crv"].as_string() != "P-256" || !x || !y || x->size() != coordinate_bytes ||
      y->size() != coordinate_bytes) {
    return nullptr;
  }
  const auto point = '\x04' + *x + *y;
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return nullptr;
  }
  return made("EC", builder.get());
}

// A token has both numbers one after the other, OpenSSL wants them in DER.
std::string der_of(std::string_view signature) {
  if (signature.size() != 2 * coordinate_bytes) return {};
  auto r = number(signature.substr(0, coordinate_bytes));
  auto s = number(signature.substr(coordinate_bytes));
  const Signature both(ECDSA_SIG_new());
  if (!r || !s || !both || ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return {};
  // Both are the signature's now.
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* made = nullptr;
  const int size = i2d_ECDSA_SIG(both.get(), &made);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  OPENSSL_free(made);
  return der;
}

bool fits(EVP_PKEY* key, const Token& token) {
  const auto signature =
      token.algorithm == Algorithm::es256 ? der_of(token.signature) : token.signature;
  const DigestContext context(EVP_MD_CTX_new());
  return context && !signature.empty() &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(),
                          bytes(token.signed_text), token.signed_text.size()) == 1;
}

}  // namespace

struct KeySet::Key {
  Algorithm algorithm = Algorithm::rs256;
  std::optional<std::string> id;
  std::shared_ptr<EVP_PKEY> native;

  [[nodiscard]] bool may_have_signed(const Token& token) const {
    return algorithm == token.algorithm && (!token.key_id || token.key_id == id);
  }
  // Nothing for keys that are for something else, or broken.
  static std::optional<Key> read(const json::Value& value) {
    const auto kty = value["kty"];
    const auto kind = kty.as_string();
    if (value["use"].as_string().value_or("sig") != "sig") return std::nullopt;
    Key key;
    if (kind == "EC") key.algorithm = Algorithm::es256;
    if (kind != "EC" && kind != "RSA") return std::nullopt;
    const auto* name = kind == "EC" ? "ES256" : "RS256";
    if (value["alg"].as_string().value_or(name) != name) return std::nullopt;
    key.native = kind == "EC" ? p256(value) : rsa(value);
    if (!key.native) return std::nullopt;
    const auto kid = value["kid"];
    if (const auto id = kid.as_string()) key.id = std::string(*id);
    return key;
  }
};

Result<KeySet> KeySet::parse(std::string_view text) {
  const ErrorsForgotten forgotten;
  auto document = json::parse(text, {.size_bytes_max = keys_bytes_max, .depth_max = depth_max});
  if (!document) return fail(errors::bad_keys, "the set of keys is no JSON document");
  const json::Value set(*document, json::root(**document));
  auto keys = std::make_shared<Keys>();
  const auto items = set["keys"].items();
  if (items.size() > keys_max)
    return fail(errors::bad_keys, "there are more than {} keys", keys_max);
  for (const auto& item : items) {
    if (auto key = Key::read(item)) keys->push_back(std::move(*key));
  }
  if (keys->empty()) {
    return fail(errors::bad_keys, "there is no key for RS256 or ES256 in the set of keys");
  }
  return KeySet(std::move(keys));
}

bool KeySet::has_key_of(const Token& token) const {
  return std::ranges::any_of(*keys_, [&](const Key& key) { return key.may_have_signed(token); });
}

Result<> KeySet::verify(const Token& token) const {
  const ErrorsForgotten forgotten;
  if (!has_key_of(token)) return fail(errors::unknown_key, "the token's key is not known");
  for (const auto& key : *keys_) {
    if (key.may_have_signed(token) && fits(key.native.get(), token)) return {};
  }
  return fail(errors::bad_signature, "the token's signature is wrong");
}

std::size_t KeySet::size() const { return keys_->size(); }

}  // namespace temps::jwt
