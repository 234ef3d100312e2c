#include "routing/latency.hpp"

#include <gmock/gmock.h>

#include <array>
#include <vector>

namespace temps::routing {
namespace {

using namespace std::chrono_literals;

TEST(Latency, EveryBucketBeginsWhereTheOneBeforeEnds) {
  for (std::size_t i = 0; i + 1 < latency_buckets; ++i) {
    const std::chrono::duration<double> end(*latency_bucket_end(i));
    const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(end);
    EXPECT_EQ(latency_bucket(nanos - 2us), i) << i;
    EXPECT_EQ(latency_bucket(nanos + 2us), i + 1) << i;
  }
  EXPECT_FALSE(latency_bucket_end(latency_buckets - 1));
}

TEST(Latency, ExtremesHaveABucketToo) {
  EXPECT_EQ(latency_bucket(-5s), 0U);
  EXPECT_EQ(latency_bucket(0s), 0U);
  EXPECT_EQ(latency_bucket(std::chrono::nanoseconds::max()), latency_buckets - 1);
}

TEST(Latency, AQuantileIsAtMostAFifthOff) {
  std::vector<std::int64_t> counts(latency_buckets);
  for (int i = 1; i <= 1000; ++i) ++counts[latency_bucket(std::chrono::milliseconds(i))];
  EXPECT_NEAR(*latency_quantile(counts, 0.5), 0.5, 0.1);
  EXPECT_NEAR(*latency_quantile(counts, 0.95), 0.95, 0.19);
  EXPECT_NEAR(*latency_quantile(counts, 0.99), 0.99, 0.2);
}

TEST(Latency, OfNothingThereIsNoQuantile) {
  EXPECT_FALSE(latency_quantile(std::array<std::int64_t, latency_buckets>{}, 0.5));
  EXPECT_FALSE(latency_quantile({}, 0.5));
}

}  // namespace
}  // namespace temps::routing
