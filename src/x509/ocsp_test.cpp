#include "x509/ocsp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "x509/authority_for_tests.hpp"

namespace temps::x509 {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct OcspTest : testing::Test {
  const Instant now{std::chrono::seconds(1'900'000'000)};
  AuthorityForTests authority;
  Issued shop = issue("http://ocsp.example/");

  Issued issue(std::string url, bool may_sign_ocsp = false) {
    return authority.issue({.names = {"shop.example.com"},
                            .from = now - 24h,
                            .until = now + 48h,
                            .ocsp_url = std::move(url),
                            .may_sign_ocsp = may_sign_ocsp});
  }
  [[nodiscard]] std::string chain() const { return shop.certificate + authority.certificate(); }
  [[nodiscard]] OcspWish wish() const { return {.from = now - 1h, .until = now + 24h}; }
  [[nodiscard]] Result<OcspAnswer> read(const OcspWish& wanted) const {
    return read_ocsp_answer(authority.ocsp_answer(shop, wanted), chain(), now);
  }
  static std::string why(const Result<OcspAnswer>& answer) {
    if (answer) return "it was believed";
    EXPECT_TRUE(answer.error().is(errors::bad_ocsp));
    return std::string(answer.error().detail());
  }
};

TEST_F(OcspTest, AsksWhereTheCertificateSaysAndOnlyThere) {
  const auto question = ocsp_question(chain()).value();
  ASSERT_TRUE(question.has_value());
  EXPECT_EQ(question->url, "http://ocsp.example/");
  EXPECT_GT(question->request.size(), 60U);
  EXPECT_FALSE(ocsp_question(issue({}).certificate + authority.certificate()).value().has_value());
  // Without its issuer a certificate cannot be asked about.
  EXPECT_FALSE(ocsp_question(shop.certificate).value().has_value());
  EXPECT_FALSE(ocsp_question("no chain").has_value());
}

TEST_F(OcspTest, BelievesTheIssuerAndWhomItHasCertifiedForThat) {
  const auto answer = read(wish());
  ASSERT_TRUE(answer.has_value()) << answer.error().detail();
  EXPECT_EQ(answer->status, OcspAnswer::Status::good);
  EXPECT_EQ(answer->this_update, now - 1h);
  EXPECT_EQ(answer->next_update, now + 24h);
  const auto delegated = issue({}, true);
  auto by_another = wish();
  by_another.signer = &delegated;
  EXPECT_TRUE(read(by_another).has_value());
}

TEST_F(OcspTest, BelievesNobodyElse) {
  auto wanted = wish();
  const auto customer = issue({});
  wanted.signer = &customer;
  EXPECT_THAT(why(read(wanted)), HasSubstr("signed by nobody"));
  AuthorityForTests stranger("Authority of the Tests");
  const auto word = stranger.ocsp_answer(shop, wish());
  EXPECT_THAT(why(read_ocsp_answer(word, chain(), now)), HasSubstr("signed by nobody"));
}

TEST_F(OcspTest, TellsARevocation) {
  auto wanted = wish();
  wanted.status = OcspWish::Status::revoked;
  const auto answer = read(wanted).value();
  EXPECT_EQ(answer.status, OcspAnswer::Status::revoked);
  EXPECT_EQ(answer.revoked_at, now - 1h);
  EXPECT_EQ(answer.reason, "keyCompromise");
  wanted.status = OcspWish::Status::unknown;
  EXPECT_EQ(read(wanted).value().status, OcspAnswer::Status::unknown);
}

TEST_F(OcspTest, HoldsForItsTimeAndItsCertificateOnly) {
  EXPECT_THAT(why(read({.from = now - 2h, .until = now})), HasSubstr("it ended"));
  EXPECT_THAT(why(read({.from = now + 1h, .until = now + 2h})), HasSubstr("clock"));
  EXPECT_THAT(why(read({.from = now - 1h})), HasSubstr("until when"));
  const auto other = issue({});
  const auto word = authority.ocsp_answer(other, wish());
  EXPECT_THAT(why(read_ocsp_answer(word, chain(), now)), HasSubstr("another certificate"));
}

TEST_F(OcspTest, IsRefusedWhereItIsNone) {
  EXPECT_THAT(why(read_ocsp_answer("", chain(), now)), HasSubstr("none"));
  EXPECT_THAT(why(read_ocsp_answer("<html>", chain(), now)), HasSubstr("none"));
  EXPECT_THAT(why(read_ocsp_answer({"\x30\x03\x0a\x01\x06", 5}, chain(), now)),
              HasSubstr("unauthorized"));
  EXPECT_THAT(why(read_ocsp_answer(std::string(ocsp_answer_bytes_max + 1, 'x'), chain(), now)),
              HasSubstr("larger"));
  auto cut = authority.ocsp_answer(shop, wish());
  cut.resize(cut.size() / 2);
  EXPECT_THAT(why(read_ocsp_answer(cut, chain(), now)), HasSubstr("none"));
}

}  // namespace
}  // namespace temps::x509
