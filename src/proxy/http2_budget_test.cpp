#include "proxy/http2_budget.hpp"

#include <gtest/gtest.h>

namespace temps::proxy {
namespace {

using std::chrono::seconds;
constexpr Allowance::TimePoint start{seconds(1000)};

TEST(Allowance, FillsAgainWithTimeAndByEarningButNotBeyond) {
  Allowance allowance(3, 2);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(allowance.take(start));
  EXPECT_FALSE(allowance.take(start));
  EXPECT_TRUE(allowance.take(start + seconds(1)));
  EXPECT_TRUE(allowance.take(start + seconds(1)));
  EXPECT_FALSE(allowance.take(start + seconds(1)));
  allowance.earn(100);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(allowance.take(start + seconds(1)));
  EXPECT_FALSE(allowance.take(start + seconds(1)));
  EXPECT_FALSE(allowance.take(start));  // a clock that stands still, or an older time
}

TEST(Http2Budget, ADownloadMayOpenItsWindows) {
  Http2Budget budget;
  for (int i = 0; i < 100'000; ++i) {
    budget.note_data_sent();
    ASSERT_TRUE(budget.note_idle_frame(start));  // of the stream
    ASSERT_TRUE(budget.note_idle_frame(start));  // of the connection
  }
}

TEST(Http2Budget, AnUploadMayMeasureItsPath) {
  Http2Budget budget;
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(budget.note_bytes(1024));
    budget.note_progress();
    ASSERT_TRUE(budget.note_idle_frame(start));  // a PING for each batch
  }
}

TEST(Http2Budget, FramesAndBytesThatBringNothingEnd) {
  Http2Budget budget;
  int frames = 0;
  while (budget.note_idle_frame(start)) ++frames;
  EXPECT_EQ(frames, 1000);
  int errors = 0;
  while (budget.note_stream_error(start)) ++errors;
  EXPECT_EQ(errors, 200);
  int reads = 0;
  while (budget.note_bytes(1024)) ++reads;
  EXPECT_EQ(reads, 4096);
}

}  // namespace
}  // namespace temps::proxy
