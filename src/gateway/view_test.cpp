#include "gateway/view.hpp"

#include <gtest/gtest.h>

#include "routing/latency.hpp"

namespace temps::gateway {
namespace {

TEST(ProxyView, ShowsQuantilesInMilliseconds) {
  routing::Answers answers{.success = 100, .server_error = 1};
  answers.latencies.resize(routing::latency_buckets);
  answers.latencies[routing::latency_bucket(std::chrono::milliseconds(20))] = 101;
  const auto shown =
      view({.version = 7,
            .upstreams = {{.id = "deployment-1",
                           .release = "shop/production/1",
                           .answers = answers,
                           .health = routing::Health::out}},
            .report = routing::Report{.answers = answers,
                                      .certificates = {{.names = {"a.example"}, .expires = 1},
                                                       {.names = {"b.example"}}}}});
  EXPECT_NEAR(shown.latency.p99.value(), 20, 4);
  EXPECT_EQ(shown.upstreams.at(0).answers, 101);
  EXPECT_EQ(shown.upstreams.at(0).statuses.s5xx, 1);
  EXPECT_EQ(shown.upstreams.at(0).health, routing::Health::out);
  EXPECT_EQ(shown.certificates.at(0).expires_at, Instant(std::chrono::seconds(1)));
  EXPECT_FALSE(shown.certificates.at(1).expires_at.has_value());
}

TEST(ProxyView, TellsWhatIsMissingInTheAccessLog) {
  const routing::AccessLogReport log{.share = 0.5, .written = 9, .lost = 2, .given_up = 3};
  const auto shown = view({.report = routing::Report{.access_log = log}});
  EXPECT_EQ(shown.access_log.value().written, 9);
  EXPECT_EQ(shown.access_log.value().lost, 2);
  EXPECT_EQ(shown.access_log.value().given_up, 3);
  EXPECT_FALSE(view({}).access_log);
}

TEST(ProxyView, AProxyThatHasAnsweredNothingHasNoLatency) {
  const auto shown = view({});
  EXPECT_FALSE(shown.latency.p50.has_value());
  EXPECT_TRUE(shown.upstreams.empty());
}

}  // namespace
}  // namespace temps::gateway
