#include "deploys/live_health.hpp"

#include <gtest/gtest.h>

#include "deploys/watch.hpp"

namespace temps::deploys {
namespace {

using namespace std::chrono_literals;

constexpr Instant start{1'700'000'000s};

// After so many failures in a row, ten seconds apart.
LiveDecision after(int failures, LiveHealth health = {}, Instant at = start) {
  LiveDecision decision{.next = health};
  for (int i = 0; i < failures; ++i) decision = decide(decision.next, false, at + i * 10s);
  return decision;
}

TEST(LiveHealth, WarnsOnceAtTheThirdFailure) {
  EXPECT_EQ(after(2).step, LiveStep::none);
  EXPECT_EQ(after(3).step, LiveStep::warn);
  EXPECT_TRUE(is_failing(after(3).next));
  EXPECT_EQ(after(4).step, LiveStep::none);
}

TEST(LiveHealth, RestartsAtTheTenth) {
  EXPECT_EQ(after(9).step, LiveStep::none);
  EXPECT_EQ(after(10).step, LiveStep::restart);
  EXPECT_TRUE(is_failing(after(10).next));
}

TEST(LiveHealth, AnAnswerStartsTheCountAnew) {
  const auto answered = decide(after(9).next, true, start);
  EXPECT_EQ(answered.step, LiveStep::recovered);
  EXPECT_EQ(after(9, answered.next).step, LiveStep::none);
  EXPECT_EQ(decide(answered.next, true, start).step, LiveStep::none);
}

TEST(LiveHealth, RestartsComeEverMoreRarely) {
  const LiveHealth often{.failures = 9, .restarts = 3, .restarted_at = start};
  EXPECT_EQ(decide(often, false, start + 3min).step, LiveStep::none);
  EXPECT_EQ(decide(often, false, start + 4min).step, LiveStep::restart);
  const LiveHealth hopeless{.failures = 9, .restarts = 50, .restarted_at = start};
  EXPECT_EQ(decide(hopeless, false, start + 59min).step, LiveStep::none);
  EXPECT_EQ(decide(hopeless, false, start + 60min).step, LiveStep::restart);
}

TEST(LiveHealth, RestartsAreForgottenWhenItIsWellForLong) {
  const LiveHealth restarted{.restarts = 3, .restarted_at = start};
  EXPECT_EQ(decide(restarted, true, start + 9min).next.restarts, 3);
  EXPECT_EQ(decide(restarted, true, start + 10min).next.restarts, 0);
}

TEST(Watch, LastsUntilItsTimeAndAWhileWhenItBeginsLate) {
  EXPECT_EQ(end_of_watch(start, start + 1s, 60s), start + 60s);
  EXPECT_EQ(end_of_watch(start, start + 1h, 60s), start + 1h + late_watch);
  EXPECT_EQ(end_of_watch(start, start + 1s, 0s), start + 1s);
}

TEST(Watch, SeesACrashInAnEndAndInARestart) {
  EXPECT_FALSE(has_crashed({.status = runtime::Status::running}));
  EXPECT_TRUE(has_crashed({.status = runtime::Status::exited}));
  EXPECT_TRUE(has_crashed({.status = runtime::Status::running, .restarts = 1}));
}

}  // namespace
}  // namespace temps::deploys
