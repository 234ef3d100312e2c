#include "certificates/schedule.hpp"

#include <gtest/gtest.h>

#include "acme/errors.hpp"
#include "certificates/errors.hpp"

namespace temps::certificates {
namespace {

using namespace std::chrono_literals;

constexpr Instant begin{std::chrono::seconds{1'700'000'000}};
constexpr auto day = 24h;

Error error(const ErrorCode& code) { return {code, "x"}; }

Renewal ninety_days() { return {.not_before = begin, .not_after = begin + 90 * day}; }

TEST(NextRenewal, IsAtTwoThirdsOfTheLifeOrALittleBefore) {
  auto wish = ninety_days();
  EXPECT_GE(next_renewal(wish), begin + 56 * day);
  wish.chance = 1;
  EXPECT_LE(next_renewal(wish), begin + 60 * day);
  EXPECT_GT(next_renewal(wish), begin + 59 * day);
}

TEST(NextRenewal, FollowsTheAuthoritysAdvice) {
  auto wish = ninety_days();
  wish.window = acme::RenewalWindow{.start = begin + 40 * day, .end = begin + 42 * day};
  wish.chance = 0.5;
  EXPECT_EQ(next_renewal(wish), begin + 41 * day);
  // One that has passed, as for certificates that are to be revoked, means at once.
  wish.window = acme::RenewalWindow{.start = begin + 2 * day, .end = begin + 3 * day};
  wish.planned = begin + 41 * day;
  EXPECT_LE(next_renewal(wish), begin + 3 * day);
}

TEST(NextRenewal, KeepsWhatWasChosenWhileItFits) {
  auto wish = ninety_days();
  wish.planned = begin + 58 * day;
  wish.chance = 0;
  EXPECT_EQ(next_renewal(wish), begin + 58 * day);
  wish.window = acme::RenewalWindow{.start = begin + 57 * day, .end = begin + 59 * day};
  EXPECT_EQ(next_renewal(wish), begin + 58 * day);
  wish.window = acme::RenewalWindow{.start = begin + 61 * day, .end = begin + 62 * day};
  EXPECT_EQ(next_renewal(wish), begin + 61 * day);
}

TEST(NextRenewal, LeavesTimeForFailuresWhateverIsAdvised) {
  auto wish = ninety_days();
  wish.window = acme::RenewalWindow{.start = begin + 89 * day, .end = begin + 120 * day};
  wish.chance = 1;
  EXPECT_LE(next_renewal(wish), begin + 75 * day);
  // An advice that cannot be is none.
  wish.window = acme::RenewalWindow{.start = begin + 50 * day, .end = begin + 40 * day};
  EXPECT_GT(next_renewal(wish), begin + 56 * day);
}

TEST(NextRenewal, NeverFollowsSoonAfterTheIssueWhateverTheClockSays) {
  auto wish = ninety_days();
  wish.issued_at = begin + 70 * day;  // a clock that is ahead
  EXPECT_EQ(next_renewal(wish), begin + 71 * day);
  Renewal brief{.not_before = begin, .not_after = begin + day, .issued_at = begin};
  EXPECT_GE(next_renewal(brief), begin + 12h);
  EXPECT_LE(next_renewal(brief), begin + 17h);
}

TEST(PauseAfter, DoublesUpToHalfADay) {
  const auto away = error(acme::errors::unreachable);
  EXPECT_EQ(pause_after(1, away, 0.5), 1min);
  EXPECT_EQ(pause_after(3, away, 0.5), 4min);
  EXPECT_EQ(pause_after(1000, away, 0.5), 12h);
  EXPECT_LT(pause_after(1, away, 0), pause_after(1, away, 1));
}

TEST(PauseAfter, IsLongWhereTheAuthorityCountsFailures) {
  // Two proofs a try: no more than five failures an hour.
  EXPECT_GE(pause_after(1, error(acme::errors::unauthorized), 0), 11min);
  EXPECT_GE(pause_after(2, error(acme::errors::connection), 0), 22min);
  EXPECT_LE(pause_after(1, error(errors::proxy_away), 1), 2min);
}

TEST(PauseAfter, NeverUndercutsTheAuthoritysWord) {
  const auto limited = error(acme::errors::rate_limited).retry_in(30h);
  EXPECT_EQ(pause_after(1, limited, 0), 30h);
  EXPECT_EQ(pause_after(1, error(acme::errors::rate_limited).retry_in(9999h), 0), pause_max);
}

TEST(PauseForDns, IsShortAtFirst) {
  EXPECT_EQ(pause_for_dns(0s), 10s);
  EXPECT_EQ(pause_for_dns(4min), 1min);
  EXPECT_EQ(pause_for_dns(48h), 15min);
}

TEST(Staples, AreAskedForAgainAtHalfOfTheirTime) {
  const Instant now{1000h};
  EXPECT_EQ(next_question(now, now, now + 8h), now + 4h);
  EXPECT_EQ(next_question(now, now - 2h, now + 8h), now + 3h);
  // Handed out late: in between, not without end.
  EXPECT_EQ(next_question(now, now - 8h, now + 2h), now + 1h);
  EXPECT_EQ(next_question(now, now - 100h, now + 90h), now + 6h);
  EXPECT_EQ(next_question(now, now - 8h, now + 1s), now + 5min);
}

TEST(Staples, PausesGrowWithFailures) {
  EXPECT_EQ(pause_for_staple(1), 5min);
  EXPECT_EQ(pause_for_staple(3), 20min);
  EXPECT_EQ(pause_for_staple(1000), 6h);
}

}  // namespace
}  // namespace temps::certificates
