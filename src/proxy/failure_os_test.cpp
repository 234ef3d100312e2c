// What clients see when upstreams, clients or messages misbehave.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "proxy/fixture_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

class Failures : public ProxyTest {
 protected:
  Failures() { threads = 1; }
  void serve(Origin& origin) {
    add_app("shop.test", {origin.address()});
    start();
  }
  // A port on which nobody listens.
  static std::string closed_address() {
    Origin origin([](Peer&) {});
    return origin.address();
  }
};

// Answers the first request on each connection, takes the second and hangs up.
void answer_once(Peer& peer) {
  if (peer.read_message().is_whole) peer.write(response("fresh"));
  peer.read_until("\r\n\r\n");
}

TEST_F(Failures, RetriesOnceWhenAPooledConnectionWasClosed) {
  Origin origin(answer_once);
  serve(origin);
  auto peer = client();
  for (int i = 0; i < 5; ++i) ASSERT_EQ(peer.ask(get("/")).body, "fresh");
  EXPECT_EQ(origin.accepted(), 5);
}

TEST_F(Failures, DoesNotSendAPostTwice) {
  std::atomic<int> posts{0};
  Origin origin([&](Peer& peer) {
    for (;;) {
      const auto request = peer.read_message();
      if (!request.is_whole) return;
      if (request.head.starts_with("POST")) {
        ++posts;
        return;  // taken, and no answer
      }
      peer.write(response("ok"));
    }
  });
  serve(origin);
  auto peer = client();
  ASSERT_EQ(peer.ask(get("/")).status(), 200);
  EXPECT_EQ(peer.ask("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 1\r\n\r\nx").status(),
            502);
  EXPECT_EQ(peer.ask(get("/")).status(), 200);
  EXPECT_EQ(peer.ask("POST / HTTP/1.1\r\nHost: shop.test\r\n\r\n").status(), 502);
  EXPECT_EQ(posts, 2);
}

TEST_F(Failures, APostAfterASilentCloseGetsAFreshConnection) {
  std::atomic<int> closed{0};
  Origin origin([&](Peer& peer) {
    if (peer.read_message().is_whole) peer.write(response("ok"));
    peer.finish_writing();
    ++closed;
  });
  serve(origin);
  for (int i = 1; i <= 20; ++i) {
    ASSERT_EQ(ask("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 1\r\n\r\nx").status(),
              200);
    ASSERT_TRUE(eventually([&] { return closed >= i; }));
  }
}

TEST_F(Failures, AnotherUpstreamAnswersWhereOneRefuses) {
  Origin origin(answering([](const Message&) { return response("alive"); }));
  add_app("shop.test", {closed_address(), origin.address()});
  start();
  for (int i = 0; i < 10; ++i)
    ASSERT_EQ(ask("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 2\r\n\r\nhi").body,
              "alive");
}

TEST_F(Failures, SpreadsRequestsOverUpstreams) {
  Origin one(answering([](const Message&) { return response("1"); }));
  Origin two(answering([](const Message&) { return response("2"); }));
  add_app("shop.test", {one.address(), two.address()});
  start();
  int ones = 0;
  for (int i = 0; i < 20; ++i) ones += ask(get("/")).body == "1";
  EXPECT_EQ(ones, 10);
}

TEST_F(Failures, ABrokenResponseIsSeenAsBroken) {
  Origin origin([](Peer& peer) {
    const auto head = peer.read_until("\r\n\r\n");
    if (head.starts_with("GET /length")) {
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    } else if (head.starts_with("GET /chunk")) {
      peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
    } else {
      peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalfX");
    }
  });
  serve(origin);
  for (const auto* path : {"/length", "/chunk", "/garbage"}) {
    auto peer = client();
    const auto answer = peer.ask(get(path));
    EXPECT_EQ(answer.status(), 200) << path;
    EXPECT_FALSE(answer.is_whole) << path;
  }
  EXPECT_TRUE(eventually([&] { return in_flight("shop.test-1") == 0; }));
}

TEST_F(Failures, AnUnreadableResponseIsABadGateway) {
  for (const std::string& answer :
       {std::string("nonsense\r\n\r\n"), std::string("HTTP/1.1 200 OK\r\nA : b\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        std::string("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
        std::string("HTTP/1.1 20"), std::string()}) {
    Origin origin([&](Peer& peer) {
      peer.read_until("\r\n\r\n");
      peer.write(answer);
    });
    table = {.version = 1};
    serve(origin);
    EXPECT_EQ(ask(get("/")).status(), 502) << answer;
    proxy.reset();
  }
}

TEST_F(Failures, SaysInWordsWhatIsWrong) {
  add_app("down.test", {closed_address()});
  table.routes.push_back({.host = "empty.test"});
  table.console = routing::Upstream{"console", closed_address()};
  limits.console_wait = milliseconds(0);
  start();
  const auto unknown = ask(get("/", "", "shoop.test"));
  EXPECT_EQ(unknown.status(), 404);
  EXPECT_THAT(unknown.body, HasSubstr("shoop.test"));
  EXPECT_THAT(unknown.body, HasSubstr(unknown.field("X-Request-ID")));
  const auto down = ask(get("/", "", "down.test"));
  EXPECT_EQ(down.status(), 503);
  EXPECT_EQ(down.field("Retry-After"), "5");
  const auto empty = ask(get("/", "", "empty.test"));
  EXPECT_EQ(empty.status(), 503);
  EXPECT_THAT(empty.body, HasSubstr("Nothing is deployed here yet"));
  EXPECT_THAT(ask(get("/", "", "127.0.0.1")).body, HasSubstr("The console is not running"));
  const auto problem = ask(get("/", "Accept: application/json\r\n", "down.test"));
  EXPECT_EQ(problem.field("Content-Type"), "application/problem+json");
  EXPECT_THAT(problem.body, HasSubstr(R"("code":"proxy.app_unavailable")"));
  const auto head = client().ask("HEAD / HTTP/1.1\r\nHost: no.test\r\n\r\n", Peer::Body::none);
  EXPECT_EQ(head.status(), 404);
  EXPECT_EQ(client().ask("CONNECT a.test:1 HTTP/1.1\r\nHost: a.test:1\r\n\r\n").status(), 405);
}

TEST_F(Failures, APageKeepsTheConnectionWhereTheBodyIsHere) {
  start();
  auto peer = client();
  const std::string post =
      "POST / HTTP/1.1\r\nHost: no.test\r\nContent-Length: 3\r\n\r\nabc" + get("/x");
  EXPECT_EQ(peer.ask(post).status(), 404);
  EXPECT_EQ(peer.read_message().status(), 404);
  EXPECT_EQ(peer.ask("POST / HTTP/1.1\r\nHost: no.test\r\nContent-Length: 9\r\n\r\nabc").status(),
            404);
  EXPECT_TRUE(peer.is_closed_by_peer());
}

TEST_F(Failures, GivesUpOnAnAppThatDoesNotAnswer) {
  Origin origin([](Peer& peer) { peer.read_rest(); });
  limits.first_byte = milliseconds(150);
  serve(origin);
  auto peer = client();
  EXPECT_EQ(peer.ask(get("/")).status(), 504);
  EXPECT_EQ(peer.ask(get("/")).status(), 504);  // the client's connection is fine
  EXPECT_EQ(in_flight("shop.test-1"), 0);
}

TEST_F(Failures, WaitsForASlowStreamWithoutLimit) {
  Origin origin([](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
    std::this_thread::sleep_for(milliseconds(500));
    peer.write("1\r\nb\r\n0\r\n\r\n");
  });
  limits.first_byte = limits.send_idle = limits.connect = milliseconds(100);
  serve(origin);
  const auto answer = ask(get("/"));
  EXPECT_TRUE(answer.is_whole);
  EXPECT_EQ(answer.body, "ab");
}

TEST_F(Failures, SlowHeadsAndIdleConnectionsEnd) {
  limits.header = milliseconds(150);
  limits.keep_alive = milliseconds(400);
  start();
  auto slow = client();
  slow.write("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(slow.read_message().status(), 408);
  auto idle = client();
  EXPECT_TRUE(idle.is_closed_by_peer());
}

TEST_F(Failures, AStalledUploadEnds) {
  Origin origin([](Peer& peer) { peer.read_rest(); });
  limits.upload_idle = milliseconds(150);
  serve(origin);
  EXPECT_EQ(
      client().ask("PUT / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 9\r\n\r\nabc").status(),
      408);
}

TEST_F(Failures, TooLargeBodiesAreRefusedForAppsOnly) {
  Origin origin(answering([](const Message& request) { return response(request.body); }));
  limits.body_bytes = 10;
  table.console = routing::Upstream{"console", origin.address()};
  serve(origin);
  const auto post = [](std::string_view host, std::string_view rest) {
    return "POST / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n" + std::string(rest);
  };
  const std::string counted = "Content-Length: 11\r\n\r\n12345678901";
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n";
  EXPECT_EQ(ask(post("shop.test", counted)).status(), 413);
  EXPECT_EQ(ask(post("shop.test", chunked)).status(), 413);
  EXPECT_EQ(ask(post("127.0.0.1:80", counted)).body, "12345678901");
  EXPECT_EQ(ask(post("[::1]", chunked)).body, "12345678901");
}

}  // namespace
}  // namespace temps::proxy::testing
