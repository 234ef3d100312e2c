#include "proxy/upstream_health.hpp"

#include <gtest/gtest.h>

namespace temps::proxy {
namespace {

using Asked = UpstreamHealth::Asked;
using State = UpstreamHealth::State;

class Health : public ::testing::Test {
 protected:
  UpstreamHealth health;
  TimePoint now{std::chrono::hours(1)};

  void fail(int times) {
    for (int i = 0; i < times; ++i) (void)health.note_failure(Asked::as_usual, now);
  }
  // As a probe finds one that takes connections and does not answer.
  void put_out() {
    fail(5);
    now += milliseconds(1'000);
    health.note_connected(now);
    ASSERT_EQ(health.state(), State::out);
  }
};

TEST(Outcomes, FiveInARowOrMoreThanHalfAreTooBad) {
  Outcomes outcomes = 0;
  for (int i = 0; i < 4; ++i) outcomes = with_outcome(outcomes, true);
  EXPECT_FALSE(are_too_bad(outcomes));
  EXPECT_TRUE(are_too_bad(with_outcome(outcomes, true)));
  EXPECT_FALSE(are_too_bad(with_outcome(with_outcome(outcomes, false), true)));
  outcomes = 0;
  for (int i = 0; i < 10; ++i) outcomes = with_outcome(with_outcome(outcomes, true), false);
  EXPECT_FALSE(are_too_bad(outcomes));
  EXPECT_TRUE(are_too_bad(with_outcome(with_outcome(outcomes, true), true)));
  for (int i = 0; i < 20; ++i) outcomes = with_outcome(outcomes, false);
  EXPECT_EQ(outcomes, 0U);
}

TEST(Outcomes, PausesGrowUpToHalfAMinute) {
  EXPECT_EQ(pause_after(0), milliseconds(1'000));
  EXPECT_EQ(pause_after(3), milliseconds(8'000));
  EXPECT_EQ(pause_after(5), milliseconds(30'000));
  EXPECT_EQ(pause_after(1'000), milliseconds(30'000));
}

TEST_F(Health, AnswersInBetweenForgive) {
  for (int i = 0; i < 5; ++i) {
    fail(1);
    health.note_answer(Asked::as_usual, now);
    health.note_answer(Asked::as_usual, now);
  }
  EXPECT_TRUE(health.is_in());
  EXPECT_EQ(health.shown(), routing::Health::failing);
  for (int i = 0; i < 20; ++i) health.note_answer(Asked::as_usual, now);
  EXPECT_EQ(health.shown(), routing::Health::ok);
}

TEST_F(Health, OneThatTakesConnectionsAndDoesNotAnswerIsOutForLongerEachTime) {
  for (const auto pause : {1'000, 2'000, 4'000, 8'000, 16'000, 30'000, 30'000}) {
    if (health.is_in()) put_out();
    EXPECT_EQ(health.out_until() - now, milliseconds(pause));
    EXPECT_FALSE(health.begin_trial(now));
    now = health.out_until();
    EXPECT_TRUE(health.begin_trial(now));
    EXPECT_FALSE(health.begin_trial(now));  // one at a time
    EXPECT_TRUE(health.note_failure(Asked::as_trial, now));
  }
  now = health.out_until();
  ASSERT_TRUE(health.begin_trial(now));
  health.note_answer(Asked::as_trial, now);
  EXPECT_TRUE(health.is_in());
  put_out();
  EXPECT_EQ(health.out_until() - now, milliseconds(30'000));  // it was well for no time at all
  health.note_well(now);
  now += std::chrono::minutes(2);
  put_out();
  EXPECT_EQ(health.out_until() - now, milliseconds(1'000));
}

TEST_F(Health, ATrialWithoutAnOutcomeMakesRoomForTheNext) {
  put_out();
  now = health.out_until();
  ASSERT_TRUE(health.begin_trial(now));
  health.end_trial();
  EXPECT_TRUE(health.begin_trial(now));
  EXPECT_FALSE(health.begin_trial(now + milliseconds(4'900)));
  EXPECT_TRUE(
      health.begin_trial(now + milliseconds(5'000)));  // whose trial hangs is not waited for
}

TEST_F(Health, AnswersToEarlierRequestsAreNoTrial) {
  put_out();
  health.note_answer(Asked::as_usual, now);
  EXPECT_EQ(health.state(), State::out);
}

TEST_F(Health, OneThatRefusesIsBackWithItsFirstConnection) {
  fail(4);
  EXPECT_TRUE(health.note_refusal(now));
  EXPECT_FALSE(health.note_refusal(now + milliseconds(100)));
  EXPECT_EQ(health.state(), State::unreachable);
  EXPECT_EQ(health.since(), now);
  EXPECT_EQ(health.shown(), routing::Health::out);
  health.note_connected(now);
  EXPECT_TRUE(health.is_in());
  fail(4);  // what was before it went away does not count
  EXPECT_TRUE(health.is_in());
}

TEST_F(Health, ACrashIsToldFromAnAppThatDoesNotAnswer) {
  fail(5);
  EXPECT_EQ(health.state(), State::unreachable);
  EXPECT_FALSE(health.note_refusal(now));  // it is gone, and comes back well
  health.note_connected(now);
  EXPECT_TRUE(health.is_in());
  put_out();
  EXPECT_TRUE(health.note_refusal(now));  // and so does one that was out
  health.note_connected(now);
  EXPECT_TRUE(health.is_in());
}

TEST_F(Health, ARestartThatNobodyHasSeenIsToldFromAnAppThatDoesNotAnswer) {
  fail(5);
  now += milliseconds(500);
  health.note_connected(now);
  EXPECT_TRUE(health.is_in());
  EXPECT_EQ(health.shown(), routing::Health::failing);
  fail(4);
  EXPECT_EQ(health.state(), State::unreachable);  // the one before still counts
  now += milliseconds(500);
  health.note_connected(now);
  EXPECT_EQ(health.state(), State::out);
}

TEST_F(Health, OneLoopChecksOnceASecond) {
  EXPECT_TRUE(health.claim_check(now));
  EXPECT_FALSE(health.claim_check(now + milliseconds(999)));
  EXPECT_TRUE(health.claim_check(now + milliseconds(1'000)));
}

}  // namespace
}  // namespace temps::proxy
