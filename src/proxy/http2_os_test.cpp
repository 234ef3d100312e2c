// HTTP/2 towards clients, HTTP/1 towards apps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Http2 : public ProxyTest {
 protected:
  std::unique_ptr<TlsPeer> tls;
  std::unique_ptr<Http2Peer> peer;

  void serve(Origin& origin) {
    add_app("shop.test", {origin.address()});
    table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
    start();
    connect();
  }
  void connect() {
    peer.reset();
    tls = std::make_unique<TlsPeer>(tls_address(),
                                    TlsWish{.name = "shop.test", .protocols = {"h2", "http/1.1"}});
    ASSERT_TRUE(tls->shake_hands());
    ASSERT_EQ(tls->protocol(), "h2");
    peer = std::make_unique<Http2Peer>(*tls);
  }
};

TEST_F(Http2, TurnsRequestsIntoThoseOfHttp1) {
  Origin origin(answering([](const Message& request) {
    return response(request.head, "Connection: X-Private\r\nX-Private: 1\r\nX-Public: 2\r\n");
  }));
  serve(origin);
  auto request = Http2Peer::get("/a?b=c");
  request.insert(request.end(), {{"cookie", "a=1"},
                                 {"cookie", "b=2"},
                                 {"x-forwarded-for", "6.6.6.6"},
                                 {"x_forwarded_for", "7.7.7.7"},
                                 {"te", "trailers"},
                                 {"x-request-id", "abc-123"}});
  const auto answer = peer->ask(request);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, ::testing::StartsWith("GET /a?b=c HTTP/1.1\r\nHost: shop.test\r\n"));
  EXPECT_THAT(answer.body, HasSubstr("cookie: a=1; b=2\r\n"));
  EXPECT_THAT(answer.body, HasSubstr("X-Forwarded-For: 127.0.0.1\r\n"));
  EXPECT_THAT(answer.body, HasSubstr("X-Forwarded-Proto: https\r\n"));
  EXPECT_THAT(answer.body, Not(HasSubstr("6.6.6.6")));
  EXPECT_THAT(answer.body, Not(HasSubstr("7.7.7.7")));
  EXPECT_EQ(answer.fields.at("x-public"), "2");
  EXPECT_EQ(answer.fields.at("x-request-id"), "abc-123");
  EXPECT_EQ(answer.fields.at("content-length"), std::to_string(answer.body.size()));
  EXPECT_FALSE(answer.fields.contains("x-private"));
  EXPECT_FALSE(answer.fields.contains("connection"));
}

TEST_F(Http2, AnswersManyRequestsAtOnceInAnyOrder) {
  std::promise<void> others_are_answered;
  const auto end_of_wait = others_are_answered.get_future().share();
  Origin origin(answering([&](const Message& request) {
    if (request.head.starts_with("GET /slow")) end_of_wait.wait_for(std::chrono::seconds(10));
    return response(request.head.substr(0, request.head.find(" HTTP")));
  }));
  serve(origin);
  const int slow = peer->submit(Http2Peer::get("/slow"));
  std::vector<int> quick;
  for (int i = 0; i < 100; ++i)
    quick.push_back(peer->submit(Http2Peer::get("/" + std::to_string(i))));
  peer->run([&] {
    return std::ranges::all_of(quick, [&](int id) { return peer->answer(id).is_ended; });
  });
  EXPECT_FALSE(peer->answer(slow).is_ended);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(peer->answer(quick[static_cast<std::size_t>(i)]).body, "GET /" + std::to_string(i));
  others_are_answered.set_value();
  EXPECT_TRUE(peer->run([&] { return peer->answer(slow).is_ended; }));
  EXPECT_EQ(peer->answer(slow).body, "GET /slow");
}

TEST_F(Http2, BodiesOfEveryFramingComeWhole) {
  const std::string large(3'000'000, 'x');
  Origin origin([&](Peer& app) {
    for (;;) {
      const auto request = app.read_message(Peer::Body::none);
      if (request.head.starts_with("GET /length")) {
        app.write(response(large));
      } else if (request.head.starts_with("GET /chunked")) {
        app.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2dc6c0\r\n" + large +
                  "\r\n0\r\n\r\n");
      } else {
        if (!request.head.empty()) app.write("HTTP/1.1 200 OK\r\n\r\n" + large);
        return;
      }
    }
  });
  serve(origin);
  for (const auto* path : {"/length", "/chunked", "/close"}) {
    const auto answer = peer->ask(Http2Peer::get(path));
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body == large) << path << answer.body.size();
    EXPECT_EQ(answer.reset_code, 0U);
  }
}

TEST_F(Http2, HeadAndNotModifiedHaveNoBody) {
  Origin origin(answering([](const Message& request) {
    return std::string(request.head.starts_with("HEAD")
                           ? "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
                           : "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
  }));
  serve(origin);
  auto request = Http2Peer::get("/");
  EXPECT_EQ(peer->ask(request).status, 304);
  request[0].second = "HEAD";
  const auto answer = peer->ask(request);
  EXPECT_EQ(answer.fields.at("content-length"), "99");
  EXPECT_EQ(answer.body, "");
  EXPECT_EQ(answer.reset_code, 0U);
}

TEST_F(Http2, UploadsStreamWithAndWithoutALength) {
  Origin origin(answering([](const Message& request) {
    return response(request.field("Transfer-Encoding") + request.field("Content-Length") + " " +
                    std::to_string(request.body.size()));
  }));
  serve(origin);
  const std::string piece(100'000, 'u');
  for (const bool with_length : {false, true}) {
    auto headers = Http2Peer::post("/up");
    if (with_length) headers.emplace_back("content-length", "2000000");
    const int id = peer->submit(headers, Http2Peer::Body::open);
    for (int i = 0; i < 20; ++i) peer->write(id, piece);
    peer->end(id);
    ASSERT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
    EXPECT_EQ(peer->answer(id).body, with_length ? "2000000 2000000" : "chunked 2000000");
  }
  const int empty = peer->submit(Http2Peer::post("/up"));
  ASSERT_TRUE(peer->run([&] { return peer->answer(empty).is_ended; }));
  EXPECT_EQ(peer->answer(empty).body, "0 0");
}

TEST_F(Http2, AnUploadThatNobodyTakesFillsNoMoreThanItsWindow) {
  std::atomic<bool> may_read{false};
  Origin origin([&](Peer& app) {
    while (!may_read) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    app.write(response(std::to_string(app.read_message().body.size())));
  });
  serve(origin);
  const int id = peer->submit(Http2Peer::post("/"), Http2Peer::Body::open);
  peer->write(id, std::string(20'000'000, 'u'));
  peer->end(id);
  ASSERT_TRUE(peer->run([&] {
    return ::nghttp2_session_get_stream_remote_window_size(peer->session(), id) <= 0 ||
           peer->answer(id).is_ended;
  }));
  may_read = true;
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
  EXPECT_EQ(peer->answer(id).body, "20000000");
}

TEST_F(Http2, AnAnswerBeforeTheEndOfTheUploadEndsTheUpload) {
  Origin origin([](Peer& app) {
    app.read_until("\r\n\r\n");
    app.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    app.read_rest();
  });
  serve(origin);
  const int id = peer->submit(Http2Peer::post("/"), Http2Peer::Body::open);
  peer->write(id, "some");
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
  EXPECT_EQ(peer->answer(id).status, 403);
  EXPECT_EQ(peer->answer(id).body, "no");
  EXPECT_EQ(peer->answer(id).reset_code, static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
}

TEST_F(Http2, TooLargeUploadsAreRefused) {
  Origin origin(answering([](const Message&) { return response("taken"); }));
  limits.body_bytes = 1000;
  serve(origin);
  auto headers = Http2Peer::post("/");
  headers.emplace_back("content-length", "1001");
  const int told = peer->submit(headers, Http2Peer::Body::open);
  ASSERT_TRUE(peer->run([&] { return peer->answer(told).is_ended; }));
  EXPECT_EQ(peer->answer(told).status, 413);
  const int untold = peer->submit(Http2Peer::post("/"), Http2Peer::Body::open);
  peer->write(untold, std::string(2000, 'u'));
  ASSERT_TRUE(peer->run([&] { return peer->answer(untold).is_ended; }));
  EXPECT_EQ(peer->answer(untold).status, 413);
}

TEST_F(Http2, PassesInterimResponsesOn) {
  Origin origin([](Peer& app) {
    app.read_until("\r\n\r\n");
    app.write("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + response("hello"));
  });
  serve(origin);
  const auto answer = peer->ask(Http2Peer::get("/"));
  EXPECT_THAT(answer.interim, ElementsAre(103));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello");
}

TEST_F(Http2, EventsArriveWhenTheyAreSent) {
  std::atomic<bool> may_end{false};
  Origin origin([&](Peer& app) {
    app.read_until("\r\n\r\n");
    app.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
    while (!may_end) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    app.write("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
  });
  serve(origin);
  const int id = peer->submit(Http2Peer::get("/events"));
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).body == "data: 1\n\n"; }));
  may_end = true;
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
  EXPECT_EQ(peer->answer(id).body, "data: 1\n\ndata: 2\n\n");
}

TEST_F(Http2, ABrokenAnswerIsSeenAsBroken) {
  Origin origin([](Peer& app) {
    app.read_until("\r\n\r\n");
    app.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  });
  serve(origin);
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).reset_code,
            static_cast<std::uint32_t>(NGHTTP2_INTERNAL_ERROR));
}

TEST_F(Http2, SaysInWordsWhatIsWrong) {
  add_app("down.test", {"127.0.0.1:1"});
  table.certificates.push_back(
      make_certificate(folder.path(), "all", {"shop.test", "down.test", "none.test"}));
  start();
  connect();
  EXPECT_EQ(peer->ask(Http2Peer::get("/", "down.test")).status, 503);
  const auto unknown = peer->ask(Http2Peer::get("/", "none.test"));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("none.test"));
  EXPECT_EQ(peer->ask(Http2Peer::get("/", "bank.test")).status, 421);
}

TEST_F(Http2, RequestsThatHttp1WouldNotTakeAreRefused) {
  std::atomic<int> reached{0};
  Origin origin(answering([&](const Message&) {
    ++reached;
    return response("reached");
  }));
  serve(origin);
  const auto with = [](std::size_t at, const std::string& value) {
    auto headers = Http2Peer::get("/");
    headers[at].second = value;
    return headers;
  };
  auto other_host = Http2Peer::get("/");
  other_host.emplace_back("host", "bank.test");
  for (const auto& headers : {with(3, "/a b"), with(3, "/a\r\nX: y"), with(3, "nopath"),
                              with(3, "/a#b"), with(2, "shop.test/x"), other_host}) {
    connect();
    const auto answer = peer->ask(headers);
    EXPECT_TRUE(answer.status == 400 || answer.reset_code != 0) << headers[3].second;
  }
  for (const auto& [name, value] : HeaderList{{"connection", "close"},
                                              {"transfer-encoding", "chunked"},
                                              {"a", "b\r\nc: d"},
                                              {"content-length", "5"},
                                              {"content-length", "x"}}) {
    connect();
    auto headers = Http2Peer::get("/");
    headers.emplace_back(name, value);
    const auto answer = peer->ask(headers);
    EXPECT_TRUE(answer.status == 400 || answer.status == 0) << name << answer.status;
  }
  EXPECT_EQ(reached, 0);
}

TEST_F(Http2, TooLargeHeadsAreRefused) {
  Origin origin(answering([](const Message&) { return response("reached"); }));
  serve(origin);
  auto headers = Http2Peer::get("/");
  for (int i = 0; i < 120; ++i) headers.emplace_back("x-" + std::to_string(i), "1");
  EXPECT_EQ(peer->ask(headers).status, 431);
  auto long_path = Http2Peer::get("/" + std::string(9000, 'a'));
  EXPECT_EQ(peer->ask(long_path).status, 414);
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 200);
}

TEST_F(Http2, AClientThatOnlyOpensAndResetsIsSentAway) {
  Origin origin(answering([](const Message&) { return response("hello"); }));
  serve(origin);
  bool is_open = true;
  for (int i = 0; i < 50 && is_open; ++i) {
    for (int j = 0; j < 50; ++j) {
      const int id = peer->submit(Http2Peer::get("/"));
      peer->send();
      peer->reset(id);
    }
    const int last = peer->submit(Http2Peer::get("/"));
    is_open = peer->run([&] { return peer->answer(last).is_ended; }) && !peer->has_goaway();
  }
  EXPECT_FALSE(is_open);
  connect();
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 200);
}

TEST_F(Http2, ACancelledRequestEndsAtTheAppToo) {
  std::atomic<bool> is_gone{false};
  Origin origin([&](Peer& app) {
    app.read_until("\r\n\r\n");
    is_gone = app.is_closed_by_peer();
  });
  serve(origin);
  const int id = peer->submit(Http2Peer::get("/"));
  peer->send();
  ASSERT_TRUE(eventually([&] { return in_flight("shop.test-1") == 1; }));
  peer->reset(id);
  peer->send();
  EXPECT_TRUE(eventually([&] { return is_gone.load(); }));
  EXPECT_TRUE(eventually([&] { return in_flight("shop.test-1") == 0; }));
}

TEST_F(Http2, WebSocketsAreTunnelled) {
  Origin origin([](Peer& app) {
    const auto request = app.read_message(Peer::Body::none);
    const bool is_asked = request.head.starts_with("GET /ws HTTP/1.1") &&
                          request.field("Upgrade") == "websocket" &&
                          request.field("Sec-WebSocket-Key").size() == 24;
    if (!is_asked) return;
    app.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: chat\r\n\r\nfirst");
    app.write(app.read_until("!"));
  });
  serve(origin);
  const HeaderList headers{{":method", "CONNECT"},
                           {":protocol", "websocket"},
                           {":scheme", "https"},
                           {":authority", "shop.test"},
                           {":path", "/ws"},
                           {"sec-websocket-version", "13"},
                           {"sec-websocket-protocol", "chat"}};
  // The server's settings allow it; they must have come first (RFC 8441 §3).
  peer->ask(Http2Peer::get("/"));
  const int id = peer->submit(headers, Http2Peer::Body::open);
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).body == "first"; }));
  EXPECT_EQ(peer->answer(id).status, 200);
  EXPECT_EQ(peer->answer(id).fields.at("sec-websocket-protocol"), "chat");
  EXPECT_FALSE(peer->answer(id).fields.contains("sec-websocket-accept"));
  peer->write(id, "hello!");
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).body == "firsthello!"; }));
  peer->end(id);
  EXPECT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
}

TEST_F(Http2, ServesFiles) {
  const std::string large(700'000, 'y');
  std::filesystem::create_directory(folder.path() / "site");
  ASSERT_TRUE(files::write_atomically(folder.path() / "site/large.bin", large).has_value());
  ASSERT_TRUE(files::write_atomically(folder.path() / "site/index.html", "<p>hi").has_value());
  table.routes.push_back(
      {.host = "shop.test", .tree = routing::StaticTree{(folder.path() / "site").string()}});
  table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
  start();
  connect();
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).body, "<p>hi");
  EXPECT_TRUE(peer->ask(Http2Peer::get("/large.bin")).body == large);
}

TEST_F(Http2, DrainingLosesNoRequest) {
  std::atomic<bool> may_answer{false};
  Origin origin(answering([&](const Message&) {
    while (!may_answer) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return response("hello");
  }));
  serve(origin);
  const int id = peer->submit(Http2Peer::get("/"));
  peer->send();
  ASSERT_TRUE(eventually([&] { return in_flight("shop.test-1") == 1; }));
  std::thread stopping([&] { proxy->stop(); });
  ASSERT_TRUE(peer->run([&] { return peer->has_goaway(); }));
  may_answer = true;
  EXPECT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
  EXPECT_EQ(peer->answer(id).body, "hello");
  EXPECT_EQ(peer->goaway_code(), static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
  stopping.join();
}

TEST_F(Http2, AConnectionWithoutRequestsEnds) {
  Origin origin(answering([](const Message&) { return response("hello"); }));
  limits.keep_alive = std::chrono::milliseconds(200);
  serve(origin);
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 200);
  EXPECT_FALSE(peer->run([] { return false; }));
}

}  // namespace
}  // namespace temps::proxy::testing
