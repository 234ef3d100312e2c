// Apps that speak HTTP/2 and break off, turn away, restart or send nonsense.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/h2c_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;

const HeaderList ok{{":status", "200"}};

HeaderList grpc_call(const std::string& host = "shop.test") {
  return {{":method", "POST"},
          {":scheme", "http"},
          {":authority", host},
          {":path", "/echo.Echo/Unary"},
          {"content-type", "application/grpc"},
          {"te", "trailers"}};
}

class H2cFailure : public ProxyTest {
 protected:
  std::unique_ptr<Peer> plain;
  std::unique_ptr<Http2Peer> peer;

  void add_h2c(const std::string& host, std::vector<std::string> addresses) {
    add_app(host, std::move(addresses));
    table.routes.back().protocol = routing::Protocol::h2c;
  }
  void serve(const Origin& origin) {
    add_h2c("shop.test", {origin.address()});
    begin();
  }
  void begin() {
    start();
    plain = std::make_unique<Peer>(client());
    peer = std::make_unique<Http2Peer>(*plain);
  }
  // What gRPC clients get of the proxy itself: a head, nothing else.
  static void expect_grpc_error(const Http2Peer::Answer& answer, const std::string& status,
                                const std::string& message) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.is_head_only);
    EXPECT_EQ(answer.fields.at("content-type"), "application/grpc");
    EXPECT_EQ(answer.fields.at("grpc-status"), status);
    EXPECT_THAT(answer.fields.at("grpc-message"), HasSubstr(message));
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(answer.reset_code, 0U);
  }
};

H2cSession::Script answering_ok() {
  return {.on_end = [](H2cSession& app, int id, auto&) { app.answer(id, ok); }};
}

TEST_F(H2cFailure, AStreamThatTheAppResetsIsABadGatewayOrAnAnswerCutShort) {
  Origin origin(h2c({.on_end =
                         [](H2cSession& app, int id, H2cSession::Call& call) {
                           if (call.head[":path"] == "/begun") {
                             app.begin(id, ok);
                             app.write(id, "some");
                           }
                           if (call.head[":path"] != "/begun")
                             app.reset(id, NGHTTP2_INTERNAL_ERROR);
                         },
                     .on_tick =
                         [](H2cSession& app) {
                           for (auto& [id, call] : app.calls())
                             if (call.is_ended && !call.is_closed && app.left(id) == 0)
                               app.reset(id, NGHTTP2_CANCEL);
                         }}));
  serve(origin);
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 502);
  expect_grpc_error(peer->ask(grpc_call()), "14", "The app did not answer");
  const auto begun = peer->ask(Http2Peer::get("/begun"));
  EXPECT_EQ(begun.status, 200);
  EXPECT_NE(begun.reset_code, 0U);
  // The connection to the app, and the client's, go on.
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 502);
  EXPECT_EQ(origin.accepted(), 1);
}

TEST_F(H2cFailure, ARequestThatWasTurnedAwayIsSentAgain) {
  std::atomic<int> refusals{0};
  Origin origin(h2c({.on_head = [&](H2cSession& app, int id, H2cSession::Call& call) {
    const int allowed = call.head[":path"] == "/never" ? 1000 : 2;
    if (refusals < allowed) {
      ++refusals;
      app.reset(id, NGHTTP2_REFUSED_STREAM);
    } else {
      app.answer(id, ok);
    }
  }}));
  serve(origin);
  EXPECT_EQ(peer->ask(Http2Peer::get("/twice")).status, 200);
  EXPECT_EQ(refusals, 2);
  EXPECT_EQ(peer->ask(Http2Peer::get("/never")).status, 503);
  EXPECT_EQ(refusals, 6);
}

TEST_F(H2cFailure, AnAppThatGoesAwayFinishesWhatItHasTaken) {
  std::atomic<int> sessions{0};
  std::atomic<bool> may_end{false};
  std::atomic<bool> is_told{false};
  Origin origin([&](Peer& app) {
    const int number = ++sessions;
    const H2cSession::Script script{.on_end =
                                        [&](H2cSession& session, int id, auto&) {
                                          if (number > 1) return session.answer(id, ok);
                                          session.begin(id, ok);
                                          session.write(id, "one");
                                          session.go_away(id);
                                          is_told = true;
                                        },
                                    .on_tick =
                                        [&](H2cSession& session) {
                                          if (number == 1 && may_end.exchange(false)) {
                                            session.write(1, "two");
                                            session.end(1);
                                          }
                                        }};
    H2cSession(app, script).run();
  });
  threads = 1;
  serve(origin);
  const int id = peer->submit(Http2Peer::get("/"));
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).body == "one"; }));
  ASSERT_TRUE(eventually([&] { return is_told.load(); }));
  EXPECT_EQ(peer->ask(Http2Peer::get("/next")).status, 200);
  EXPECT_EQ(origin.accepted(), 2);
  may_end = true;
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
  EXPECT_EQ(peer->answer(id).body, "onetwo");
  EXPECT_EQ(peer->answer(id).reset_code, 0U);
}

TEST_F(H2cFailure, WhatAnAppThatGoesAwayHasNotTakenIsSentAgain) {
  std::atomic<int> sessions{0};
  Origin origin([&](Peer& app) {
    const int number = ++sessions;
    const H2cSession::Script script{.on_head = [&](H2cSession& session, int id, auto&) {
      if (number == 1) return session.go_away(0);
      session.answer(id, ok);
    }};
    H2cSession(app, script).run();
  });
  serve(origin);
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 200);
  EXPECT_EQ(origin.accepted(), 2);
}

TEST_F(H2cFailure, MoreRequestsThanAConnectionTakesGetAnotherOne) {
  std::atomic<int> open{0};
  std::atomic<bool> may_end{false};
  Origin origin(h2c({.settings = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 2}},
                     .on_end = [&](auto&, int, auto&) { ++open; },
                     .on_tick =
                         [&](H2cSession& app) {
                           if (!may_end) return;
                           for (auto& [id, call] : app.calls())
                             if (call.is_ended && std::exchange(call.is_ended, false))
                               app.answer(id, ok);
                         }}));
  threads = 1;
  serve(origin);
  std::vector<int> ids;
  for (int i = 0; i < 7; ++i) ids.push_back(peer->submit(Http2Peer::get("/")));
  peer->send();
  ASSERT_TRUE(eventually([&] { return open == 7; }));
  EXPECT_EQ(origin.accepted(), 4);
  may_end = true;
  ASSERT_TRUE(peer->run(
      [&] { return std::ranges::all_of(ids, [&](int id) { return peer->answer(id).is_ended; }); }));
  for (const int id : ids) EXPECT_EQ(peer->answer(id).status, 200);
}

TEST_F(H2cFailure, AnAppThatTakesNoStreamsIsFull) {
  Origin origin(h2c({.settings = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 0}}}));
  serve(origin);
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 503);
  expect_grpc_error(peer->ask(grpc_call()), "14", "takes no more requests");
}

TEST_F(H2cFailure, AnAppThatDoesNotSpeakHttp2IsSaidToBeSo) {
  Origin origin([](Peer& app) {
    app.read_until("\r\n\r\n");
    app.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  });
  serve(origin);
  const auto answer = peer->ask(Http2Peer::get("/"));
  EXPECT_EQ(answer.status, 502);
  EXPECT_THAT(answer.body, HasSubstr("does not speak HTTP/2"));
  expect_grpc_error(peer->ask(grpc_call()), "14", "protocol=http1");
}

TEST_F(H2cFailure, AnAppThatDoesNotGreetIsNotWaitedForLong) {
  Origin origin([](Peer& app) { app.read_rest(); });
  limits.connect = std::chrono::milliseconds(200);
  serve(origin);
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 504);
  expect_grpc_error(peer->ask(grpc_call()), "4", "too long");
}

TEST_F(H2cFailure, AClientMayGiveUpBeforeTheAppGreets) {
  Origin origin([](Peer& app) { app.read_rest(); });
  serve(origin);
  const int id = peer->submit(grpc_call());
  peer->send();
  ASSERT_TRUE(eventually([&] { return in_flight("shop.test-1") == 1; }));
  peer->reset(id);
  peer->send();
  EXPECT_TRUE(eventually([&] { return in_flight("shop.test-1") == 0; }));
  table.routes.clear();
  EXPECT_EQ(load_next().error, "");
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 404);
}

TEST_F(H2cFailure, NonsenseEndsTheStreamsOfThatConnectionOnly) {
  std::atomic<int> open{0};
  Origin bad(h2c({.on_end = [&](H2cSession& app, int, auto&) {
    if (++open == 2) app.break_off(std::string("\0\0\4\3\0\0\0\0\0oops", 13));
  }}));
  Origin good(h2c(answering_ok()));
  add_h2c("good.test", {good.address()});
  threads = 1;
  serve(bad);
  const int one = peer->submit(Http2Peer::post("/1"));
  peer->send();
  ASSERT_TRUE(eventually([&] { return open == 1; }));
  const int two = peer->submit(Http2Peer::post("/2"));
  ASSERT_TRUE(peer->run([&] { return peer->answer(one).is_ended && peer->answer(two).is_ended; }));
  EXPECT_EQ(peer->answer(one).status, 502);
  EXPECT_EQ(peer->ask(Http2Peer::get("/", "good.test")).status, 200);
}

TEST_F(H2cFailure, AHeadThatIsTooLargeIsABadGateway) {
  Origin origin(h2c({.on_end = [](H2cSession& app, int id, H2cSession::Call& call) {
    HeaderList head = ok;
    if (call.head[":path"] == "/large")
      for (int i = 0; i < 50; ++i)
        head.emplace_back("x-" + std::to_string(i), std::string(900, 'v'));
    app.answer(id, head);
  }}));
  serve(origin);
  const auto large = peer->ask(Http2Peer::get("/large"));
  EXPECT_EQ(large.status, 502) << large.reset_code << large.is_ended;
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 200);
}

TEST_F(H2cFailure, AnotherUpstreamIsTakenWhereOneIsDown) {
  std::string down;
  {
    const Origin closed([](Peer&) {});
    down = closed.address();
  }
  Origin origin(h2c(answering_ok()));
  add_h2c("shop.test", {down, origin.address()});
  add_h2c("down.test", {down});
  begin();
  for (int i = 0; i < 6; ++i) EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 200);
  EXPECT_EQ(peer->ask(Http2Peer::get("/", "down.test")).status, 503);
  expect_grpc_error(peer->ask(grpc_call("down.test")), "14", "not available");
}

TEST_F(H2cFailure, AConnectionThatTheAppHasClosedIsReplaced) {
  std::atomic<bool> must_close{false};
  Origin origin(h2c({.on_end = [](H2cSession& app, int id, auto&) { app.answer(id, ok); },
                     .on_tick =
                         [&](H2cSession& app) {
                           if (must_close.exchange(false)) app.break_off();
                         }}));
  threads = 1;
  serve(origin);
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 200);
    must_close = true;
    ASSERT_TRUE(eventually([&] { return !must_close; }));
  }
  EXPECT_GE(origin.accepted(), 3);
}

TEST_F(H2cFailure, AnIdleConnectionIsClosedAndSoIsOneOfAnUpstreamThatHasLeft) {
  std::atomic<int> ended{0};
  Origin origin([&](Peer& app) {
    H2cSession(app, answering_ok()).run();
    ++ended;
  });
  threads = 1;
  limits.upstream_http2_idle = std::chrono::milliseconds(100);
  serve(origin);
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 200);
  EXPECT_TRUE(eventually([&] { return ended == 1; }));
}

TEST_F(H2cFailure, TheConnectionOfAnUpstreamThatHasLeftEndsWithItsLastRequest) {
  std::atomic<int> ended{0};
  std::atomic<bool> has_come{false};
  std::atomic<bool> may_end{false};
  Origin origin([&](Peer& app) {
    const H2cSession::Script script{.on_end =
                                        [&](H2cSession& session, int id, auto&) {
                                          session.begin(id, ok);
                                          has_come = true;
                                        },
                                    .on_tick =
                                        [&](H2cSession& session) {
                                          if (may_end.exchange(false)) session.end(1);
                                        }};
    H2cSession(app, script).run();
    ++ended;
  });
  Origin other(h2c(answering_ok()));
  threads = 1;
  serve(origin);
  const int id = peer->submit(Http2Peer::get("/"));
  peer->send();
  ASSERT_TRUE(eventually([&] { return has_come.load(); }));
  table.routes.back().upstreams = {{"next", other.address()}};
  EXPECT_EQ(load_next().error, "");
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 200);
  EXPECT_EQ(in_flight("shop.test-1"), 1);
  EXPECT_EQ(ended, 0);
  may_end = true;
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
  EXPECT_EQ(peer->answer(id).reset_code, 0U);
  EXPECT_TRUE(eventually([&] { return ended == 1; }));
  EXPECT_EQ(in_flight("shop.test-1"), 0);
}

TEST_F(H2cFailure, AnswersOfTheProxyItselfAreInGrpcsForm) {
  Origin origin(h2c(answering_ok()));
  add_h2c("maintained.test", {origin.address()});
  table.routes.back().policy = routing::Policy{.maintenance = true};
  add_h2c("limited.test", {origin.address()});
  table.routes.back().policy = routing::Policy{.requests_per_minute = 1};
  add_h2c("private.test", {origin.address()});
  table.routes.back().policy = routing::Policy{.user = "ann", .password = "00:00"};
  add_app("empty.test", {});
  serve(origin);
  expect_grpc_error(peer->ask(grpc_call("maintained.test")), "14", "maintenance");
  EXPECT_FALSE(peer->ask(grpc_call("limited.test")).fields.contains("grpc-status"));
  expect_grpc_error(peer->ask(grpc_call("limited.test")), "8", "Too many requests");
  expect_grpc_error(peer->ask(grpc_call("private.test")), "16", "password");
  expect_grpc_error(peer->ask(grpc_call("empty.test")), "14", "Nothing is deployed");
  expect_grpc_error(peer->ask(grpc_call("unknown.test")), "12", "No app answers");
  auto old = client();
  const auto answer = old.ask(
      "POST / HTTP/1.1\r\nHost: unknown.test\r\nContent-Type: application/grpc\r\n"
      "Content-Length: 0\r\n\r\n");
  EXPECT_EQ(answer.field("grpc-status"), "12");
  EXPECT_EQ(answer.field("Content-Length"), "0");
}

TEST_F(H2cFailure, TheAppMayTakeAsLongAsAGrpcClientWaits) {
  Origin origin(h2c({}));
  limits.first_byte = std::chrono::milliseconds(100);
  serve(origin);
  EXPECT_EQ(peer->ask(Http2Peer::get("/")).status, 504);
  auto call = grpc_call();
  call.emplace_back("grpc-timeout", "300m");
  expect_grpc_error(peer->ask(call), "4", "took too long");
}

}  // namespace
}  // namespace temps::proxy::testing
