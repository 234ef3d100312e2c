// What environments ask of the edge, seen from outside, over HTTP/1 and HTTP/2.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Policies : public ProxyTest {
 protected:
  Origin origin{answering([](const Message& request) {
    return response("the app saw " + std::to_string(request.body.size()),
                    "Server: app\r\nX-Frame-Options: ALLOW\r\n");
  })};

  void serve(routing::Policy policy) {
    add_app("shop.test", {origin.address()});
    table.routes.back().policy = std::move(policy);
    table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
    start();
  }
};

TEST_F(Policies, ResponseHeadersTakeThePlaceOfTheApps) {
  serve({.response_headers = {{"X-Frame-Options", "DENY"}, {"X-New", "1"}}});
  const auto answer = ask(get("/"));
  EXPECT_EQ(answer.status(), 200);
  EXPECT_THAT(answer.head, HasSubstr("X-Frame-Options: DENY\r\n"));
  EXPECT_THAT(answer.head, Not(HasSubstr("ALLOW")));
  EXPECT_EQ(answer.field("X-New"), "1");
  EXPECT_EQ(answer.field("Server"), "app");
  TlsPeer tls(tls_address(), {.name = "shop.test", .protocols = {"h2"}});
  ASSERT_TRUE(tls.shake_hands());
  Http2Peer peer(tls);
  const auto over_http2 = peer.ask(Http2Peer::get("/"));
  EXPECT_EQ(over_http2.fields.at("x-frame-options"), "DENY");
  EXPECT_EQ(over_http2.fields.at("x-new"), "1");
}

TEST_F(Policies, MaintenanceBeginsAndEndsWithTheTable) {
  serve({.maintenance = true, .response_headers = {{"X-New", "1"}}});
  const auto answer = ask(get("/"));
  EXPECT_EQ(answer.status(), 503);
  EXPECT_EQ(answer.field("Retry-After"), "300");
  EXPECT_EQ(answer.field("X-New"), "1");
  EXPECT_THAT(answer.body, HasSubstr("maintenance"));
  EXPECT_EQ(origin.accepted(), 0);
  table.routes.back().policy.reset();
  EXPECT_EQ(load_next().error, "");
  EXPECT_EQ(ask(get("/")).status(), 200);
}

TEST_F(Policies, ClientsBeyondTheirRateAreAskedToWait) {
  serve({.requests_per_minute = 3});
  auto peer = client();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(peer.ask(get("/")).status(), 200);
  const auto answer = peer.ask(get("/"));
  EXPECT_EQ(answer.status(), 429);
  EXPECT_EQ(answer.field("Retry-After"), "20");
  EXPECT_EQ(ask(get("/")).status(), 429);  // on another connection, maybe another loop
}

TEST_F(Policies, AskForAPassword) {
  serve({.user = "ann", .password = "4a656665:00"});
  const auto answer = ask(get("/"));
  EXPECT_EQ(answer.status(), 401);
  EXPECT_THAT(answer.field("WWW-Authenticate"), ::testing::StartsWith("Basic "));
  EXPECT_EQ(origin.accepted(), 0);
}

TEST_F(Policies, HaveLimitsOfTheirOwn) {
  serve({.body_bytes_max = 10, .first_byte_seconds = 1});
  const std::string post = "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: ";
  EXPECT_EQ(ask(post + "10\r\n\r\n0123456789").body, "the app saw 10");
  EXPECT_EQ(ask(post + "11\r\n\r\n01234567890").status(), 413);
}

TEST_F(Policies, AnAppMayHaveLessTimeThanOthers) {
  Origin slow([](Peer& peer) {
    peer.read_message();
    peer.read_rest();
  });
  add_app("slow.test", {slow.address()});
  table.routes.back().policy = routing::Policy{.first_byte_seconds = 1};
  start();
  EXPECT_EQ(ask(get("/", "", "slow.test")).status(), 504);
}

}  // namespace
}  // namespace temps::proxy::testing
