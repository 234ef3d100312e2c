#include "acme/key.hpp"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>

#include "acme/openssl.hpp"
#include "core/text.hpp"

namespace temps::acme {
namespace {

// The key of RFC 7515 A.3, as PKCS#8.
const Secret rfc7515_key(
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff\n"
    "H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp\n"
    "7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt\n"
    "-----END PRIVATE KEY-----\n");

bool verifies(const Key& key, std::string_view text, std::string_view signature) {
  auto* parts = ECDSA_SIG_new();
  ECDSA_SIG_set0(parts, BN_bin2bn(bytes(signature.substr(0, 32)), 32, nullptr),
                 BN_bin2bn(bytes(signature.substr(32)), 32, nullptr));
  const auto der = der_of(static_cast<const ECDSA_SIG*>(parts), i2d_ECDSA_SIG);
  ECDSA_SIG_free(parts);
  auto* context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, NativeKey::of(key));
  const int verified = EVP_DigestVerify(context, bytes(der), der.size(), bytes(text), text.size());
  EVP_MD_CTX_free(context);
  return verified == 1;
}

TEST(Thumbprint, AgreesWithRfc7638) {
  EXPECT_EQ(thumbprint_of(
                R"({"e":"AQAB","kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78L)"
                R"(hWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5)"
                R"(JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZg)"
                R"(nYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2)"
                R"(NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"})"),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST(Key, IsWrittenAsRfc7515WritesIt) {
  const auto key = Key::from_pem(rfc7515_key);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->jwk(),
            R"({"crv":"P-256","kty":"EC","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
            R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})");
  EXPECT_EQ(key->thumbprint(), thumbprint_of(key->jwk()));
  EXPECT_EQ(key->pem().reveal(), rfc7515_key.reveal());
}

TEST(Key, SignsAsRfc7515Verifies) {
  const auto key = Key::from_pem(rfc7515_key).value();
  const std::string text =
      "eyJhbGciOiJFUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
      "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  // The RFC's own signature shows that this test verifies rightly.
  const auto example = from_hex(
      "0ed1215379636c483c2f7f155807d402a3b228033af97c7e17819ac3169ea665"
      "c50a07d38c3c70e5d8f12daf084a5480a66590c5f293509a8f3f7f8a83a354d5");
  EXPECT_TRUE(verifies(key, text, example.value()));
  const auto signature = key.sign(text);
  EXPECT_EQ(signature.size(), 64U);
  EXPECT_TRUE(verifies(key, text, signature));
  EXPECT_FALSE(verifies(key, text + "x", signature));
  EXPECT_FALSE(verifies(Key::generate(), text, signature));
}

TEST(Key, ComesBackFromItsPem) {
  const auto key = Key::generate();
  const auto read = Key::from_pem(key.pem());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->public_der(), key.public_der());
  EXPECT_NE(Key::generate().public_der(), key.public_der());
}

TEST(Key, IsRefusedWhereItIsNone) {
  for (const auto& text : {std::string(), std::string("x"), std::string(100'000, 'x'),
                           rfc7515_key.reveal().substr(0, 100)}) {
    const auto key = Key::from_pem(Secret(text));
    EXPECT_TRUE(!key && key.error().is(errors::bad_key)) << text.substr(0, 100);
  }
}

TEST(Key, IsRefusedWhereItIsOfAnotherKind) {
  // Ed25519, from RFC 8410.
  const auto key =
      Key::from_pem(Secret("-----BEGIN PRIVATE KEY-----\n"
                           "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
                           "-----END PRIVATE KEY-----\n"));
  ASSERT_FALSE(key.has_value());
  EXPECT_TRUE(key.error().is(errors::bad_key));
  EXPECT_NE(key.error().detail().find("P-256"), std::string::npos);
}

}  // namespace
}  // namespace temps::acme
