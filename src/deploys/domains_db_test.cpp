// Domains in the route table: what the proxy is told of names of the users' own.
#include <gmock/gmock.h>

#include <algorithm>

#include "deploys/fixture_for_tests.hpp"

namespace temps::deploys {
namespace {

struct DomainsInTheTable : DeploysTest {
  [[nodiscard]] routing::Route of(std::string_view host) const {
    if (!in_force) return {};
    const auto found = std::ranges::find(in_force->routes, host, &routing::Route::host);
    return found == in_force->routes.end() ? routing::Route{} : *found;
  }
  Task<> add(domains::NewDomain domain) {
    const auto added = co_await serve->domains.add(project, std::move(domain));
    EXPECT_EQ(added.reach, gateway::Reach::in_force);
  }
};

TASK_TEST_F(DomainsInTheTable, ServesWhatTheEnvironmentServesFromOneDeploymentToTheNext) {
  co_await add({.name = "shop.example.com"});
  EXPECT_EQ(of("shop.example.com").host, "shop.example.com");
  EXPECT_TRUE(of("shop.example.com").upstreams.empty());
  for (int i = 0; i < 2; ++i) {
    co_await push_to_the_end(node_tree);
    EXPECT_EQ(of("shop.example.com").upstreams.at(0).id, of("shop.localhost").upstreams.at(0).id);
    EXPECT_EQ(of("shop.example.com").release, of("shop.localhost").release);
  }
}

TASK_TEST_F(DomainsInTheTable, SaysWhichProtocolTheAppSpeaks) {
  co_await add({.name = "shop.example.com"});
  EXPECT_EQ(of("shop.example.com").protocol, routing::Protocol::auto_);
  co_await change([](auto& settings) { settings.protocol = projects::Protocol::http1; });
  co_await push_to_the_end(node_tree);
  EXPECT_EQ(of("shop.example.com").protocol, routing::Protocol::http1);
  EXPECT_EQ(of("shop.localhost").protocol, routing::Protocol::http1);
}

TASK_TEST_F(DomainsInTheTable, ServesAStaticTree) {
  co_await push_to_the_end(static_tree);
  co_await add({.name = "*.example.com"});
  EXPECT_EQ(of("*.example.com").tree.value().root, of("shop.localhost").tree.value().root);
}

TASK_TEST_F(DomainsInTheTable, RedirectsElsewhereWhateverIsDeployed) {
  co_await push_to_the_end(static_tree);
  co_await add({.name = "www.example.com",
                .redirect_to = "https://example.com",
                .redirect_status = 301,
                .keep_path = false});
  const auto route = of("www.example.com");
  EXPECT_FALSE(route.tree.has_value());
  EXPECT_EQ(route.redirect.value().to, "https://example.com");
  EXPECT_EQ(route.redirect.value().status, 301);
  EXPECT_FALSE(route.redirect.value().keep_path);
}

TASK_TEST_F(DomainsInTheTable, IsOutOfTheTableWhenTheRemovalReturns) {
  co_await add({.name = "shop.example.com"});
  EXPECT_EQ(co_await serve->domains.remove(project.id, "shop.example.com"),
            gateway::Reach::in_force);
  EXPECT_EQ(of("shop.example.com").host, "");
  EXPECT_EQ(of("shop.localhost").host, "shop.localhost");
}

// As after a change of the base domain.
TASK_TEST_F(DomainsInTheTable, GivesWayToTheNameOfAnEnvironment) {
  static constexpr sql::Command<std::string, std::string> rename{
      "deploys_test.rename", "update domains set name = $2 where name = $1"};
  co_await add({.name = "shop.example.com"});
  co_await database.run(rename, std::string("shop.example.com"), std::string("shop.localhost"));
  co_await serve->deploys.publish();
  EXPECT_EQ(std::ranges::count(in_force->routes, "shop.localhost", &routing::Route::host), 1);
}

TASK_TEST_F(DomainsInTheTable, IsTakenBackWhenTheProxyRefusesTheTable) {
  refusal = "no room";
  auto added = co_await attempt(serve->domains.add(project, {.name = "shop.example.com"}));
  EXPECT_TRUE(!added && added.error().is(gateway::errors::refused));
  EXPECT_EQ(of("shop.example.com").host, "");
}

}  // namespace
}  // namespace temps::deploys
