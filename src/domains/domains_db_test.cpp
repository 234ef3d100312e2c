#include <gmock/gmock.h>

#include "core/testing.hpp"
#include "domains/domains.hpp"
#include "domains/errors.hpp"
#include "domains/module.hpp"
#include "domains/queries.hpp"
#include "projects/module.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"

namespace temps::domains {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct DomainsTest : testbed::DatabaseTest {
  FakeClock clock;
  projects::Projects projects{database, clock};
  // Nobody answers at this name server.
  Options options{.public_addresses = {"203.0.113.7"}, .name_server = "127.0.0.1:1"};
  Domains domains{database, projects, loop, options, clock};
  projects::Project shop;
  int published = 0;
  std::string refusal;  // of the proxy, of the next table only

  DomainsTest() {
    const auto prepared = loop.run([](DomainsTest& self) -> Task<> {
      auto all = projects::migrations();
      for (auto& migration : migrations()) all.push_back(migration);
      co_await sql::migrate(self.database, all);
      self.shop = co_await self.projects.create("shop");
    }(*this));
    EXPECT_TRUE(prepared.has_value());
    domains.publish_with([this] { return publish(); });
  }
  Task<gateway::Reach> publish() {
    ++published;
    const auto refused = std::exchange(refusal, {});
    if (!refused.empty()) co_await fail(gateway::errors::refused, refused);
    co_return gateway::Reach::in_force;
  }
  Task<std::vector<std::string>> names() {
    std::vector<std::string> found;
    for (const auto& domain : co_await domains.all()) found.push_back(domain.name);
    co_return found;
  }
};

TASK_TEST_F(DomainsTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), IsEmpty());
}

TASK_TEST_F(DomainsTest, ANewDomainServesProductionAndIsPublishedAtOnce) {
  const auto added = co_await domains.add(shop, {.name = "Shop.Example.com"});
  EXPECT_EQ(added.reach, gateway::Reach::in_force);
  EXPECT_EQ(published, 1);
  const auto domain = co_await domains.get(shop.id, "shop.example.com");
  EXPECT_EQ(domain.environment, (co_await projects.production(shop.id)).id);
  EXPECT_EQ(domain.role, Role::serve);
  EXPECT_TRUE(domain.https_only);
  EXPECT_EQ(domain.dns, Dns::unknown);
  EXPECT_THAT(domain.dns_detail, HasSubstr("did not answer"));
  EXPECT_EQ(domain.checked_at, clock.now());
  EXPECT_THAT(domains.wanted_records(domain), ElementsAre("A shop.example.com -> 203.0.113.7"));
}

TASK_TEST_F(DomainsTest, SeveralDomainsServeOneEnvironmentInOrderOfName) {
  for (const auto* name : {"c.example", "a.example", "b.example"}) {
    co_await domains.add(shop, {.name = name});
  }
  auto page = co_await domains.list(shop.id, "", 2);
  EXPECT_EQ(page.size(), 2U);
  EXPECT_EQ(page.at(0).name, "a.example");
  page = co_await domains.list(shop.id, page.back().name, 2);
  EXPECT_EQ(page.size(), 1U);
  EXPECT_EQ(page.at(0).name, "c.example");
}

TASK_TEST_F(DomainsTest, ANameBelongsToOneProjectOnly) {
  co_await domains.add(shop, {.name = "shop.example.com"});
  auto again = co_await attempt(domains.add(shop, {.name = "shop.example.com"}));
  EXPECT_TRUE(!again && again.error().is(errors::name_taken));
  EXPECT_THAT(std::string(again.error().detail()), HasSubstr("has the domain"));
  const auto blog = co_await projects.create("blog");
  auto other = co_await attempt(domains.add(blog, {.name = "shop.example.com"}));
  EXPECT_TRUE(!other && other.error().is(errors::name_taken));
  EXPECT_THAT(std::string(other.error().detail()),
              HasSubstr("temps domain remove shop.example.com --project shop"));
  EXPECT_EQ(published, 1);
  auto hidden = co_await attempt(domains.get(blog.id, "shop.example.com"));
  EXPECT_TRUE(!hidden && hidden.error().is(errors::no_such_domain));
}

TASK_TEST_F(DomainsTest, RefusesWhatCannotBe) {
  const std::vector<std::pair<NewDomain, ErrorCode>> cases{
      {{.name = "shop"}, errors::bad_name},
      {{.name = "blog.localhost"}, errors::below_base},
      {{.name = "a.example", .environment = "staging"}, errors::no_such_environment},
      {{.name = "a.example", .redirect_to = "b.example"}, errors::bad_redirect},
      {{.name = "a.example", .redirect_to = "https://b.example", .redirect_status = 200},
       errors::bad_redirect}};
  for (const auto& [domain, code] : cases) {
    auto refused = co_await attempt(domains.add(shop, domain));
    EXPECT_TRUE(!refused && refused.error().is(code)) << domain.name << ' ' << code.code;
  }
  EXPECT_EQ(published, 0);
}

TASK_TEST_F(DomainsTest, IsChangedFromServingToRedirectingAndBack) {
  co_await domains.add(shop, {.name = "www.example.com"});
  co_await domains.change(shop, "www.example.com",
                          {.redirect_to = "https://example.com/", .redirect_status = 301});
  auto domain = co_await domains.get(shop.id, "www.example.com");
  EXPECT_EQ(domain.role, Role::redirect);
  EXPECT_EQ(domain.redirect_to, "https://example.com");
  EXPECT_EQ(domain.redirect_status, 301);
  co_await domains.change(shop, "www.example.com", {.redirect_to = "", .https_only = false});
  domain = co_await domains.get(shop.id, "www.example.com");
  EXPECT_EQ(domain.role, Role::serve);
  EXPECT_FALSE(domain.https_only);
  EXPECT_EQ(published, 3);
}

TASK_TEST_F(DomainsTest, WhatTheProxyRefusesIsTakenBack) {
  refusal = "no";
  auto added = co_await attempt(domains.add(shop, {.name = "a.example"}));
  EXPECT_TRUE(!added && added.error().is(gateway::errors::refused));
  EXPECT_THAT(co_await names(), IsEmpty());
  EXPECT_EQ(published, 2);
  co_await domains.add(shop, {.name = "a.example"});
  refusal = "no";
  auto changed = co_await attempt(domains.change(shop, "a.example", {.https_only = false}));
  EXPECT_FALSE(changed);
  EXPECT_TRUE((co_await domains.get(shop.id, "a.example")).https_only);
}

TASK_TEST_F(DomainsTest, IsGoneAfterItsRemovalAndWithItsProject) {
  for (const auto* name : {"a.example", "b.example"}) co_await domains.add(shop, {.name = name});
  co_await domains.remove(shop.id, "a.example");
  EXPECT_EQ(published, 3);
  EXPECT_THAT(co_await names(), ElementsAre("b.example"));
  auto again = co_await attempt(domains.remove(shop.id, "a.example"));
  EXPECT_TRUE(!again && again.error().is(errors::no_such_domain));
  co_await projects.remove(shop.id);
  EXPECT_THAT(co_await names(), IsEmpty());
}

}  // namespace
}  // namespace temps::domains
