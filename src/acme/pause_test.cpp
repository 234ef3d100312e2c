#include "acme/pause.hpp"

#include <gtest/gtest.h>

namespace temps::acme {
namespace {

using namespace std::chrono_literals;

TEST(Pause, GrowsToTenSeconds) {
  Pause pause;
  EXPECT_EQ(pause.next({}), 500ms);
  EXPECT_EQ(pause.next({}), 750ms);
  for (int i = 0; i < 20; ++i) (void)pause.next({});
  EXPECT_EQ(pause.next({}), 10s);
}

TEST(Pause, TakesWhatTheAuthorityAsksForWithinLimits) {
  Pause pause;
  EXPECT_EQ(pause.next(0s), 500ms);
  EXPECT_EQ(pause.next(30s), 30s);
  EXPECT_EQ(pause.next(24h), 1min);
}

}  // namespace
}  // namespace temps::acme
