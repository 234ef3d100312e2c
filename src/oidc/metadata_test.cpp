#include "oidc/metadata.hpp"

#include <gtest/gtest.h>

#include "core/text.hpp"

namespace temps::oidc {
namespace {

const Options strict{};
const Options loopback{.loopback_http = true};
const std::string issuer = "https://id.example.org";
const std::string document =
    R"({"issuer":"https://id.example.org","authorization_endpoint":"https://id.example.org/a?b=c",)"
    R"("token_endpoint":"https://id.example.org/t","jwks_uri":"https://keys.example.org/k",)"
    R"("userinfo_endpoint":"https://id.example.org/u"})";

std::string with(const std::string& members) {
  return document.substr(0, document.size() - 1) + "," + members + "}";
}
std::string refusal(const std::string& text, const Options& options = strict) {
  const auto read = read_metadata(text, issuer, options);
  return read ? "" : std::string(read.error().detail());
}

TEST(Metadata, IsReadFromTheIssuersDocument) {
  const auto read = read_metadata(document, issuer, strict);
  ASSERT_TRUE(read) << read.error().detail();
  EXPECT_EQ(read->authorization_endpoint, "https://id.example.org/a?b=c");
  EXPECT_EQ(read->jwks_uri, "https://keys.example.org/k");
  EXPECT_FALSE(read->secret_in_body);
  EXPECT_FALSE(read->names_itself);
  const auto other =
      read_metadata(with(R"("token_endpoint_auth_methods_supported":["client_secret_post"],)"
                         R"("authorization_response_iss_parameter_supported":true)"),
                    issuer, strict);
  EXPECT_TRUE(other->secret_in_body);
  EXPECT_TRUE(other->names_itself);
}

TEST(Metadata, OfAnotherIssuerIsRefused) {
  EXPECT_NE(
      refusal(replaced(document, "\"https://id.example.org\"", "\"https://id.example.org/\"")), "");
  EXPECT_NE(refusal(replaced(document, "\"issuer\"", "\"isuer\"")), "");
  for (const auto* text : {"", "<html>", "[]", "7", "{}"}) EXPECT_NE(refusal(text), "") << text;
}

TEST(Metadata, LeadsToNoUnprotectedPlace) {
  EXPECT_NE(refusal(replaced(document, "https://id.example.org/t", "http://id.example.org/t")), "");
  EXPECT_NE(refusal(replaced(document, "https://keys", "http://127.0.0.1/keys")), "");
  EXPECT_NE(refusal(replaced(document, "https://id.example.org/a?b=c", "javascript:alert(1)")), "");
  EXPECT_NE(refusal(replaced(document, "https://id.example.org/a?b=c", "https://u@id.example.org")),
            "");
  // Not needed, so left out.
  const auto read =
      read_metadata(replaced(document, "https://id.example.org/u", "http://id/u"), issuer, strict);
  EXPECT_EQ(read->userinfo_endpoint, "");
}

TEST(Metadata, SaysWhatTheIssuerLacks) {
  EXPECT_NE(refusal(with(R"("response_types_supported":["id_token"])")), "");
  EXPECT_NE(refusal(with(R"("code_challenge_methods_supported":["plain"])")), "");
  EXPECT_NE(refusal(with(R"("id_token_signing_alg_values_supported":["HS256","none"])")), "");
  EXPECT_EQ(refusal(with(R"("id_token_signing_alg_values_supported":["HS256","ES256"])")), "");
  EXPECT_EQ(refusal(with(R"("code_challenge_methods_supported":["plain","S256"])")), "");
}

TEST(Issuer, IsAskedOverHttpOnThisMachineAtMost) {
  EXPECT_TRUE(check_issuer("https://id.example.org/realms/a", strict));
  for (const auto* local : {"http://localhost:3000", "http://127.0.0.1", "http://[::1]:8080/a"}) {
    EXPECT_FALSE(check_issuer(local, strict)) << local;
    EXPECT_TRUE(check_issuer(local, loopback)) << local;
  }
  for (const auto* other :
       {"http://id.example.org", "http://localhost.example.org", "http://127.0.0.1.example.org",
        "http://127.0.0.2", "ftp://localhost", "https://id.example.org?a=b",
        "https://id.example.org#a", "https://a@id.example.org", "id.example.org", ""}) {
    EXPECT_FALSE(check_issuer(other, loopback)) << other;
  }
}

TEST(Issuer, HasItsDocumentAtAWellKnownPlace) {
  constexpr auto place = "https://id.example.org/a/.well-known/openid-configuration";
  EXPECT_EQ(discovery_url("https://id.example.org/a"), place);
  EXPECT_EQ(discovery_url("https://id.example.org/a/"), place);
}

}  // namespace
}  // namespace temps::oidc
