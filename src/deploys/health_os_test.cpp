#include <gmock/gmock.h>

#include "builds/fake_runtime.hpp"
#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "deploys/health.hpp"
#include "net/socket.hpp"

namespace temps::deploys {
namespace {

using projects::Protocol;

struct HealthOverSockets : testing::Test {
  net::Loop loop;
  net::Listener listener = listen();

  net::Listener listen() {
    auto opened = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    ensure(opened.has_value(), "cannot listen");
    return std::move(*opened);
  }
};

// Says `greeting` to every client whose first bytes are those, and breaks off else.
Task<> greet(net::Listener& listener, std::string expected, std::string greeting) {
  for (;;) {
    auto socket = co_await listener.accept();
    std::array<char, 3> begin{};
    const auto got = co_await socket.read_some(begin);
    if (std::string_view(begin.data(), got) != expected) continue;
    co_await socket.write_all(greeting);
    co_await socket.read_to_end(1000);
  }
}

Task<Answer> ask(net::Loop& loop, net::Listener& listener, HealthCheck check, std::string expected,
                 std::string greeting) {
  TaskGroup group(loop);
  group.start("app", greet(listener, std::move(expected), std::move(greeting)));
  auto answer = co_await ask_health(loop, listener.address().text(), std::move(check));
  co_await group.close();
  co_return answer;
}

const std::string settings("\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x64", 15);
const std::string http1 = "HTTP/1.1 204 No Content\r\n\r\n";

TASK_TEST_F(HealthOverSockets, AnAppOfHttp2OnlyIsWellWhenItGreets) {
  for (const auto protocol : {Protocol::auto_, Protocol::h2c}) {
    const auto answer = co_await ask(loop, listener, {.protocol = protocol}, "PRI", settings);
    EXPECT_EQ(answer.status, 200) << answer.text;
  }
  // Not where it is asked by HTTP/1.1 only, or for a path.
  const auto by_path =
      co_await ask(loop, listener, {.path = "/up", .protocol = Protocol::h2c}, "PRI", settings);
  EXPECT_EQ(by_path.status, 0);
  const auto by_http1 =
      co_await ask(loop, listener, {.protocol = Protocol::http1}, "PRI", settings);
  EXPECT_EQ(by_http1.status, 0);
}

TASK_TEST_F(HealthOverSockets, AnAppOfHttp1IsAskedAsEver) {
  const auto answer = co_await ask(loop, listener, {}, "GET", http1);
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.text, "GET / answered 204");
  const auto refused = co_await ask(loop, listener, {.protocol = Protocol::h2c}, "PRI",
                                    "HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(refused.status, 0);
  EXPECT_THAT(refused.text, testing::HasSubstr("does not speak HTTP/2"));
}

// The first client reads `answer`; the others wait for ever.
Task<> answer_once(net::Listener& listener, std::string answer) {
  std::vector<net::Descriptor> waiting;
  for (;;) {
    auto socket = co_await listener.accept();
    if (waiting.empty()) {
      std::array<char, 1024> request{};
      co_await socket.read_some(request);
      co_await socket.write_all(answer);
    }
    waiting.push_back(std::move(socket));
  }
}

TASK_TEST_F(HealthOverSockets, WhoGivesUpWhileAskingTellsTheAnswerBefore) {
  runtime::FakeRuntime runtime;
  runtime.instances["slow"].state.status = runtime::Status::running;
  TaskGroup group(loop);
  group.start("app", answer_once(listener, "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n"));
  runtime::Instance instance;
  instance.id = "slow";
  instance.address = listener.address().text();
  auto healthy = co_await attempt(wait_until_healthy(
      loop, runtime, instance,
      {.total = std::chrono::seconds(1), .answer_time = std::chrono::seconds(9)}));
  co_await group.close();
  EXPECT_FALSE(healthy);
  if (!healthy) EXPECT_THAT(healthy.error().detail(), testing::HasSubstr("answered 500"));
}

}  // namespace
}  // namespace temps::deploys
