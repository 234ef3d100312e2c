#include "runtime/restart_counter.hpp"

#include <gtest/gtest.h>

namespace temps::runtime {
namespace {

using namespace std::chrono_literals;

struct RestartCounterTest : testing::Test {
  RestartCounter counter;
  RestartCounter::Time now{1h};
};

TEST_F(RestartCounterTest, WaitsLongerEachTime) {
  EXPECT_EQ(counter.next(now, 1s), 100ms);
  EXPECT_EQ(counter.next(now, 1s), 200ms);
  EXPECT_EQ(counter.next(now, 1s), 400ms);
}

TEST_F(RestartCounterTest, BeginsWithAShortWaitAgainAfterASteadyRun) {
  counter.next(now, 1s);
  counter.next(now, 1s);
  EXPECT_EQ(counter.next(now, 10s), 100ms);
}

TEST_F(RestartCounterTest, GivesUpAtTenInTenMinutes) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(counter.next(now, 1s));
  EXPECT_FALSE(counter.next(now + 9min, 1s));
  EXPECT_EQ(counter.total(), 10);
}

TEST_F(RestartCounterTest, ForgetsWhatIsOlderThanTenMinutes) {
  for (int i = 0; i < 10; ++i) counter.next(now, 1s);
  EXPECT_TRUE(counter.next(now + 11min, 1s));
}

TEST_F(RestartCounterTest, NeverWaitsLongerThanHalfAMinute) {
  for (int i = 0; i < 9; ++i) counter.next(now, 1s);
  EXPECT_EQ(counter.next(now, 1s), 30s);
}

}  // namespace
}  // namespace temps::runtime
