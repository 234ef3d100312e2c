// A command between a real WebSocket and a real process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "commands/errors.hpp"
#include "commands/session.hpp"
#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "http/server.hpp"
#include "net/socket.hpp"
#include "runtime/process_runtime.hpp"

namespace temps::commands {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct Anyone final : http::Authenticator {
  Task<http::Principal> authenticate(const http::Request&) override { co_return http::Principal{}; }
};

// What a client has seen.
struct Seen {
  std::string out;
  std::string err;
  std::size_t taken = 0;  // of what it sent
};

struct SessionTest : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;
  fs::path release = folder.path() / "releases" / "shop" / "1";
  runtime::ProcessRuntime runtime{loop,
                                  {.data_folder = folder.path(), .shim_program = "/bin/false"}};
  http::Router router;
  Anyone anyone;
  http::Server server{loop, router, anyone, {}};
  TaskGroup group{loop};
  net::Address address;
  std::vector<std::string> words;
  std::chrono::seconds limit{60};
  std::optional<Result<Ended>> ended;

  void SetUp() override {
    fs::permissions(folder.path(), fs::perms{0755});
    fs::create_directories(release / "app");
    fs::create_directories(release / "home");
    router.raw("GET", "/", permissions::open,
               [this](http::Request& request) { return answer(*this, request); });
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    ASSERT_TRUE(listener);
    address = listener->address();
    group.start("server", server.serve(std::move(*listener), 5s));
  }
  void TearDown() override { EXPECT_TRUE(loop.run(group.close())); }

  static Task<http::Response> answer(SessionTest& self, http::Request& request) {
    co_return co_await http::websocket(
        request, protocol, [&self](http::WebSocket& socket) { return serve(self, socket); });
  }
  static Task<> serve(SessionTest& self, http::WebSocket& socket) {
    auto command = co_await self.runtime.run_once(
        {.name = "x", .project = "shop", .artifact = self.release.native()}, {.words = self.words});
    auto result = co_await attempt(carry(socket, *command, self.limit));
    co_await shielded(command->end());
    self.ended.emplace(std::move(result));
  }
  Task<> with(std::vector<std::string> command, std::function<Task<>(http::WebSocket&)> client) {
    words = std::move(command);
    http::SocketHandshake handshake;
    http::ClientRequest request{.target = "/"};
    handshake.add_to(request, protocol);
    http::Client to(loop, address);
    auto exchange = co_await to.open(std::move(request));
    co_await handshake.check(*exchange, protocol);
    co_await within(30s, http::with_websocket(std::move(exchange), std::move(client)));
    for (int i = 0; i < 500 && !ended; ++i) co_await sleep(10ms);
  }
  enum class Acks : std::uint8_t { sent, withheld };
  // Until the other side ends it.
  static Task<> watch(http::WebSocket& socket, Seen& seen, Acks acks = Acks::sent) {
    while (auto message = co_await socket.receive()) {
      if (message->is_text) {
        const auto control = co_await to_control(*message);
        seen.taken += control.bytes.value_or(0);
        continue;
      }
      auto piece = co_await to_piece(std::move(*message));
      (piece.stream == Stream::error ? seen.err : seen.out) += piece.bytes;
      if (acks == Acks::withheld) continue;
      co_await socket.send(to_message(Control{.said = Said::taken, .bytes = piece.bytes.size()}));
    }
  }
};

TASK_TEST_F(SessionTest, CarriesThreeStreamsAndTheExitCode) {
  Seen seen;
  co_await with({"sh", "-c", "cat; echo no >&2; exit 7"}, [&](http::WebSocket& s) -> Task<> {
    co_await s.send(to_message(Stream::input, "piped"));
    co_await s.send(to_message(Control{.said = Said::end_of_input}));
    co_await watch(s, seen);
  });
  EXPECT_EQ(seen.out, "piped");
  EXPECT_EQ(seen.err, "no\n");
  EXPECT_TRUE(ended && *ended && (*ended)->code == 7);
}

TASK_TEST_F(SessionTest, ASlowReaderHoldsTheCommandUpAndNothingElse) {
  Seen seen;
  constexpr std::size_t all = 1'000'000;
  co_await with({"head", "-c", "1000000", "/dev/zero"}, [&](http::WebSocket& s) -> Task<> {
    co_await attempt(within(1s, watch(s, seen, Acks::withheld)));
    EXPECT_EQ(seen.out.size(), window_bytes);
    EXPECT_FALSE(ended);
    co_await s.send(to_message(Control{.said = Said::taken, .bytes = seen.out.size()}));
    co_await watch(s, seen);
  });
  EXPECT_EQ(seen.out.size(), all);
  EXPECT_TRUE(ended && *ended && (*ended)->code == 0);
}

TASK_TEST_F(SessionTest, ACommandThatDoesNotReadHoldsTheClientUp) {
  Seen seen;
  co_await with({"sleep", "1000"}, [&](http::WebSocket& s) -> Task<> {
    for (std::size_t sent = 0; sent < window_bytes; sent += piece_bytes_max) {
      co_await s.send(to_message(Stream::input, std::string(piece_bytes_max, 'x')));
    }
    co_await attempt(within(500ms, watch(s, seen)));
    EXPECT_LT(seen.taken, window_bytes);
    for (int i = 0; i < 6; ++i) {
      co_await attempt(s.send(to_message(Stream::input, std::string(piece_bytes_max, 'x'))));
    }
    co_await attempt(watch(s, seen));
  });
  EXPECT_TRUE(ended && !*ended && ended->error().is(errors::bad_message));
}

TASK_TEST_F(SessionTest, WhatACommandReadsNoMoreIsTakenAllTheSame) {
  Seen seen;
  co_await with({"sh", "-c", "exec <&-; sleep 0.5; exit 3"}, [&](http::WebSocket& s) -> Task<> {
    co_await sleep(200ms);
    for (int i = 0; i < 4; ++i) {
      co_await s.send(to_message(Stream::input, std::string(piece_bytes_max, 'x')));
    }
    co_await watch(s, seen);
  });
  EXPECT_EQ(seen.taken, 4 * piece_bytes_max);
  EXPECT_TRUE(ended && *ended && (*ended)->code == 3);
}

TASK_TEST_F(SessionTest, AClientThatGoesEndsItWithoutACode) {
  co_await with({"sleep", "1000"}, [](http::WebSocket&) -> Task<> { co_return; });
  EXPECT_TRUE(ended && *ended && !(*ended)->code && !(*ended)->timed_out);
}

TASK_TEST_F(SessionTest, ACommandThatTakesTooLongIsEnded) {
  limit = 1s;
  Seen seen;
  co_await with({"sleep", "1000"}, [&](http::WebSocket& s) { return watch(s, seen); });
  EXPECT_TRUE(ended && *ended && (*ended)->timed_out);
}

TASK_TEST_F(SessionTest, AClientMayNotSayWhatAServerSays) {
  Seen seen;
  co_await with({"sleep", "1000"}, [&](http::WebSocket& s) -> Task<> {
    co_await s.send(to_message(Control{.said = Said::exited, .code = 0}));
    co_await attempt(watch(s, seen));
  });
  EXPECT_TRUE(ended && !*ended && ended->error().is(errors::bad_message));
}

}  // namespace
}  // namespace temps::commands
