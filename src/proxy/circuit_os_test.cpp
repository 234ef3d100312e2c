// Apps that take connections and do not answer are left alone for a while.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view post = "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 0\r\n\r\n";

class Circuit : public ProxyTest {
 protected:
  Circuit() {
    threads = 1;
    wait_seconds = 10;
  }
  std::atomic<bool> is_well{false};
  std::atomic<int> asked{0};   // by visitors
  std::atomic<int> checks{0};  // by the proxy itself

  Origin::Serve app() {
    return [this](Peer& peer) {
      for (;;) {
        const auto request = peer.read_message();
        if (!request.is_whole) return;
        ++(request.head.starts_with("GET /health ") ? checks : asked);
        if (!is_well || !peer.write(response("well"))) return;
      }
    };
  }
  [[nodiscard]] routing::Health health(const std::string& id = "shop.test-1") const {
    for (const auto& load : control({.report = true}).upstreams)
      if (load.id == id) return load.health;
    return routing::Health::ok;
  }
  void fail_until_out() {
    for (int i = 0; i < 5; ++i) {
      EXPECT_NE(health(), routing::Health::out);
      EXPECT_EQ(ask(post).status(), 502);
    }
    EXPECT_TRUE(eventually([&] { return ask(post).status() == 503; }));
    EXPECT_EQ(health(), routing::Health::out);
  }
};

TEST_F(Circuit, AfterFiveFailuresVisitorsAreToldAtOnceUntilOneTrialWorks) {
  Origin origin(app());
  add_app("shop.test", {origin.address()});
  start();
  fail_until_out();
  const int asked_before = asked;
  const auto answer = ask(get("/", "Accept: application/json\r\n"));
  if (answer.status() == 503) {
    EXPECT_EQ(answer.field("Retry-After"), "1");
    EXPECT_THAT(answer.body, HasSubstr(R"("code":"proxy.app_unavailable")"));
    EXPECT_EQ(asked, asked_before);
  }
  is_well = true;
  EXPECT_TRUE(eventually([&] { return ask(post).status() == 200; }));
  EXPECT_EQ(health(), routing::Health::ok);
}

TEST_F(Circuit, AnotherUpstreamAnswersMeanwhile) {
  Origin bad(app());
  Origin good(answering([](const Message&) { return response("good"); }));
  add_app("shop.test", {bad.address(), good.address()});
  start();
  EXPECT_TRUE(eventually([&] {
    (void)ask(post);
    return health() == routing::Health::out;
  }));
  EXPECT_EQ(health("shop.test-2"), routing::Health::ok);
  // Only trials go there, one a second at most.
  const int asked_before = asked;
  int failed = 0;
  for (int i = 0; i < 50; ++i) failed += ask(post).status() != 200;
  EXPECT_LE(asked - asked_before, 25);
  EXPECT_EQ(failed, asked - asked_before);
  is_well = true;
  EXPECT_TRUE(eventually([&] { return ask(post).body == "well"; }));
}

TEST_F(Circuit, AHealthPathBringsItBackWithoutAVisitor) {
  Origin origin(app());
  add_app("shop.test", {origin.address()});
  table.routes.front().upstreams.front().health_path = "/health";
  start();
  fail_until_out();
  EXPECT_TRUE(eventually([&] { return checks >= 1; }));
  EXPECT_EQ(health(), routing::Health::out);
  is_well = true;
  EXPECT_TRUE(eventually([&] { return health() == routing::Health::ok; }));
  EXPECT_EQ(ask(post).status(), 200);
}

// Or visitors could take an app down for all others.
TEST_F(Circuit, RequestsThatTheAppCannotUnderstandAreNotHeldAgainstIt) {
  Origin origin(answering([](const Message&) { return response("ok"); }));
  add_app("shop.test", {origin.address()});
  start();
  auto plain = client();
  Http2Peer peer(plain);
  for (int i = 0; i < 8; ++i) {
    auto call = Http2Peer::post("/");
    call.emplace_back("content-type", "application/grpc");
    call.emplace_back("te", "trailers");
    EXPECT_EQ(peer.ask(call).fields.at("grpc-status"), "14");
  }
  EXPECT_EQ(health(), routing::Health::ok);
  EXPECT_EQ(ask(get("/")).body, "ok");
}

TEST_F(Circuit, AnAppThatWaitsForMoreOfAnHttp2GreetingIsNotLeftAlone) {
  limits.connect = std::chrono::milliseconds(100);
  Origin origin([](Peer& peer) {
    const auto begin = peer.read_until("\r\n\r\n");
    if (begin.starts_with("PRI")) {
      peer.read_rest();
    } else {
      peer.write(response("ok"));
    }
  });
  add_app("shop.test", {origin.address()});
  start();
  auto plain = client();
  Http2Peer peer(plain);
  for (int i = 0; i < 6; ++i) {
    auto call = Http2Peer::post("/");
    call.emplace_back("content-type", "application/grpc");
    call.emplace_back("te", "trailers");
    EXPECT_EQ(peer.ask(call).fields.at("grpc-status"), "4");
  }
  EXPECT_EQ(health(), routing::Health::ok);
  EXPECT_EQ(ask(get("/")).body, "ok");
}

TEST_F(Circuit, AnAppWithoutAnswersIsLeftAloneLikeOneThatCutsOff) {
  limits.first_byte = std::chrono::milliseconds(100);
  Origin origin([](Peer& peer) { peer.read_rest(); });
  add_app("shop.test", {origin.address()});
  start();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(get("/")).status(), 504);
  EXPECT_TRUE(eventually([&] { return ask(get("/")).status() == 503; }));
}

TEST_F(Circuit, ATableWithoutItIsItsPardon) {
  Origin origin(app());
  add_app("shop.test", {origin.address()});
  start();
  fail_until_out();
  is_well = true;
  const auto routes = std::exchange(table.routes, {});
  EXPECT_EQ(load_next().error, "");
  table.routes = routes;
  EXPECT_EQ(load_next().error, "");
  EXPECT_EQ(ask(post).status(), 200);
}

}  // namespace
}  // namespace temps::proxy::testing
