#include "proxy/traffic.hpp"

#include <gtest/gtest.h>

namespace temps::proxy {
namespace {

using namespace std::chrono_literals;

TEST(Traffic, CountsByClassOfStatus) {
  Traffic traffic;
  for (const int status : {101, 200, 204, 301, 404, 500, 503, 504, 0, 999})
    traffic.count(status, 1ms);
  routing::Answers sum;
  traffic.add_to(sum);
  traffic.add_to(sum);
  EXPECT_EQ(sum.interim, 2);
  EXPECT_EQ(sum.success, 4);
  EXPECT_EQ(sum.redirect, 2);
  EXPECT_EQ(sum.client_error, 2);
  EXPECT_EQ(sum.server_error, 6);
  EXPECT_EQ(sum.none, 4);
  EXPECT_EQ(sum.total_micros, 20'000);
  EXPECT_EQ(sum.latencies.at(routing::latency_bucket(1ms)), 20);
}

TEST(RecentRate, CountsTheLastWholeSeconds) {
  RecentRate rate;
  const TimePoint start{1000s};
  for (int second = 0; second < 200; ++second)
    for (int i = 0; i < 7; ++i) rate.count(start + std::chrono::seconds(second));
  rate.count(start + 200s);
  EXPECT_EQ(rate.in_last(10, start + 200s + 500ms), 70);
  EXPECT_EQ(rate.in_last(60, start + 200s), 420);
}

TEST(RecentRate, ForgetsWhatIsLongAgo) {
  RecentRate rate;
  rate.count(TimePoint{1000s});
  EXPECT_EQ(rate.in_last(10, TimePoint{1001s}), 1);
  EXPECT_EQ(rate.in_last(10, TimePoint{1011s}), 0);
  EXPECT_EQ(rate.in_last(10, TimePoint{1064s}), 0);
}

}  // namespace
}  // namespace temps::proxy
