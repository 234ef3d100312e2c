#include <gmock/gmock.h>

#include <array>
#include <deque>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "gateway/gateway.hpp"
#include "net/socket.hpp"

namespace temps::gateway {
namespace {

using testing::ElementsAre;

// The proxy's end of the control socket: notes each request and gives the next answer of a list.
class ScriptedProxy {
 public:
  ScriptedProxy(net::Loop& loop, const std::filesystem::path& socket)
      : listener_(open(loop, socket)), group_(loop) {
    group_.start("control", serve());
  }

  std::deque<std::string> answers;  // whole lines; an empty one hangs up
  std::vector<routing::ControlRequest> requests;

  Task<> close() {
    listener_.close();
    co_await group_.close();
  }

 private:
  static net::Listener open(net::Loop& loop, const std::filesystem::path& socket) {
    auto listener = net::Listener::open(loop, {.host = {}, .path = socket.string()});
    ensure(listener.has_value(), "cannot listen on the control socket");
    return std::move(*listener);
  }
  Task<> serve() {
    for (;;) {
      auto client = co_await listener_.accept();
      std::string line;
      std::array<char, 4096> buffer{};
      while (!line.ends_with('\n')) {
        const auto got = co_await client.read_some(buffer);
        if (got == 0) break;
        line.append(buffer.data(), got);
      }
      requests.push_back(routing::decode_control_request(line).value());
      if (answers.empty()) continue;
      const auto answer = std::move(answers.front());
      answers.pop_front();
      // In two parts, as a stream may bring it.
      const auto half = answer.size() / 2;
      co_await client.write_all(std::string_view(answer).substr(0, half));
      co_await sleep(std::chrono::milliseconds(1));
      co_await client.write_all(std::string_view(answer).substr(half));
    }
  }

  net::Listener listener_;
  TaskGroup group_;
};

std::string reply(const routing::ControlReply& reply) { return routing::encode_control(reply); }

struct GatewayTest : testing::Test {
  files::TemporaryFolder folder;
  net::Loop loop;
  Options options{.table = folder.path() / "routes.json",
                  .control = folder.path() / "control.sock",
                  .console = {.id = "console", .address = "unix:/run/serve.sock"},
                  .console_hosts = {"console.test"}};
  Gateway gateway{loop, options};

  static std::vector<routing::Route> one_route() {
    return {{.host = "shop.localhost",
             .upstreams = {{.id = "deployment-1", .address = "127.0.0.1:4001"}}}};
  }
  routing::Table table() {
    return routing::decode_table(files::read(options.table).value()).value();
  }
};

TASK_TEST_F(GatewayTest, IsInForceWhenTheProxySaysSo) {
  ScriptedProxy proxy(loop, options.control);
  proxy.answers.push_back(reply({.version = 1}));
  EXPECT_EQ(co_await gateway.publish(one_route()), Reach::in_force);
  EXPECT_EQ(proxy.requests.at(0).load, 1);
  const auto written = table();
  EXPECT_EQ(written.version, 1);
  EXPECT_EQ(written.routes.at(0).upstreams.at(0).address, "127.0.0.1:4001");
  EXPECT_EQ(written.console->address, "unix:/run/serve.sock");
  EXPECT_THAT(written.console_hosts, ElementsAre("console.test"));
  co_await proxy.close();
}

TASK_TEST_F(GatewayTest, TellsWhyTheProxyRefused) {
  ScriptedProxy proxy(loop, options.control);
  proxy.answers.push_back(reply({.error = "route 1: no host"}));
  auto refused = co_await attempt(gateway.publish(one_route()));
  EXPECT_TRUE(!refused && refused.error().is(errors::refused));
  EXPECT_EQ(refused.error().detail(), "route 1: no host");
  co_await proxy.close();
}

TASK_TEST_F(GatewayTest, AProxyThatIsAwayFindsTheTableInTheFile) {
  EXPECT_EQ(co_await gateway.publish(one_route()), Reach::proxy_away);
  EXPECT_EQ(table().routes.at(0).host, "shop.localhost");
}

TASK_TEST_F(GatewayTest, AProxyThatDiesBeforeItsAnswerIsAway) {
  ScriptedProxy proxy(loop, options.control);
  EXPECT_EQ(co_await gateway.publish(one_route()), Reach::proxy_away);
  proxy.answers.push_back("no json\n");
  EXPECT_EQ(co_await gateway.publish(one_route()), Reach::proxy_away);
  EXPECT_EQ(proxy.requests.size(), 2U);
  co_await proxy.close();
}

// A proxy that outlived us must see every table of ours as newer than the one it has.
TASK_TEST_F(GatewayTest, ContinuesTheNumberingOfTheFile) {
  const routing::Table former{.version = 41};
  EXPECT_TRUE(files::write_atomically(options.table, routing::encode_table(former)).has_value());
  co_await gateway.publish({});
  EXPECT_EQ(table().version, 42);
  co_await gateway.publish(one_route());
  EXPECT_EQ(table().version, 43);
}

TASK_TEST_F(GatewayTest, BeginsAnewWhereTheFileCannotBeRead) {
  EXPECT_TRUE(files::write_atomically(options.table, "{ torn").has_value());
  co_await gateway.publish({});
  EXPECT_EQ(table().version, 1);
}

TASK_TEST_F(GatewayTest, TablesOfTheSameMomentFollowEachOther) {
  ScriptedProxy proxy(loop, options.control);
  for (int i = 1; i <= 3; ++i) proxy.answers.push_back(reply({.version = i}));
  std::vector<Task<>> tasks;
  for (int i = 0; i < 3; ++i) {
    tasks.push_back([](Gateway& to) -> Task<> { co_await to.publish({}); }(gateway));
  }
  co_await all(std::move(tasks));
  std::vector<std::int64_t> loaded;
  for (const auto& request : proxy.requests) loaded.push_back(request.load.value_or(0));
  EXPECT_THAT(loaded, ElementsAre(1, 2, 3));
  EXPECT_EQ(table().version, 3);
  co_await proxy.close();
}

TASK_TEST_F(GatewayTest, FailsWhenTheTableCannotBeWritten) {
  const Options elsewhere{.table = folder.path() / "missing" / "routes.json",
                          .control = options.control};
  Gateway other(loop, elsewhere);
  auto result = co_await attempt(other.publish({}));
  EXPECT_FALSE(result.has_value());
}

TASK_TEST_F(GatewayTest, CountsTheRequestsOfOneUpstream) {
  ScriptedProxy proxy(loop, options.control);
  const auto status = reply({.upstreams = {{.id = "deployment-1", .in_flight = 3},
                                           {.id = "deployment-11", .in_flight = 9}}});
  proxy.answers = {status, status};
  EXPECT_EQ(co_await gateway.in_flight("deployment-1"), 3);
  EXPECT_EQ(co_await gateway.in_flight("deployment-2"), 0);
  EXPECT_EQ(proxy.requests.at(0).status, true);
  EXPECT_FALSE(proxy.requests.at(0).load.has_value());
  co_await proxy.close();
}

TASK_TEST_F(GatewayTest, AProxyThatIsAwayHasNothingInFlight) {
  EXPECT_EQ(co_await gateway.in_flight("deployment-1"), 0);
}

}  // namespace
}  // namespace temps::gateway
