#include "acme/jws.hpp"

#include <gtest/gtest.h>

#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "json/json.hpp"

namespace temps::acme {
namespace {

std::string decoded(const json::Value& field) {
  auto text = std::string(field.as_string().value());
  for (auto& letter : text) {
    if (letter == '-') letter = '+';
    if (letter == '_') letter = '/';
  }
  return from_base64(text).value();
}

json::Value parsed(const std::string& text) {
  const auto document = json::parse(text).value();
  return {document, json::root(*document)};
}

TEST(SignedRequest, CarriesTheKeyUntilThereIsAnAccount) {
  const auto key = Key::generate();
  const auto request =
      parsed(signed_request(key, {.url = "https://ca/new", .nonce = "n1"}, R"({"contact":[]})"));
  EXPECT_EQ(decoded(request["protected"]),
            R"({"alg":"ES256","jwk":)" + key.jwk() + R"(,"nonce":"n1","url":"https://ca/new"})");
  EXPECT_EQ(decoded(request["payload"]), R"({"contact":[]})");
  EXPECT_EQ(decoded(request["signature"]).size(), 64U);
}

TEST(SignedRequest, NamesTheAccountAndMayHaveNoPayload) {
  const auto request = parsed(signed_request(
      Key::generate(),
      {.url = "https://ca/order/1", .nonce = "n\"2", .account_url = "https://ca/a/1"}, ""));
  EXPECT_EQ(decoded(request["protected"]),
            R"({"alg":"ES256","kid":"https://ca/a/1","nonce":"n\"2","url":"https://ca/order/1"})");
  EXPECT_EQ(request["payload"].as_string(), "");
}

TEST(ExternalBinding, IsSignedByTheKeyThatTheAuthorityGave) {
  const auto key = Key::generate();
  // The key of RFC 7515 A.1.
  const Secret mac_key(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const auto binding =
      external_binding({.key_id = "kid-1", .hmac_key = mac_key}, key, "https://ca/new");
  ASSERT_TRUE(binding.has_value());
  const auto request = parsed(*binding);
  EXPECT_EQ(decoded(request["protected"]),
            R"({"alg":"HS256","kid":"kid-1","url":"https://ca/new"})");
  EXPECT_EQ(decoded(request["payload"]), key.jwk());
  const auto text = fmt::format("{}.{}", request["protected"].as_string().value(),
                                request["payload"].as_string().value());
  EXPECT_EQ(decoded(request["signature"]),
            crypto::hmac_sha256(decode_mac_key(mac_key).value(), text));
}

TEST(ExternalBinding, AgreesWithRfc7515OnHs256) {
  const auto key = decode_mac_key(Secret(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
  EXPECT_EQ(to_base64url(crypto::hmac_sha256(
                key.value(),
                "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
                "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
                "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ")),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

TEST(ExternalBinding, TakesAKeyInEitherAlphabet) {
  EXPECT_EQ(decode_mac_key(Secret("-_8=")).value(), "\xfb\xff");
  EXPECT_EQ(decode_mac_key(Secret(" +/8\n")).value(), "\xfb\xff");
  for (const auto* text : {"", "no key!", "="}) {
    const auto key = decode_mac_key(Secret(text));
    EXPECT_TRUE(!key && key.error().is(errors::bad_external_account)) << text;
  }
}

}  // namespace
}  // namespace temps::acme
