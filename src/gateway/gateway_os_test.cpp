#include <gmock/gmock.h>

#include <deque>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "gateway/gateway.hpp"
#include "gateway/proxy_for_tests.hpp"

namespace temps::gateway {
namespace {

using testing::ElementsAre;

std::string reply(const routing::ControlReply& reply) { return routing::encode_control(reply); }

struct GatewayTest : testing::Test {
  files::TemporaryFolder folder;
  net::Loop loop;
  Options options{.table = folder.path() / "routes.json",
                  .control = folder.path() / "control.sock",
                  .console = {.id = "console", .address = "unix:/run/serve.sock"},
                  .console_hosts = {"console.test"},
                  .https_port = 8443};
  Gateway gateway{loop, options};
  std::deque<std::string> answers;  // whole lines, one for each request; then the proxy hangs up

  ProxyForTests::Answer scripted() {
    return [this](routing::ControlRequest) -> Task<std::string> {
      return [](std::deque<std::string>& from) -> Task<std::string> {
        if (from.empty()) co_return "";
        auto answer = std::move(from.front());
        from.pop_front();
        co_return answer;
      }(answers);
    };
  }
  static std::vector<routing::Route> one_route() {
    return {{.host = "shop.localhost",
             .upstreams = {{.id = "deployment-1", .address = "127.0.0.1:4001"}}}};
  }
  static routing::Certificate certificate(std::string id, std::string name) {
    return {.id = std::move(id), .names = {std::move(name)}, .chain = "/chain", .key = "/key"};
  }
  routing::Table table() {
    return routing::decode_table(files::read(options.table).value()).value();
  }
};

TASK_TEST_F(GatewayTest, IsInForceWhenTheProxySaysSo) {
  ProxyForTests proxy(loop, options.control, scripted());
  answers.push_back(reply({.version = 1}));
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
  ProxyForTests proxy(loop, options.control, scripted());
  answers.push_back(reply({.error = "route 1: no host"}));
  auto refused = co_await attempt(gateway.publish(one_route()));
  EXPECT_TRUE(!refused && refused.error().is(errors::refused));
  EXPECT_EQ(refused.error().detail(), "route 1: no host");
  co_await proxy.close();
}

TASK_TEST_F(GatewayTest, AProxyThatIsAwayFindsTheTableInTheFile) {
  EXPECT_EQ(co_await gateway.publish(one_route()), Reach::proxy_away);
  EXPECT_EQ(table().routes.at(0).host, "shop.localhost");
}

TASK_TEST_F(GatewayTest, AProxyThatHangsUpIsAskedOnceMore) {
  ProxyForTests proxy(loop, options.control, scripted());
  answers = {"", reply({.version = 1})};
  EXPECT_EQ(co_await gateway.publish(one_route()), Reach::in_force);
  EXPECT_EQ(proxy.requests.size(), 2U);
  co_await proxy.close();
}

// It may use the table or not: that is not for us to guess.
TASK_TEST_F(GatewayTest, AProxyThatRunsAndDoesNotAnswerIsNotAway) {
  ProxyForTests proxy(loop, options.control, scripted());
  answers = {"no json\n", "no json\n"};
  auto unknown = co_await attempt(gateway.publish(one_route()));
  EXPECT_TRUE(!unknown && unknown.error().is(errors::no_answer));
  EXPECT_EQ(co_await gateway.in_flight("deployment-1"), std::nullopt);
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

TASK_TEST_F(GatewayTest, EachPartIsPublishedApartAndTheOthersStay) {
  co_await gateway.publish(one_route());
  co_await gateway.publish_certificates({certificate("1-1", "shop.example")});
  co_await gateway.publish_challenges({{.name = "b.example", .token = "t", .response = "r"}});
  EXPECT_EQ(table().routes.size(), 1U);
  EXPECT_EQ(table().certificates.at(0).id, "1-1");
  co_await gateway.publish({});
  EXPECT_TRUE(table().routes.empty());
  EXPECT_EQ(table().certificates.size(), 1U);
  EXPECT_EQ(table().challenges.at(0).name, "b.example");
  EXPECT_EQ(table().version, 4);
  EXPECT_EQ(table().https_port, 8443);
}

TASK_TEST_F(GatewayTest, WhatIsInTheFileStaysUntilSomebodySpeaks) {
  co_await gateway.publish_certificates({certificate("1-1", "shop.example")});
  co_await gateway.publish(one_route());
  Gateway restarted(loop, options);
  co_await restarted.publish({});
  EXPECT_EQ(table().certificates.at(0).id, "1-1");
  Gateway again(loop, options);
  co_await again.publish_certificates({});
  EXPECT_TRUE(table().certificates.empty());
}

TASK_TEST_F(GatewayTest, SendsToHttpsOnlyWhereThereIsACertificate) {
  const std::vector<std::string> hosts{"shop.example", "a.shop.example", "*.other.example"};
  std::vector<routing::Route> routes{{.host = "plain.example"}};
  for (const auto& host : hosts) routes.push_back({.host = host, .https_only = true});
  co_await gateway.publish(routes);
  const auto https_only = [this] {
    std::vector<std::string> found;
    for (const auto& route : table().routes) {
      if (route.https_only) found.push_back(route.host);
    }
    return found;
  };
  EXPECT_THAT(https_only(), testing::IsEmpty());
  co_await gateway.publish_certificates(
      {certificate("1-1", "*.shop.example"), certificate("2-1", "plain.example")});
  EXPECT_THAT(https_only(), ElementsAre("a.shop.example"));
  co_await gateway.publish_certificates(
      {certificate("1-2", "shop.example"), certificate("3-1", "*.other.example")});
  EXPECT_THAT(https_only(), ElementsAre("shop.example", "*.other.example"));
}

TASK_TEST_F(GatewayTest, SendsTheConsolesVisitorsToHttpsOnceItHasACertificate) {
  auto https = options;
  https.https_console_host = "console.test";
  Gateway other(loop, https);
  co_await other.publish_certificates({certificate("1-1", "shop.example")});
  EXPECT_THAT(table().https_console_hosts, testing::IsEmpty());
  co_await other.publish_certificates({certificate("1-1", "*.test")});
  EXPECT_THAT(table().https_console_hosts, ElementsAre("console.test"));
}

TASK_TEST_F(GatewayTest, TellsWhoWatchesOfNewRoutes) {
  int told = 0;
  gateway.watch_with([&told] { ++told; });
  co_await gateway.publish_certificates({});
  EXPECT_EQ(told, 0);
  co_await gateway.publish(one_route());
  EXPECT_EQ(told, 1);
}

TASK_TEST_F(GatewayTest, APartThatTheProxyRefusedIsNotPublishedWithTheNext) {
  ProxyForTests proxy(loop, options.control, scripted());
  answers = {reply({.error = "no"}), reply({.version = 2})};
  EXPECT_FALSE(co_await attempt(gateway.publish_certificates({certificate("1-1", "a.example")})));
  EXPECT_EQ(co_await gateway.publish(one_route()), Reach::in_force);
  EXPECT_TRUE(table().certificates.empty());
  co_await proxy.close();
}

TASK_TEST_F(GatewayTest, BeginsAnewWhereTheFileCannotBeRead) {
  EXPECT_TRUE(files::write_atomically(options.table, "{ torn").has_value());
  co_await gateway.publish({});
  EXPECT_EQ(table().version, 1);
}

TASK_TEST_F(GatewayTest, TablesOfTheSameMomentFollowEachOther) {
  ProxyForTests proxy(loop, options.control, scripted());
  for (int i = 1; i <= 3; ++i) answers.push_back(reply({.version = i}));
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
  ProxyForTests proxy(loop, options.control, scripted());
  const auto status = reply({.upstreams = {{.id = "deployment-1", .in_flight = 3},
                                           {.id = "deployment-11", .in_flight = 9}}});
  answers = {status, status};
  EXPECT_EQ(co_await gateway.in_flight("deployment-1"), 3);
  EXPECT_EQ(co_await gateway.in_flight("deployment-2"), 0);
  EXPECT_EQ(proxy.requests.at(0).status, true);
  EXPECT_FALSE(proxy.requests.at(0).load.has_value());
  co_await proxy.close();
}

TASK_TEST_F(GatewayTest, AsksForWhatOneUpstreamHasAnswered) {
  ProxyForTests proxy(loop, options.control, scripted());
  answers = {reply({.upstreams = {{.id = "deployment-1",
                                   .failures = 2,
                                   .answers = routing::Answers{.server_error = 7}}}}),
             reply({})};
  const auto load = co_await gateway.load_of("deployment-1");
  EXPECT_EQ(load.value().failures, 2);
  EXPECT_EQ(load.value().answers.value().server_error, 7);
  EXPECT_EQ(proxy.requests.at(0).upstream, "deployment-1");
  EXPECT_FALSE((co_await gateway.load_of("deployment-2")).has_value());
  co_await proxy.close();
}

TASK_TEST_F(GatewayTest, AProxyThatIsAwayHasNothingInFlight) {
  EXPECT_EQ(co_await gateway.in_flight("deployment-1"), 0);
}

}  // namespace
}  // namespace temps::gateway
