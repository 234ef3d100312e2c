#include "domains/verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace temps::domains {
namespace {

using net::DnsAnswer;
using net::DnsOutcome;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto name = "shop.example.com";
const std::vector<std::string> here{"203.0.113.7"};
const std::vector<std::string> here_twice{"203.0.113.7", "2001:db8::7"};

DnsAnswer leads_to(std::vector<std::string> addresses, std::string alias = {}) {
  return {DnsOutcome::found, std::move(addresses), std::move(alias)};
}

TEST(Verdict, OfNoRecordSaysWhichOneToCreate) {
  const auto verdict = judge(name, {.outcome = DnsOutcome::missing}, here);
  EXPECT_EQ(verdict.state, Dns::missing);
  EXPECT_EQ(verdict.detail,
            "shop.example.com has no A record; create: A shop.example.com -> 203.0.113.7");
  EXPECT_THAT(judge(name, {.outcome = DnsOutcome::missing}, here_twice).detail,
              HasSubstr("A shop.example.com -> 203.0.113.7 and AAAA shop.example.com -> "
                        "2001:db8::7"));
  EXPECT_THAT(judge(name, {.outcome = DnsOutcome::missing}, {"2001:db8::7"}).detail,
              HasSubstr("has no AAAA record"));
}

TEST(Verdict, IsRightWhereEveryRecordLeadsHere) {
  for (const auto& answer : {leads_to({"203.0.113.7"}), leads_to(here_twice)}) {
    const auto verdict = judge(name, answer, here_twice);
    EXPECT_EQ(verdict.state, Dns::right) << verdict.detail;
    EXPECT_EQ(verdict.seen, answer.addresses);
  }
}

TEST(Verdict, IsWrongWhereARecordLeadsElsewhere) {
  auto verdict = judge(name, leads_to({"198.51.100.1"}, "old.example.net"), here);
  EXPECT_EQ(verdict.state, Dns::wrong);
  EXPECT_EQ(verdict.detail,
            "shop.example.com leads to 198.51.100.1 (by a CNAME to old.example.net), which is not "
            "this server; change it to: A shop.example.com -> 203.0.113.7");
  EXPECT_THAT(verdict.seen, ElementsAre("198.51.100.1"));
  verdict = judge(name, leads_to({"203.0.113.7", "2001:db8::9"}), here);
  EXPECT_EQ(verdict.state, Dns::wrong);
  EXPECT_THAT(verdict.detail, HasSubstr("remove the AAAA record"));
}

TEST(Verdict, IsUnknownWhereNobodyCanTell) {
  EXPECT_THAT(judge(name, {}, here).detail, HasSubstr("did not answer"));
  EXPECT_EQ(judge(name, {}, here).state, Dns::unknown);
  const auto verdict = judge(name, leads_to({"203.0.113.7"}), {});
  EXPECT_EQ(verdict.state, Dns::unknown);
  EXPECT_THAT(verdict.detail, HasSubstr("public_addresses"));
  EXPECT_THAT(verdict.detail, HasSubstr("leads to 203.0.113.7"));
}

TEST(Verdict, OfAWildcardIsThatOfANameBelowIt) {
  EXPECT_EQ(name_to_ask("*.example.com"), "temps-check.example.com");
  EXPECT_EQ(name_to_ask("example.com"), "example.com");
  EXPECT_THAT(wanted_records("*.example.com", here), ElementsAre("A *.example.com -> 203.0.113.7"));
}

}  // namespace
}  // namespace temps::domains
