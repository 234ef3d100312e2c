#include "acme/problem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "acme/errors.hpp"
#include "acme/session.hpp"
#include "json/json.hpp"

namespace temps::acme {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

json::Value parsed(std::string_view text) {
  const auto document = json::parse(text).value();
  return {document, json::root(*document)};
}

json::Value problem(std::string_view type, std::string_view detail = "its words") {
  return parsed(
      fmt::format(R"({{"type":"urn:ietf:params:acme:error:{}","detail":"{}"}})", type, detail));
}

TEST(ProblemError, HasACodeForEveryTypeThatUsersMeet) {
  const std::vector<std::pair<std::string_view, ErrorCode>> cases{
      {"rateLimited", errors::rate_limited},
      {"externalAccountRequired", errors::external_account_required},
      {"invalidContact", errors::bad_contact},
      {"unsupportedContact", errors::bad_contact},
      {"accountDoesNotExist", errors::no_such_account},
      {"userActionRequired", errors::terms_not_agreed},
      {"rejectedIdentifier", errors::rejected_name},
      {"unsupportedIdentifier", errors::rejected_name},
      {"unauthorized", errors::unauthorized},
      {"incorrectResponse", errors::unauthorized},
      {"dns", errors::dns},
      {"connection", errors::connection},
      {"tls", errors::tls},
      {"caa", errors::caa},
      {"alreadyRevoked", errors::already_revoked},
      {"alreadyReplaced", errors::already_replaced},
      {"serverInternal", errors::failed},
      {"malformed", errors::bad_request},
      {"badCSR", errors::bad_request},
      {"inventedTomorrow", errors::refused},
  };
  for (const auto& [type, code] : cases) {
    const auto error = problem_error(problem(type), 400);
    EXPECT_TRUE(error.is(code)) << type << " became " << error.code().code;
    EXPECT_THAT(std::string(error.detail()), HasSubstr("\"its words\"")) << type;
  }
}

TEST(ProblemError, TellsWhereToLookForTheProofThatFailed) {
  const auto over_http = problem_error(problem("unauthorized"), 0,
                                       {.domain = "shop.example.org", .challenge = "http-01"});
  EXPECT_EQ(over_http.detail(),
            "shop.example.org: the certificate authority says \"its words\". Check that "
            "shop.example.org points to this machine and that nothing else answers there on port "
            "80");
  const auto by_dns = problem_error(problem("unauthorized"), 0,
                                    {.domain = "shop.example.org", .challenge = "dns-01"});
  EXPECT_THAT(std::string(by_dns.detail()), HasSubstr("_acme-challenge.shop.example.org"));
}

TEST(ProblemError, NamesEveryNameThatIsToBlame) {
  const auto error = problem_error(
      parsed(R"({"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"some are bad",
        "subproblems":[{"type":"x","detail":"on a list","identifier":{"type":"dns","value":"a.org"}},
                       {"type":"x","detail":"too short","identifier":{"type":"dns","value":"b.org"}}]})"),
      403);
  ASSERT_EQ(error.fields().size(), 2U);
  EXPECT_EQ(error.fields()[1].pointer, "/names/b.org");
  EXPECT_THAT(std::string(error.detail()), HasSubstr("a.org: on a list; b.org: too short"));
}

TEST(ProblemError, JudgesByTheStatusWhereThereIsNoDocument) {
  EXPECT_TRUE(problem_error({}, 429).is(errors::rate_limited));
  EXPECT_TRUE(problem_error({}, 503).is(errors::failed));
  EXPECT_TRUE(problem_error({}, 403).is(errors::refused));
  EXPECT_THAT(std::string(problem_error({}, 503).detail()), HasSubstr("status 503"));
}

TEST(ProblemError, KeepsTheWordsShortAndOnOneLine) {
  const auto error = problem_error(problem("dns", std::string(5000, 'x')), 400);
  EXPECT_LT(error.detail().size(), 1500U);
  EXPECT_EQ(problem_error(problem("dns", "two\\r\\nlines"), 400).detail().find('\n'),
            std::string::npos);
}

TEST(BadNonce, IsToldApart) {
  EXPECT_TRUE(is_bad_nonce(problem("badNonce")));
  EXPECT_FALSE(is_bad_nonce(problem("malformed")));
  EXPECT_FALSE(is_bad_nonce({}));
}

TEST(RetryAfter, IsANumberOrADate) {
  const Instant now{1'445'412'480s};  // Wed, 21 Oct 2015 07:28:00 GMT
  EXPECT_EQ(parse_retry_after("120", now), 120s);
  EXPECT_EQ(parse_retry_after(" 0 ", now), 0s);
  EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2015 07:29:30 GMT", now), 90s);
  EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2015 07:27:00 GMT", now), 0s);
  EXPECT_EQ(parse_retry_after("4294967295", now), std::chrono::hours(24 * 7));
  EXPECT_EQ(parse_retry_after("soon", now), std::nullopt);
  EXPECT_EQ(parse_retry_after("-1", now), std::nullopt);
}

}  // namespace
}  // namespace temps::acme
