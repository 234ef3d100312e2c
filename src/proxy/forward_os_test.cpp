// Requests and responses through the proxy, with real sockets on the loopback address.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "proxy/fixture_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Forwarding : public ProxyTest {
 protected:
  // One app, shop.test, at this origin.
  void serve(Origin& origin) {
    add_app("shop.test", {origin.address()});
    start();
  }
};

TEST_F(Forwarding, KeepsConnectionsOnBothSides) {
  Origin origin(answering([](const Message& request) { return response(request.head); }));
  threads = 1;
  serve(origin);
  auto peer = client();
  for (int i = 0; i < 20; ++i) {
    const auto answer = peer.ask(get("/a?b=" + std::to_string(i)));
    ASSERT_EQ(answer.status(), 200);
    ASSERT_THAT(answer.body, HasSubstr("GET /a?b=" + std::to_string(i) + " HTTP/1.1\r\n"));
  }
  EXPECT_EQ(origin.accepted(), 1);
}

TEST_F(Forwarding, PathsOfTempsOnAnAppsHostReachTheConsole) {
  Origin app(answering([](const Message&) { return response("app"); }));
  Origin console(answering([](const Message& request) { return response(request.head); }));
  table.console = routing::Upstream{"console", console.address()};
  add_app("shop.test", {app.address()});
  add_app("own.test", {app.address()});
  table.routes[0].release = "shop/production/1";
  table.routes[1].release = "own/production/1";
  table.routes[1].first_party = false;
  start();
  for (const auto* path : {"/_temps/script.js", "/api/_temps/event"}) {
    const auto answer = ask(get(path, "x-temps-release: evil\r\nX_Temps_Release: evil\r\n"));
    EXPECT_THAT(answer.body, HasSubstr("\r\nX-Temps-Release: shop/production/1\r\n")) << path;
    EXPECT_THAT(answer.body, HasSubstr("\r\nHost: shop.test\r\n")) << path;
    EXPECT_THAT(answer.body, Not(HasSubstr("evil"))) << path;
  }
  EXPECT_EQ(ask(get("/_tempsish")).body, "app");
  EXPECT_EQ(ask(get("/_temps/script.js", {}, "own.test")).body, "app");
  EXPECT_THAT(ask(get("/_temps/x", "X-Temps-Release: evil\r\n", "127.0.0.1")).body,
              Not(HasSubstr("evil")));
}

TEST_F(Forwarding, RebuildsForwardingFieldsAndDropsHopByHopOnes) {
  Origin origin(answering([](const Message& request) {
    return response(request.head,
                    "Connection: X-Private, keep-alive\r\nX-Private: 1\r\n"
                    "Keep-Alive: timeout=5\r\nX-Public: 2\r\n");
  }));
  serve(origin);
  const auto answer = ask(get("/",
                              "X-Forwarded-For: 6.6.6.6\r\nX_Forwarded_For: 7.7.7.7\r\n"
                              "Forwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\n"
                              "X-Request-ID: abc-123\r\nConnection: X-Drop\r\nX-Drop: 1\r\n"
                              "TE: trailers\r\nProxy-Authorization: x\r\nCookie: a=b\r\n",
                              "Shop.TEST.:8080"));
  EXPECT_EQ(answer.status(), 200);
  EXPECT_THAT(answer.body, HasSubstr("X-Forwarded-For: 127.0.0.1\r\n"));
  EXPECT_THAT(answer.body, HasSubstr("X-Forwarded-Proto: http\r\n"));
  EXPECT_THAT(answer.body, HasSubstr("X-Forwarded-Host: Shop.TEST.:8080\r\n"));
  EXPECT_THAT(answer.body, HasSubstr("Host: Shop.TEST.:8080\r\n"));
  EXPECT_THAT(answer.body, HasSubstr("X-Request-ID: abc-123\r\n"));
  EXPECT_THAT(answer.body, HasSubstr("Cookie: a=b\r\n"));
  for (const auto* gone : {"6.6.6.6", "7.7.7.7", "X-Drop", "TE:", "Proxy-Authorization"})
    EXPECT_THAT(answer.body, Not(HasSubstr(gone)));
  EXPECT_THAT(answer.head, HasSubstr("X-Public: 2"));
  EXPECT_THAT(answer.head, Not(HasSubstr("X-Private")));
  EXPECT_THAT(answer.head, Not(HasSubstr("Keep-Alive")));
  EXPECT_EQ(answer.field("X-Request-ID"), "abc-123");
}

TEST_F(Forwarding, MakesARequestIdWhereTheClientsIsNotSane) {
  Origin origin(answering([](const Message& request) { return response(request.head); }));
  serve(origin);
  const auto answer = ask(get("/", "X-Request-ID: a b\"c\r\n"));
  EXPECT_EQ(answer.field("X-Request-ID").size(), 32U);
  EXPECT_THAT(answer.body, HasSubstr(answer.field("X-Request-ID")));
}

TEST_F(Forwarding, AnswersPipelinedRequestsInOrder) {
  Origin origin(answering([](const Message& request) {
    return response(request.head.substr(0, request.head.find(' ', 5)) + request.body);
  }));
  serve(origin);
  auto peer = client();
  std::string all;
  for (int i = 0; i < 100; ++i) {
    all += get("/" + std::to_string(i));
    all += "POST /p HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 3\r\n\r\nabc";
    all +=
        "POST /c HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n"
        "2\r\nde\r\n1\r\nf\r\n0\r\n\r\n";
  }
  peer.write(all);
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(peer.read_message().body, "GET /" + std::to_string(i));
    ASSERT_EQ(peer.read_message().body, "POST /pabc");
    ASSERT_EQ(peer.read_message().body, "POST /cdef");
  }
}

TEST_F(Forwarding, StreamsChunksBothWaysAsTheyCome) {
  Origin origin([](Peer& peer) {
    const auto head = peer.read_until("\r\n\r\n");
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    // Each chunk is echoed before the next one is sent.
    for (int i = 0; i < 5; ++i) {
      const auto line = peer.read_until("\r\n");
      const auto data = peer.read_exactly(*parse_number<std::size_t>(trimmed(line), 16) + 2);
      peer.write(line + data);
    }
    peer.read_until("0\r\n\r\n");
    peer.write("0\r\nTrailer: x\r\n\r\n");
  });
  serve(origin);
  auto peer = client();
  peer.write("POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n");
  const auto head = peer.read_until("\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Transfer-Encoding: chunked"));
  for (int i = 0; i < 5; ++i) {
    peer.write("5;ext=1\r\nhello\r\n");
    EXPECT_EQ(peer.read_until("hello\r\n"), "5\r\nhello\r\n");
  }
  peer.write("0\r\n\r\n");
  EXPECT_EQ(peer.read_until("0\r\n\r\n"), "0\r\n\r\n");
}

TEST_F(Forwarding, GivesAResponseWithoutLengthAsChunksOrUntilClose) {
  Origin origin([](Peer& peer) {
    peer.read_message();
    peer.write("HTTP/1.0 200 OK\r\n\r\nfirst ");
    peer.write("second");
  });
  serve(origin);
  auto peer = client();
  const auto chunked = peer.ask(get("/"));
  EXPECT_EQ(chunked.field("Transfer-Encoding"), "chunked");
  EXPECT_TRUE(chunked.is_whole);
  EXPECT_EQ(chunked.body, "first second");
  EXPECT_EQ(peer.ask(get("/")).body, "first second");  // and the connection goes on
  const auto old = ask("GET / HTTP/1.0\r\nHost: shop.test\r\n\r\n");
  EXPECT_EQ(old.field("Transfer-Encoding"), "");
  EXPECT_EQ(old.field("Connection"), "close");
  EXPECT_EQ(old.body, "first second");
}

TEST_F(Forwarding, KeepsAnHttp10ConnectionOnlyWhenAsked) {
  Origin origin(answering([](const Message&) { return response("x"); }));
  serve(origin);
  auto peer = client();
  const std::string keep = "GET / HTTP/1.0\r\nHost: shop.test\r\nConnection: keep-alive\r\n\r\n";
  EXPECT_EQ(peer.ask(keep).field("Connection"), "keep-alive");
  EXPECT_EQ(peer.ask(keep).body, "x");
  EXPECT_EQ(peer.ask("GET / HTTP/1.0\r\nHost: shop.test\r\n\r\n").body, "x");
  EXPECT_TRUE(peer.is_closed_by_peer());
}

TEST_F(Forwarding, HeadAnd204And304HaveNoBody) {
  Origin origin(answering([](const Message& request) -> std::string {
    if (request.head.starts_with("HEAD")) return "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n";
    if (request.head.starts_with("GET /304"))
      return "HTTP/1.1 304 Not Modified\r\nContent-Length: 98\r\n\r\n";
    if (request.head.starts_with("GET /204")) return "HTTP/1.1 204 No Content\r\n\r\n";
    return response("end");
  }));
  serve(origin);
  auto peer = client();
  const auto head = peer.ask("HEAD / HTTP/1.1\r\nHost: shop.test\r\n\r\n", Peer::Body::none);
  EXPECT_EQ(head.field("Content-Length"), "99");
  EXPECT_EQ(peer.ask(get("/304")).field("Content-Length"), "98");
  EXPECT_EQ(peer.ask(get("/204")).status(), 204);
  EXPECT_EQ(peer.ask(get("/")).body, "end");
}

TEST_F(Forwarding, PassesInterimResponsesOn) {
  Origin origin([](Peer& peer) {
    const auto head = peer.read_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Expect: 100-continue"));
    peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
    peer.write(response(peer.read_exactly(5)));
  });
  serve(origin);
  auto peer = client();
  peer.write(
      "PUT / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  const auto hints = peer.read_message();
  EXPECT_EQ(hints.status(), 103);
  EXPECT_EQ(hints.field("Link"), "</a>");
  EXPECT_EQ(peer.read_message().status(), 100);
  peer.write("hello");
  EXPECT_EQ(peer.read_message().body, "hello");
}

TEST_F(Forwarding, AnEarlyAnswerEndsTheConnection) {
  Origin origin([](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    peer.read_rest();
  });
  serve(origin);
  auto peer = client();
  peer.write("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 50000000\r\n\r\nabc");
  const auto answer = peer.read_message();
  EXPECT_EQ(answer.status(), 403);
  EXPECT_EQ(answer.body, "no");
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_TRUE(peer.is_closed_by_peer());
}

TEST_F(Forwarding, TunnelsAfterAnUpgrade) {
  Origin origin([](Peer& peer) {
    const auto head = peer.read_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Connection: upgrade\r\n"));
    EXPECT_THAT(head, HasSubstr("Upgrade: websocket\r\n"));
    peer.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Accept: x\r\n\r\nwelcome");
    while (peer.write("echo " + peer.read_until("\n"))) {
    }
  });
  serve(origin);
  auto peer = client();
  peer.write(get("/", "Connection: Upgrade\r\nUpgrade: websocket\r\n") + "early\n");
  EXPECT_THAT(peer.read_until("\r\n\r\n"), HasSubstr("101 Switching Protocols"));
  EXPECT_EQ(peer.read_exactly(7), "welcome");
  EXPECT_EQ(peer.read_until("\n"), "echo early\n");
  for (int i = 0; i < 100; ++i) {
    peer.write("message\n");
    ASSERT_EQ(peer.read_until("\n"), "echo message\n");
  }
  EXPECT_EQ(in_flight("shop.test-1"), 1);
  peer.close();
  EXPECT_TRUE(eventually([&] { return in_flight("shop.test-1") == 0; }));
}

TEST_F(Forwarding, DoesNotPassUpgradesToHttp2On) {
  Origin origin(answering([](const Message& request) { return response(request.head); }));
  serve(origin);
  const auto answer =
      ask(get("/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n"));
  EXPECT_EQ(answer.status(), 200);
  EXPECT_THAT(answer.body, Not(HasSubstr("h2c")));
  EXPECT_THAT(answer.body, Not(HasSubstr("HTTP2-Settings")));
}

TEST_F(Forwarding, ReachesUnixSockets) {
  Origin origin(answering([](const Message&) { return response("local"); }),
                "unix:" + (folder.path() / "app.sock").string());
  serve(origin);
  EXPECT_EQ(ask(get("/")).body, "local");
}

TEST_F(Forwarding, AnAbsoluteTargetDecidesTheHost) {
  Origin origin(answering([](const Message& request) { return response(request.head); }));
  serve(origin);
  const auto answer = ask("GET http://shop.test?x=1 HTTP/1.1\r\nHost: other.test\r\n\r\n");
  EXPECT_THAT(answer.body, HasSubstr("GET /?x=1 HTTP/1.1\r\nHost: shop.test\r\n"));
}

TEST_F(Forwarding, AHalfClosedClientStillGetsItsAnswer) {
  Origin origin(answering([](const Message&) { return response("late"); }));
  serve(origin);
  auto peer = client();
  peer.write(get("/"));
  peer.finish_writing();
  EXPECT_EQ(peer.read_message().body, "late");
}

}  // namespace
}  // namespace temps::proxy::testing
