#include "proxy/pace.hpp"

#include <gtest/gtest.h>

namespace temps::proxy {
namespace {

using std::chrono::seconds;
constexpr Pace::TimePoint start{seconds(1000)};

TEST(Pace, IsTheAverageSinceTheLastLook) {
  Pace pace;
  EXPECT_FALSE(pace.is_running());
  pace.begin(start, 500);
  EXPECT_TRUE(pace.is_running());
  EXPECT_EQ(pace.age(start + seconds(10)), seconds(10));
  EXPECT_TRUE(pace.keeps_up(start + seconds(10), 500 + 1280, 128));
  EXPECT_FALSE(pace.keeps_up(start + seconds(20), 1780 + 1279, 128));
  EXPECT_TRUE(pace.keeps_up(start + seconds(21), 3059 + 128, 128));
}

TEST(Pace, WithoutARateAnyByteIsEnough) {
  Pace pace;
  pace.begin(start, 0);
  EXPECT_TRUE(pace.keeps_up(start + seconds(100), 1, 0));
  EXPECT_FALSE(pace.keeps_up(start + seconds(200), 1, 0));
}

}  // namespace
}  // namespace temps::proxy
