#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "http/client.hpp"
#include "http/errors.hpp"
#include "http/server.hpp"
#include "net/errors.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"

namespace temps::http {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct AnyoneMayEnter final : Authenticator {
  Task<Principal> authenticate(const Request&) override { co_return Principal{}; }
};

Task<Response> hello(Request& request) {
  Response response{.body = "hello " + request.client_address + " " + request.scheme};
  response.headers.add("X-Evil", "a\r\nSet-Cookie: x=y");
  co_return response;
}
Task<Response> echo(Request& request) {
  auto body = co_await read_body(request, 1000);
  co_return Response{.body = fmt::format("{}:{}", body.size(), body.substr(0, 20))};
}
Task<Response> take_json(Request& request) {
  auto body = co_await read_json_body(request);
  co_return Response{.body = fmt::format("{} bytes", body.size())};
}
Task<Response> ignore(Request&) { co_return Response{.body = "not read"}; }

// A fixture with a running server; every test's clients are tasks of the same loop.
struct ServerTest : testing::Test {
  net::Loop loop;
  Router router;
  AnyoneMayEnter authenticator;
  ServerLimits limits{.header_time = 300ms,
                      .idle_time = 400ms,
                      .body_pause = 300ms,
                      .json_time = 500ms,
                      .connections_max = 3};
  Server server{loop, router, authenticator, limits};
  TaskGroup group{loop};
  net::Address address;
  std::string events;

  ServerTest() {
    router.raw("GET", "/hello", permissions::open, hello);
    router.raw("POST", "/echo", permissions::open, echo);
    router.raw("POST", "/json", permissions::open, take_json);
    router.raw("POST", "/ignore", permissions::open, ignore);
    router.raw("GET", "/slow", permissions::open, [this](Request&) { return slow(*this); });
    router.raw("GET", "/count", permissions::open, count);
    router.raw("GET", "/breaks", permissions::open, breaks);
    router.raw("GET", "/watch", permissions::open, [this](Request&) { return watch(*this); });
    listen({.host = "127.0.0.1", .port = 0, .path = {}});
  }
  ~ServerTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  void listen(const net::Address& at) {
    auto listener = net::Listener::open(loop, at);
    ASSERT_TRUE(listener.has_value());
    address = listener->address();
    group.start("server", server.serve(std::move(*listener), 1s));
  }

  static Task<Response> slow(ServerTest& self) {
    self.events += "began ";
    auto slept = co_await attempt(sleep(600ms));
    self.events += slept ? "finished " : "cancelled ";
    co_return Response{.body = "slow"};
  }
  static Task<> three(BodyWriter& writer) {
    for (int i = 0; i < 3; ++i) {
      co_await writer.write(fmt::format("part {};", i));
      co_await sleep(5ms);
    }
  }
  static Task<Response> count(Request&) {
    Response response;
    response.stream = three;
    co_return response;
  }
  static Task<> half(BodyWriter& writer) {
    co_await writer.write("half");
    co_await fail(temps::errors::internal);
  }
  static Task<Response> breaks(Request&) {
    Response response;
    response.stream = half;
    co_return response;
  }
  static Task<> tick(ServerTest& self, EventSink& sink) {
    co_await sink.send({.id = "1", .name = "line", .data = "two\nlines"});
    auto waited = co_await attempt(sleep(1h));
    self.events += waited ? "waited " : "watcher gone ";
    co_await std::move(waited);
  }
  static Task<Response> watch(ServerTest& self) {
    co_return event_stream([&self](EventSink& sink) { return tick(self, sink); });
  }

  // Sends the text and yields everything that comes until the server closes.
  Task<std::string> talk(std::string text) {
    auto socket = co_await net::connect(loop, address);
    co_await attempt(socket.write_all(text));
    co_return co_await within(3s, socket.read_to_end(1U << 20U));
  }
  Task<std::string> read_until(net::Descriptor& socket, std::string mark) {
    std::string seen;
    std::array<char, 4096> buffer{};
    while (seen.find(mark) == std::string::npos) {
      const auto got = co_await within(3s, socket.read_some(buffer));
      if (got == 0) co_return seen + "<end>";
      seen.append(buffer.data(), got);
    }
    co_return seen;
  }
  Task<ClientResponse> get(std::string target) {
    Client client(loop, address);
    co_return co_await client.send({.target = std::move(target)}, 3s);
  }
};

std::string get_text(std::string_view path, std::string_view more = {}) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n{}\r\n", path, more);
}

TASK_TEST_F(ServerTest, AnswersWithSecurityHeadersAndNoLineOfTheHandlersMaking) {
  auto response = co_await get("/hello");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello 127.0.0.1 http");
  EXPECT_EQ(response.headers.find("x-content-type-options"), "nosniff");
  EXPECT_TRUE(response.headers.find("x-request-id").has_value());
  EXPECT_FALSE(response.headers.find("set-cookie").has_value());
}

TASK_TEST_F(ServerTest, AnswersRequestsOfOneConnectionInTheirOrder) {
  auto text = co_await talk(get_text("/hello") + get_text("/nothing") +
                            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc" +
                            get_text("/hello", "Connection: close\r\n"));
  const auto first = text.find("hello 127");
  const auto second = text.find("404 Not Found");
  const auto third = text.find("3:abc");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_THAT(text, EndsWith("hello 127.0.0.1 http"));
  EXPECT_THAT(text, HasSubstr("Connection: close\r\n"));
}

TASK_TEST_F(ServerTest, RefusesWhatTwoReadersCouldUnderstandDifferently) {
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  for (const std::string& request : {
           head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
           head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           head + "Content-Length: +3\r\n\r\nabc",
           head + "Content-Length : 3\r\n\r\nabc",
           head + "X: a\r\n folded\r\nContent-Length: 3\r\n\r\nabc",
           std::string("GET /hello HTTP/1.1\nHost: x\n\n"),
           std::string("GET /hello HTTP/1.1\r\n\r\n"),
           std::string("GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
           std::string("GET /a%2fb HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
       }) {
    auto answer = co_await talk(request + get_text("/smuggled"));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << request;
    EXPECT_THAT(answer, Not(HasSubstr("/smuggled"))) << request;
  }
  auto chunk = co_await talk(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n");
  EXPECT_THAT(chunk, StartsWith("HTTP/1.1 400 "));
}

TASK_TEST_F(ServerTest, BoundsHeadsAndBodies) {
  auto head = co_await talk(get_text("/hello", "X: " + std::string(40'000, 'a') + "\r\n"));
  EXPECT_THAT(head, StartsWith("HTTP/1.1 431 "));
  auto target = co_await talk(get_text("/" + std::string(9'000, 'a')));
  EXPECT_THAT(target, StartsWith("HTTP/1.1 414 "));
  const std::string post = "POST /echo HTTP/1.1\r\nHost: x\r\n";
  auto announced = co_await talk(post + "Content-Length: 1001\r\n\r\n");
  EXPECT_THAT(announced, StartsWith("HTTP/1.1 413 "));
  auto chunked = co_await talk(post + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" +
                               "3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n");
  EXPECT_THAT(chunked, StartsWith("HTTP/1.1 413 "));
}

TASK_TEST_F(ServerTest, ReadsChunkedBodiesWhateverTheirPieces) {
  auto socket = co_await net::connect(loop, address);
  const std::string text =
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n";
  for (const char c : text) {
    co_await socket.write_all({&c, 1});
    co_await yield();
  }
  EXPECT_THAT(co_await read_until(socket, "7:abcdefg"), EndsWith("7:abcdefg"));
}

TASK_TEST_F(ServerTest, AsksForABodyThatWaitsToBeAskedFor) {
  auto socket = co_await net::connect(loop, address);
  co_await socket.write_all(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(co_await read_until(socket, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  co_await socket.write_all("ok");
  EXPECT_THAT(co_await read_until(socket, "2:ok"), StartsWith("HTTP/1.1 200 OK"));
  // Nobody wants this one: the answer comes at once, and the connection ends.
  auto refused = co_await talk(
      "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(refused, HasSubstr("Connection: close"));
}

TASK_TEST_F(ServerTest, ABodyThatNobodyReadDoesNotBecomeTheNextRequest) {
  const auto body = get_text("/hello");
  auto text =
      co_await talk(fmt::format("POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}",
                                body.size(), body) +
                    get_text("/nothing", "Connection: close\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("hello")));
  EXPECT_THAT(text, HasSubstr("404 Not Found"));
}

TASK_TEST_F(ServerTest, SlowClientsAreNotWaitedForForever) {
  EXPECT_EQ(co_await talk(""), "");  // idle: closed without a word
  auto head = co_await talk("GET /hello HTTP/1.1\r\nHost:");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 408 "));
  auto body = co_await talk("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
  EXPECT_THAT(body, StartsWith("HTTP/1.1 408 "));
}

TASK_TEST_F(ServerTest, AJsonBodyThatDripsInIsNotWaitedForForever) {
  const auto drip = [](net::Descriptor& socket) -> Task<> {
    for (;;) {
      co_await socket.write_all(" ");
      co_await sleep(50ms);
    }
  };
  auto socket = co_await net::connect(loop, address);
  co_await socket.write_all("POST /json HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
  const auto begin = std::chrono::steady_clock::now();
  std::string answer;
  const auto listen_to_it = [](net::Descriptor& from, std::string& into) -> Task<> {
    std::array<char, 4096> bytes{};
    const auto got = co_await from.read_some(bytes);
    into.assign(bytes.data(), got);
  };
  co_await race(drip(socket), listen_to_it(socket, answer));
  EXPECT_THAT(answer, HasSubstr("http.too_slow"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TASK_TEST_F(ServerTest, StreamsChunkedAndTellsABrokenStreamFromAWholeOne) {
  auto whole = co_await get("/count");
  EXPECT_EQ(whole.body, "part 0;part 1;part 2;");
  EXPECT_EQ(whole.headers.find("transfer-encoding"), "chunked");
  auto broken = co_await attempt(get("/breaks"));
  EXPECT_TRUE(!broken && broken.error().is(net::errors::broken));
  auto old = co_await talk("GET /count HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old, EndsWith("\r\n\r\npart 0;part 1;part 2;"));
}

TASK_TEST_F(ServerTest, AHeadRequestHasTheHeadOfAGetAndNoBody) {
  auto text = co_await talk(
      "HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\nHEAD /count HTTP/1.1\r\nHost: x\r\n"
      "Connection: close\r\n\r\n");
  EXPECT_THAT(text, HasSubstr("Content-Length: 20\r\n"));
  EXPECT_THAT(text, Not(HasSubstr("hello")));
  EXPECT_THAT(text, Not(HasSubstr("part")));
}

TASK_TEST_F(ServerTest, SendsEventsAndStopsWhenTheClientHasGone) {
  {
    auto socket = co_await net::connect(loop, address);
    co_await socket.write_all(get_text("/watch"));
    auto text = co_await read_until(socket, "lines\n\n");
    EXPECT_THAT(text, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(text, HasSubstr("id: 1\nevent: line\ndata: two\ndata: lines\n\n"));
    EXPECT_EQ(events, "");
  }
  co_await sleep(50ms);
  EXPECT_EQ(events, "watcher gone ");
}

TASK_TEST_F(ServerTest, TakesNoMoreConnectionsThanItMayAndClosesIdleOnesFirst) {
  std::vector<net::Descriptor> idle;
  for (int i = 0; i < 3; ++i) {
    idle.push_back(co_await net::connect(loop, address));
    co_await sleep(10ms);
  }
  auto response = co_await get("/hello");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(co_await idle.front().read_to_end(10), "");
}

TASK_TEST_F(ServerTest, AStopLetsRequestsInFlightEndAndEndsEventStreamsAtOnce) {
  auto busy = co_await net::connect(loop, address);
  co_await busy.write_all(get_text("/slow"));
  auto watching = co_await net::connect(loop, address);
  co_await watching.write_all(get_text("/watch"));
  co_await read_until(watching, "lines\n\n");
  TaskGroup stopping(loop);
  stopping.start("stop", [](TaskGroup& g) -> Task<> { co_await g.close(); }(group));
  EXPECT_THAT(co_await read_until(watching, "0\r\n\r\n"), EndsWith("0\r\n\r\n"));
  EXPECT_EQ(events, "began watcher gone ");
  EXPECT_THAT(co_await busy.read_to_end(10'000), EndsWith("slow"));
  auto refused = co_await attempt(net::connect(loop, address));
  EXPECT_FALSE(refused.has_value());
  co_await stopping.close();
}

TASK_TEST_F(ServerTest, BelievesForwardedFieldsOnAUnixSocketOnly) {
  const std::string fields =
      "X-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"
      "X-Request-Id: from-the-proxy\r\nConnection: close\r\n";
  auto tcp = co_await talk(get_text("/hello", fields));
  EXPECT_THAT(tcp, EndsWith("hello 127.0.0.1 http"));
  EXPECT_THAT(tcp, Not(HasSubstr("from-the-proxy")));
  const auto path = testing::TempDir() + fmt::format("temps-http-{}.sock", ::getpid());
  listen({.host = {}, .port = 0, .path = path});
  auto proxied = co_await talk(get_text("/hello", fields));
  EXPECT_THAT(proxied, EndsWith("hello 203.0.113.9 https"));
  EXPECT_THAT(proxied, HasSubstr("X-Request-Id: from-the-proxy\r\n"));
  ::unlink(path.c_str());
}

}  // namespace
}  // namespace temps::http
