// Both sides of a WebSocket, over real connections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "http/server.hpp"
#include "http/websocket.hpp"
#include "http/websocket_errors.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"

namespace temps::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr std::string_view protocol = "test.1";
constexpr SocketTimes hasty{.ping_every = 30ms, .silence_max = 200ms};

struct ByHeader final : Authenticator {
  Task<Principal> authenticate(const Request& request) override {
    co_return Principal{.role = Role::owner,
                        .kind = std::string(request.headers.find("x-kind").value_or(""))};
  }
};

struct WebSocketTest : testing::Test {
  net::Loop loop;
  Router router;
  ByHeader authenticator;
  Server server{loop, router, authenticator, {}};
  TaskGroup group{loop};
  Cancellation* serving = nullptr;
  net::Address address;
  std::string ended;  // how the server's side did

  WebSocketTest() {
    router.raw("GET", "/echo", permissions::open, [this](Request& request) {
      return answer(request, [this](WebSocket& socket) { return echo(*this, socket); });
    });
    router.raw("GET", "/deaf", permissions::open, [this](Request& request) {
      return answer(request, [this](WebSocket&) { return deaf(*this); });
    });
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    EXPECT_TRUE(listener.has_value());
    address = listener->address();
    group.start("server", server.serve(std::move(*listener), 1s));
  }
  ~WebSocketTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  static Task<Response> answer(Request& request,
                               std::move_only_function<Task<>(WebSocket&)> session) {
    co_return co_await websocket(request, protocol, std::move(session), hasty);
  }
  static Task<> echo(WebSocketTest& self, WebSocket& socket) {
    auto result = co_await attempt([](WebSocket& from) -> Task<> {
      while (auto message = co_await from.receive()) {
        if (message->bytes == "enough") co_return;
        co_await from.send(std::move(*message));
      }
    }(socket));
    self.ended = result ? "well" : result.error().code().code;
    co_await std::move(result);
  }
  // Neither reads nor answers.
  static Task<> deaf(WebSocketTest& self) {
    auto result = co_await attempt(sleep(10s));
    self.ended = result ? "well" : result.error().code().code;
    co_await std::move(result);
  }

  Task<std::unique_ptr<ClientExchange>> open(std::string target, Headers more = {}) {
    SocketHandshake handshake;
    ClientRequest request{.target = std::move(target), .headers = std::move(more)};
    handshake.add_to(request, protocol);
    Client client(loop, address);
    auto exchange = co_await client.open(std::move(request));
    if (exchange->status() == 101) co_await handshake.check(*exchange, protocol);
    co_return exchange;
  }
  Task<> with(std::string target, std::function<Task<>(WebSocket&)> session) {
    co_await with_websocket(co_await open(std::move(target)), std::move(session), hasty);
  }
  Task<int> status_of(std::string target, Headers more) {
    auto exchange = co_await open(std::move(target), std::move(more));
    co_return exchange->status();
  }
  Task<std::string> raw(std::string bytes) {
    auto socket = co_await net::connect(loop, address);
    co_await socket.write_all(
        "GET /echo HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: other, test.1\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
        bytes);
    socket.shutdown_write();
    co_return co_await socket.read_to_end(1U << 20U);
  }
};

TASK_TEST_F(WebSocketTest, MessagesGoBothWaysAndTheEndIsAgreedOn) {
  co_await with("/echo", [](WebSocket& socket) -> Task<> {
    for (const std::size_t size : {0UZ, 5UZ, 1000UZ, frame_bytes_max}) {
      co_await socket.send({.is_text = size == 5, .bytes = std::string(size, 'x')});
      auto back = co_await within(10s, socket.receive());
      EXPECT_TRUE(back && back->bytes.size() == size);
      EXPECT_EQ(back && back->is_text, size == 5);
    }
  });
  for (int i = 0; i < 500 && ended.empty(); ++i) co_await sleep(5ms);
  EXPECT_EQ(ended, "well");
}

TASK_TEST_F(WebSocketTest, TheServersEndIsTheClientsEnd) {
  bool over = false;
  co_await with("/echo", [&over](WebSocket& socket) -> Task<> {
    co_await socket.send({.bytes = "enough"});
    auto last = co_await within(10s, socket.receive());
    over = !last;
  });
  EXPECT_TRUE(over);
}

TASK_TEST_F(WebSocketTest, TheHandshakeIsThatOfTheStandard) {
  const auto answered = co_await within(10s, raw("\x88\x80xxxx"));
  EXPECT_THAT(answered, HasSubstr("HTTP/1.1 101"));
  EXPECT_THAT(answered, HasSubstr("Connection: Upgrade\r\n"));
  EXPECT_THAT(answered, HasSubstr("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  EXPECT_THAT(answered, HasSubstr("Sec-WebSocket-Protocol: test.1\r\n"));
  EXPECT_TRUE(answered.ends_with(std::string_view("\x88\x00", 2)));
}

TASK_TEST_F(WebSocketTest, AFrameWithoutAMaskEndsIt) {
  const auto answered = co_await within(10s, raw("\x81\x05Hello"));
  EXPECT_THAT(answered, HasSubstr("not masked"));
  EXPECT_EQ(ended, "http.bad_frame");
}

TASK_TEST_F(WebSocketTest, AMessageInPiecesThatIsTooLargeEndsIt) {
  std::string pieces;
  for (int i = 0; i < 3; ++i) {
    pieces += frame_bytes({.opcode = i == 0 ? Opcode::binary : Opcode::continuation,
                           .is_last = false,
                           .payload = std::string(20'000, 'x')},
                          "abcd");
  }
  co_await within(10s, raw(pieces));
  EXPECT_EQ(ended, "http.frame_too_large");
}

TASK_TEST_F(WebSocketTest, AConnectionThatBreaksIsLost) {
  {
    auto exchange = co_await open("/echo");
  }
  for (int i = 0; i < 500 && ended.empty(); ++i) co_await sleep(5ms);
  EXPECT_EQ(ended, "http.lost");
}

TASK_TEST_F(WebSocketTest, ASilentSideIsGivenUp) {
  const auto exchange = co_await open("/echo");
  for (int i = 0; i < 500 && ended.empty(); ++i) co_await sleep(20ms);
  EXPECT_EQ(ended, "core.cancelled");
}

TASK_TEST_F(WebSocketTest, WhoeverGivesUpClosesIt) {
  bool over = false;
  co_await within(10s, with("/deaf", [&over](WebSocket& socket) -> Task<> {
                    const auto last = co_await socket.receive();
                    over = !last;
                  }));
  EXPECT_TRUE(over);
}

TASK_TEST_F(WebSocketTest, IdleSidesKeepItOpenByPings) {
  co_await within(10s, with("/echo", [](WebSocket& socket) -> Task<> {
                    const auto quiet = co_await attempt(within(600ms, socket.receive()));
                    EXPECT_TRUE(!quiet && quiet.error().is(temps::errors::timed_out));
                  }));
}

TASK_TEST_F(WebSocketTest, APageOfAnotherSiteMayNotOpenIt) {
  const auto from = [](std::string_view kind, std::string origin) {
    Headers headers;
    headers.add("X-Kind", std::string(kind));
    if (!origin.empty()) headers.add("Origin", std::move(origin));
    return headers;
  };
  const auto own = "http://" + address.text();
  EXPECT_EQ(co_await status_of("/echo", from("session", own)), 101);
  EXPECT_EQ(co_await status_of("/echo", from("session", "https://evil.example")), 403);
  EXPECT_EQ(co_await status_of("/echo", from("session", "null")), 403);
  EXPECT_EQ(co_await status_of("/echo", from("session", {})), 403);
  EXPECT_EQ(co_await status_of("/echo", from("key", {})), 101);
}

TASK_TEST_F(WebSocketTest, WhatAsksForNoneIsTold) {
  Client client(loop, address);
  const auto answered = co_await client.send({.target = "/echo"});
  EXPECT_EQ(answered.status, 400);
  EXPECT_THAT(answered.body, HasSubstr("http.no_websocket"));
}

}  // namespace
}  // namespace temps::http
