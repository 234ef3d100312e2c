// The metrics as Prometheus reads them, over real sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "proxy/errors.hpp"
#include "proxy/fixture_for_tests.hpp"
#include "proxy/metrics.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;

class MetricsTest : public ProxyTest {
 protected:
  MetricsTest() { metrics_listen = "127.0.0.1:0"; }
  [[nodiscard]] Message scrape(std::string_view path = "/metrics",
                               std::string_view host = "localhost:9145") const {
    return Peer::to(proxy->metrics_address()).ask(get(path, {}, host));
  }
};

TEST_F(MetricsTest, TellWhatTheProxyHasDone) {
  Origin origin(answering([](const Message&) { return response("x"); }));
  add_app("shop.test", {origin.address()});
  table.routes[0].release = "shop/production/1";
  start();
  EXPECT_EQ(ask(get("/")).status(), 200);
  EXPECT_EQ(ask(get("/", {}, "other.test")).status(), 404);
  ASSERT_TRUE(eventually([&] { return control({.report = true}).connections == 0; }));
  const auto answer = scrape();
  EXPECT_EQ(answer.field("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const auto* line :
       {"# TYPE temps_proxy_responses_total counter\n",
        "\ntemps_proxy_responses_total{class=\"2xx\"} 1\n",
        "\ntemps_proxy_responses_total{class=\"4xx\"} 1\n", "\ntemps_proxy_requests_total 2\n",
        "\ntemps_proxy_connections 0\n", "\ntemps_proxy_response_seconds_count 2\n",
        "\ntemps_upstream_responses_total{upstream=\"shop.test-1\","
        "release=\"shop/production/1\",class=\"2xx\"} 1\n",
        "\ntemps_upstream_response_seconds_bucket{upstream=\"shop.test-1\","
        "release=\"shop/production/1\",le=\"+Inf\"} 1\n"})
    EXPECT_THAT(answer.body, HasSubstr(line));
}

TEST_F(MetricsTest, AreForThisMachineAlone) {
  start();
  EXPECT_EQ(scrape("/metrics", "evil.test").status(), 421);
  EXPECT_EQ(scrape("/").status(), 404);
  EXPECT_EQ(Peer::to(proxy->metrics_address())
                .ask("POST /metrics HTTP/1.1\r\nHost: localhost\r\n"
                     "Content-Length: 0\r\n\r\n")
                .status(),
            405);
  EXPECT_EQ(Peer::to(proxy->metrics_address()).ask("nonsense\r\n\r\n").status(), 400);
  const auto open = Proxy::start({.listen = {"127.0.0.1:0"}, .metrics_listen = "0.0.0.0:0"});
  ASSERT_FALSE(open.has_value());
  EXPECT_THAT(std::string(open.error().detail()), HasSubstr("127.0.0.1:9145"));
}

TEST(MetricsText, EscapesLabels) {
  EXPECT_THAT(metrics_text({.upstreams = {{.id = "a\"b\\c\n"}}}),
              HasSubstr("temps_upstream_in_flight{upstream=\"a\\\"b\\\\c\\n\",release=\"\"} 0\n"));
}

}  // namespace
}  // namespace temps::proxy::testing
