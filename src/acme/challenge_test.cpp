#include "acme/challenge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "acme/chain.hpp"
#include "acme/openssl.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"

namespace temps::acme {
namespace {

using testing::HasSubstr;

Authorization authorization_of(std::vector<ChallengeKind> kinds) {
  Authorization made{.url = "https://ca/z/1", .domain = "shop.example.org", .challenges = {}};
  for (const auto kind : kinds) {
    made.challenges.push_back({.kind = kind, .url = "https://ca/c/1", .token = "t0k_e-n"});
  }
  return made;
}

TEST(KeyAuthorization, IsTheTokenAndTheThumbprint) {
  const auto key = Key::generate();
  EXPECT_EQ(key_authorization("LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0", key),
            "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0." + key.thumbprint());
}

TEST(RecordValue, IsTheHashOfTheKeyAuthorization) {
  // Computed with other tools from the key authorization of RFC 8555 8.3.
  EXPECT_EQ(record_value("LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0"
                         ".9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI"),
            "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo");
}

TEST(AnswerTo, SaysWhatToPutWhere) {
  const auto key = Key::generate();
  const auto authorization = authorization_of({ChallengeKind::dns_01});
  const auto answer = answer_to(authorization, authorization.challenges.front(), key);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->token, "t0k_e-n");
  EXPECT_EQ(answer->key_authorization, "t0k_e-n." + key.thumbprint());
  EXPECT_EQ(answer->record_name, "_acme-challenge.shop.example.org");
  EXPECT_EQ(answer->record_value, record_value(answer->key_authorization));
  EXPECT_TRUE(answer->certificate_pem.empty());
}

TEST(AnswerTo, RefusesATokenThatCouldLeadElsewhere) {
  auto authorization = authorization_of({ChallengeKind::http_01});
  for (const auto* token : {"", "../../etc/passwd", "a/b", "a b", "a.b", "a\r\nb"}) {
    authorization.challenges.front().token = token;
    const auto answer = answer_to(authorization, authorization.challenges.front(), Key::generate());
    EXPECT_TRUE(!answer && answer.error().is(errors::bad_answer)) << token;
  }
}

TEST(AlpnCertificate, HasTheNameAndTheCriticalExtensionOfRfc8737) {
  const auto made = alpn_certificate("shop.example.org", "token.thumbprint");
  const auto chain = parse_chain(made.pem);
  ASSERT_TRUE(chain.has_value());
  EXPECT_THAT(chain->names, testing::ElementsAre("shop.example.org"));
  EXPECT_EQ(chain->public_der, Key::from_pem(made.key_pem).value().public_der());
  const auto& der = chain->certificates.front();
  const auto* at = bytes(der);
  const Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())), &X509_free);
  auto* object = OBJ_txt2obj("1.3.6.1.5.5.7.1.31", 1);
  const int place = X509_get_ext_by_OBJ(certificate.get(), object, -1);
  ASN1_OBJECT_free(object);
  ASSERT_GE(place, 0);
  auto* extension = X509_get_ext(certificate.get(), place);
  EXPECT_EQ(X509_EXTENSION_get_critical(extension), 1);
  const auto* data = X509_EXTENSION_get_data(extension);
  EXPECT_EQ(to_hex({reinterpret_cast<const char*>(ASN1_STRING_get0_data(data)),
                    static_cast<std::size_t>(ASN1_STRING_length(data))}),
            "0420" + crypto::sha256_hex("token.thumbprint"));
}

TEST(Choose, TakesTheFirstOfOurWaysThatIsOffered) {
  const auto both = authorization_of({ChallengeKind::dns_01, ChallengeKind::http_01});
  const auto chosen =
      choose(both, {ChallengeKind::tls_alpn_01, ChallengeKind::http_01, ChallengeKind::dns_01});
  ASSERT_TRUE(chosen.has_value());
  EXPECT_EQ(chosen->kind, ChallengeKind::http_01);
}

TEST(Choose, SaysWhatIsOfferedAndWhatIsPossible) {
  const auto chosen = choose(authorization_of({ChallengeKind::dns_01}), {ChallengeKind::http_01});
  ASSERT_FALSE(chosen.has_value());
  EXPECT_TRUE(chosen.error().is(errors::no_challenge));
  EXPECT_THAT(std::string(chosen.error().detail()),
              HasSubstr("checks shop.example.org by dns-01, and this installation can answer "
                        "http-01"));
}

TEST(Choose, ProvesAWildcardByDnsOnly) {
  auto wildcard = authorization_of({ChallengeKind::http_01, ChallengeKind::dns_01});
  wildcard.wildcard = true;
  EXPECT_EQ(choose(wildcard, {ChallengeKind::http_01, ChallengeKind::dns_01})->kind,
            ChallengeKind::dns_01);
  const auto none = choose(wildcard, {ChallengeKind::http_01});
  ASSERT_FALSE(none.has_value());
  EXPECT_THAT(std::string(none.error().detail()), HasSubstr("DNS provider"));
}

}  // namespace
}  // namespace temps::acme
