// HTTP/2 towards apps: what is sent, what comes back, and what is never mixed up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/h2c_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

const HeaderList ok{{":status", "200"}, {"content-type", "text/plain"}};
const HeaderList grpc_ok{{":status", "200"}, {"content-type", "application/grpc"}};

class H2c : public ProxyTest {
 protected:
  std::unique_ptr<Peer> plain;
  std::unique_ptr<Http2Peer> peer;

  // One app for shop.test, asked by HTTP/2 for everything.
  void serve(const Origin& origin, routing::Protocol protocol = routing::Protocol::h2c) {
    add_app("shop.test", {origin.address()});
    table.routes.back().protocol = protocol;
    start();
    connect();
  }
  void connect() {
    peer.reset();
    plain = std::make_unique<Peer>(client());
    peer = std::make_unique<Http2Peer>(*plain);
  }
  [[nodiscard]] bool ended(int id) { return peer->answer(id).is_ended; }
};

HeaderList grpc_call(const std::string& path = "/echo.Echo/Unary") {
  auto head = Http2Peer::post(path);
  head.insert(head.end(), {{"content-type", "application/grpc"}, {"te", "trailers"}});
  return head;
}

// Answers with the head of the request, line by line.
H2cSession::Script echo_head() {
  return {.on_end = [](H2cSession& app, int id, H2cSession::Call& call) {
    std::string text;
    for (const auto& [name, value] : call.head) text += name + ": " + value + "\n";
    app.begin(id, ok);
    app.write(id, text + call.body);
    app.end(id);
  }};
}

TEST_F(H2c, AnAppThatWantsItIsAskedEverythingByHttp2) {
  Origin origin(h2c(echo_head()));
  serve(origin);
  auto peer1 = client();
  const auto answer =
      peer1.ask(get("/a?b=c",
                    "Cookie: x\r\nConnection: X-Private\r\nX-Private: 1\r\nTE: gzip, trailers\r\n"
                    "X-Forwarded-For: 6.6.6.6\r\nX-Request-ID: abc-123\r\n"));
  EXPECT_EQ(answer.status(), 200);
  EXPECT_EQ(answer.field("content-type"), "text/plain");
  EXPECT_EQ(answer.field("X-Request-ID"), "abc-123");
  EXPECT_THAT(answer.body, HasSubstr(":method: GET\n:path: /a?b=c\n:scheme: http\n"));
  EXPECT_THAT(answer.body, HasSubstr(":authority: shop.test\n"));
  EXPECT_THAT(answer.body, HasSubstr("\nte: trailers\n"));
  EXPECT_THAT(answer.body, HasSubstr("\nx-forwarded-for: 127.0.0.1\n"));
  EXPECT_THAT(answer.body, HasSubstr("\nx-forwarded-proto: http\n"));
  EXPECT_THAT(answer.body, HasSubstr("\nx-request-id: abc-123\n"));
  EXPECT_THAT(answer.body, Not(HasSubstr("connection")));
  EXPECT_THAT(answer.body, Not(HasSubstr("x-private")));
  EXPECT_THAT(answer.body, Not(HasSubstr("6.6.6.6")));
  const auto second =
      peer1.ask("POST /up HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_THAT(second.body, HasSubstr("content-length: 5\n"));
  EXPECT_THAT(second.body, Not(HasSubstr("te: trailers")));
  EXPECT_TRUE(second.body.ends_with("hello"));
  EXPECT_EQ(origin.accepted(), 1);
}

TEST_F(H2c, WithoutASettingOnlyGrpcGoesByHttp2) {
  Origin origin([](Peer& app) {
    const auto begin = app.read_exactly(3);
    if (begin == "PRI") {
      app.unread(begin);
      H2cSession(app, H2cSession::Script{.on_end =
                                             [](auto& session, int id, auto&) {
                                               session.answer(
                                                   id, {{":status", "200"}, {"grpc-status", "0"}});
                                             }})
          .run();
    } else {
      app.read_until("\r\n\r\n");
      app.write(response("by http1"));
    }
  });
  serve(origin, routing::Protocol::auto_);
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).body, "by http1");
  EXPECT_EQ(peer->ask(grpc_call()).fields.at("grpc-status"), "0");
  auto web = Http2Peer::get("/");
  web.emplace_back("content-type", "application/grpc-web");
  EXPECT_EQ(peer->ask(web).body, "by http1");
  table.routes.back().protocol = routing::Protocol::http1;
  EXPECT_EQ(load_next().error, "");
  EXPECT_EQ(peer->ask(grpc_call()).body, "by http1");
}

TEST_F(H2c, TrailersOfTheAppReachTheClient) {
  Origin origin(h2c({.on_end = [](H2cSession& app, int id, auto&) {
    app.begin(id, grpc_ok);
    app.write(id, "message");
    app.end(id, {{"grpc-status", "5"}, {"grpc-message", "not here"}, {"content-type", "text/x"}});
  }}));
  serve(origin);
  const auto answer = peer->ask(grpc_call());
  EXPECT_EQ(answer.body, "message");
  EXPECT_FALSE(answer.is_head_only);
  EXPECT_THAT(answer.trailers,
              UnorderedElementsAre(Pair("grpc-status", "5"), Pair("grpc-message", "not here")));
  // Of HTTP/1, only clients that say so get them.
  auto old = client();
  EXPECT_EQ(old.ask(get("/", "TE: trailers\r\n")).body, "message");
  EXPECT_EQ(old.trailers(), "grpc-status: 5\r\ngrpc-message: not here\r\n");
  EXPECT_EQ(old.ask(get("/")).body, "message");
  EXPECT_EQ(old.trailers(), "");
}

TEST_F(H2c, AnAnswerOfTrailersOnlyStaysOne) {
  Origin origin(h2c({.on_end = [](H2cSession& app, int id, auto&) {
    app.answer(id, {{":status", "200"},
                    {"content-type", "application/grpc"},
                    {"grpc-status", "12"},
                    {"grpc-message", "no such method"}});
  }}));
  serve(origin);
  const auto answer = peer->ask(grpc_call());
  EXPECT_TRUE(answer.is_head_only);
  EXPECT_EQ(answer.fields.at("grpc-status"), "12");
  EXPECT_FALSE(answer.fields.contains("content-length"));
  auto old = client();
  EXPECT_EQ(old.ask(get("/")).field("Content-Length"), "0");
}

TEST_F(H2c, TrailersOfRequestsReachTheApp) {
  std::mutex mutex;
  std::map<std::string, std::string> seen;
  Origin origin(h2c({.on_end = [&](H2cSession& app, int id, H2cSession::Call& call) {
    {
      const std::lock_guard lock(mutex);
      seen = call.trailers;
    }
    app.answer(id, ok);
  }}));
  serve(origin);
  const int id = peer->submit(Http2Peer::post("/"), Http2Peer::Body::open);
  peer->write(id, "body");
  peer->end(id, {{"checksum", "1"}, {"x-forwarded-for", "6.6.6.6"}});
  ASSERT_TRUE(peer->run([&] { return ended(id); }));
  EXPECT_THAT(seen, ElementsAre(Pair("checksum", "1")));
  auto old = client();
  EXPECT_EQ(old.ask("POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "3\r\nabc\r\n0\r\nChecksum: 2\r\nHost: evil\r\n\r\n")
                .status(),
            200);
  const std::lock_guard lock(mutex);
  EXPECT_THAT(seen, ElementsAre(Pair("checksum", "2")));
}

TEST_F(H2c, MessagesGoBothWaysOnOneStream) {
  Origin origin(
      h2c({.on_head = [](H2cSession& app, int id, auto&) { app.begin(id, grpc_ok); },
           .on_data =
               [](H2cSession& app, int id, H2cSession::Call& call) {
                 app.write(id, "<" + std::exchange(call.body, {}) + ">");
               },
           .on_end = [](H2cSession& app, int id, auto&) { app.end(id, {{"grpc-status", "0"}}); }}));
  serve(origin);
  const int id = peer->submit(grpc_call(), Http2Peer::Body::open);
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    const auto message = std::to_string(i);
    peer->write(id, message);
    expected += "<" + message + ">";
    ASSERT_TRUE(peer->run([&] { return peer->answer(id).body == expected; }));
  }
  peer->end(id);
  ASSERT_TRUE(peer->run([&] { return ended(id); }));
  EXPECT_EQ(peer->answer(id).trailers.at("grpc-status"), "0");
  EXPECT_EQ(peer->answer(id).reset_code, 0U);
}

TEST_F(H2c, InterimAnswersAndHeadsWithoutBodiesComeThrough) {
  Origin origin(h2c({.on_end = [](H2cSession& app, int id, H2cSession::Call& call) {
    if (call.head[":method"] == "HEAD") {
      app.answer(id, {{":status", "200"}, {"content-length", "99"}});
    } else {
      app.interim(id, {{":status", "103"}, {"link", "</a>"}});
      app.answer(id, {{":status", "204"}});
    }
  }}));
  serve(origin);
  const auto answer = peer->ask(Http2Peer::get("/"));
  EXPECT_THAT(answer.interim, ElementsAre(103));
  EXPECT_EQ(answer.status, 204);
  auto head = Http2Peer::get("/");
  head[0].second = "HEAD";
  EXPECT_EQ(peer->ask(head).fields.at("content-length"), "99");
}

TEST_F(H2c, LargeBodiesComeWholeBothWays) {
  const std::string large(5'000'000, 'x');
  Origin origin(h2c({.on_end = [](H2cSession& app, int id, H2cSession::Call& call) {
    app.begin(id, ok);
    app.write(id, call.body);
    app.end(id);
  }}));
  serve(origin);
  const int id = peer->submit(Http2Peer::post("/"), Http2Peer::Body::open);
  peer->write(id, large);
  peer->end(id);
  ASSERT_TRUE(peer->run([&] { return ended(id); }));
  EXPECT_TRUE(peer->answer(id).body == large) << peer->answer(id).body.size();
  auto old = client();
  const auto answer = old.ask("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: " +
                              std::to_string(large.size()) + "\r\n\r\n" + large);
  EXPECT_TRUE(answer.body == large) << answer.body.size();
}

TEST_F(H2c, SlowClientsHoldUpTheirOwnAnswersOnly) {
  constexpr std::size_t large = 20'000'000;
  constexpr std::size_t clients = 6;  // whose windows are more than the connection's
  std::atomic<std::size_t> begun{0};
  std::atomic<std::size_t> left{clients * large};
  Origin origin(h2c({.on_end =
                         [&](H2cSession& app, int id, H2cSession::Call& call) {
                           app.begin(id, ok);
                           app.write(id,
                                     std::string(call.head[":path"] == "/large" ? large : 5, 'x'));
                           app.end(id);
                           if (call.head[":path"] == "/large") ++begun;
                         },
                     .on_tick =
                         [&](H2cSession& app) {
                           std::size_t sum = 0;
                           for (const auto& [id, call] : app.calls()) sum += app.left(id);
                           left = sum;
                         }}));
  threads = 1;
  serve(origin);
  std::vector<Peer> slow;
  for (std::size_t i = 0; i < clients; ++i) {
    slow.push_back(client());
    slow.back().write(get("/large"));
  }
  ASSERT_TRUE(eventually([&] { return begun == clients && left < clients * large; }));
  // They take nothing; others are answered over the same connection, again and again.
  for (int i = 0; i < 50; ++i) EXPECT_EQ(peer->ask(Http2Peer::get("/small")).body, "xxxxx");
  EXPECT_EQ(origin.accepted(), 1);
  // Until the app can send no more.
  for (std::size_t before = 0; before != left;) {
    before = left;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  // What lies between app and client: sockets and one stream's window.
  EXPECT_GT(left, clients * large / 2);
  EXPECT_EQ(slow.front().read_message().body.size(), large);
}

TEST_F(H2c, AnUploadThatTheAppDoesNotTakeStops) {
  constexpr std::size_t large = 20'000'000;
  std::atomic<bool> takes{false};
  std::atomic<std::size_t> came{0};
  Origin origin(h2c({.opens_windows = false,
                     .on_data =
                         [&](H2cSession& app, int id, H2cSession::Call& call) {
                           came = call.body.size();
                           if (takes) app.open_window(id, 0);
                         },
                     .on_end =
                         [](H2cSession& app, int id, H2cSession::Call& call) {
                           app.begin(id, ok);
                           app.write(id, std::to_string(call.body.size()));
                           app.end(id);
                         },
                     .on_tick =
                         [&, opened = std::size_t{0}](H2cSession& app) mutable {
                           if (!takes || came == opened) return;
                           app.open_window(1, came - opened);
                           opened = came;
                         }}));
  serve(origin);
  const int id = peer->submit(Http2Peer::post("/"), Http2Peer::Body::open);
  peer->write(id, std::string(large, 'u'));
  peer->end(id);
  const auto window = [&] {
    return ::nghttp2_session_get_stream_remote_window_size(peer->session(), id);
  };
  // The client's own window closes, because the app's has, and stays closed.
  ASSERT_TRUE(peer->run([&] { return window() <= 0; }));
  pollfd more{.fd = plain->fd(), .events = POLLIN, .revents = 0};
  while (::poll(&more, 1, 200) > 0) {
    bool is_read = false;
    ASSERT_TRUE(peer->run([&] { return std::exchange(is_read, true); }));
  }
  EXPECT_LE(window(), 0);
  EXPECT_LE(came, 65'535U);
  takes = true;
  ASSERT_TRUE(peer->run([&] { return ended(id); }));
  EXPECT_EQ(peer->answer(id).body, std::to_string(large));
}

TEST_F(H2c, AClientThatGivesUpEndsTheAppsStream) {
  std::atomic<bool> begun{false};
  std::atomic<std::uint32_t> code{0};
  Origin origin(h2c({.on_head = [&](auto&, int, auto&) { begun = true; },
                     .on_close = [&](auto&, int, H2cSession::Call& call) { code = call.code; }}));
  serve(origin);
  const int id = peer->submit(grpc_call(), Http2Peer::Body::open);
  peer->send();
  ASSERT_TRUE(eventually([&] { return begun.load(); }));
  EXPECT_EQ(in_flight("shop.test-1"), 1);
  peer->reset(id);
  peer->send();
  EXPECT_TRUE(eventually([&] { return code == NGHTTP2_CANCEL; }));
  EXPECT_TRUE(eventually([&] { return in_flight("shop.test-1") == 0; }));
}

TEST_F(H2c, AnAnswerBeforeTheEndOfTheUploadEndsTheUpload) {
  Origin origin(h2c({.on_data = [](H2cSession& app, int id, auto&) {
    app.answer(id, {{":status", "200"}, {"grpc-status", "3"}});
  }}));
  serve(origin);
  const int id = peer->submit(grpc_call(), Http2Peer::Body::open);
  peer->write(id, "some");
  ASSERT_TRUE(peer->run([&] { return ended(id); }));
  EXPECT_EQ(peer->answer(id).fields.at("grpc-status"), "3");
  EXPECT_EQ(peer->answer(id).reset_code, static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
}

// Says what came to it, between brackets.
H2cSession::Script echo_websocket() {
  return {.settings = {{NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 1}},
          .on_head =
              [](H2cSession& app, int id, H2cSession::Call& call) {
                const bool is_asked =
                    call.head[":method"] == "CONNECT" && call.head[":protocol"] == "websocket" &&
                    call.head[":path"] == "/ws" && !call.head.contains("sec-websocket-key") &&
                    call.head["sec-websocket-version"] == "13";
                if (!is_asked) return app.answer(id, {{":status", "400"}});
                app.begin(id, {{":status", "200"}, {"sec-websocket-protocol", "chat"}});
              },
          .on_data =
              [](H2cSession& app, int id, H2cSession::Call& call) {
                app.write(id, "<" + std::exchange(call.body, {}) + ">");
              },
          .on_end = [](H2cSession& app, int id, auto&) { app.end(id); }};
}

TEST_F(H2c, AWebSocketGoesByHttp2WhereTheAppSaysSo) {
  Origin origin(h2c(echo_websocket()));
  threads = 1;
  serve(origin);
  auto old = client();
  old.write(get("/ws",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"));
  const auto head = old.read_until("\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("HTTP/1.1 101 "));
  EXPECT_THAT(head, HasSubstr("\r\nsec-websocket-protocol: chat\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"));
  old.write("one");
  EXPECT_EQ(old.read_exactly(5), "<one>");
  EXPECT_EQ(in_flight("shop.test-1"), 1);
  old.finish_writing();
  EXPECT_EQ(old.read_rest(), "");
  EXPECT_TRUE(eventually([&] { return in_flight("shop.test-1") == 0; }));

  const int id = peer->submit({{":method", "CONNECT"},
                               {":protocol", "websocket"},
                               {":scheme", "http"},
                               {":authority", "shop.test"},
                               {":path", "/ws"},
                               {"sec-websocket-version", "13"}},
                              Http2Peer::Body::open);
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).status == 200; }));
  EXPECT_EQ(peer->answer(id).fields.at("sec-websocket-protocol"), "chat");
  EXPECT_FALSE(peer->answer(id).fields.contains("sec-websocket-accept"));
  peer->write(id, "two");
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).body == "<two>"; }));
  const auto refused = client().ask(
      get("/other", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n"));
  EXPECT_EQ(refused.status(), 400);
  EXPECT_EQ(origin.accepted(), 1);
}

TEST_F(H2c, AWebSocketGoesByHttp1WhereTheAppHasItThere) {
  Origin origin([](Peer& app) {
    const auto begin = app.read_exactly(3);
    app.unread(begin);
    if (begin == "PRI") return H2cSession(app, H2cSession::Script{}).run();
    const auto head = app.read_until("\r\n\r\n");
    app.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nX-Seen: " +
        std::to_string(head.find("X-Forwarded-For: 127.0.0.1\r\n") != std::string::npos) +
        "\r\n\r\n");
    app.write(app.read_exactly(4));
  });
  serve(origin);
  auto old = client();
  old.write(get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n"));
  EXPECT_THAT(old.read_until("\r\n\r\n"), HasSubstr("X-Seen: 1\r\n"));
  old.write("ping");
  EXPECT_EQ(old.read_exactly(4), "ping");
}

TEST_F(H2c, OtherUpgradesGoByHttp1AtOnce) {
  Origin origin([](Peer& app) {
    const auto head = app.read_until("\r\n\r\n");
    app.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n");
    app.write(app.read_exactly(4));
  });
  serve(origin);
  auto old = client();
  old.write(get("/ws", "Connection: Upgrade\r\nUpgrade: echo\r\n"));
  EXPECT_THAT(old.read_until("\r\n\r\n"), HasSubstr(" 101 "));
  old.write("ping");
  EXPECT_EQ(old.read_exactly(4), "ping");
}

}  // namespace
}  // namespace temps::proxy::testing
