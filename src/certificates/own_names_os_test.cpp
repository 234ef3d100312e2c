// Certificates of the platform's own names: the real proxy, pebble with its checks on, knot for the
// zone.
#include "certificates/errors.hpp"
#include "certificates/issuance_for_tests.hpp"
#include "certificates/own_names.hpp"
#include "http/client.hpp"
#include "testbed/knot.hpp"
#include "x509/authority_for_tests.hpp"

namespace temps::certificates {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct OwnNamesTest : IssuanceTest {
  OwnNamesTest() {
    options.own = {.console = "temps.example.org", .base = "apps.example.org", .is_https = true};
    gateway_options.console_hosts = {"localhost", options.own.console};
    gateway_options.https_console_host = options.own.console;
  }
  Task<> add_apps(std::vector<std::string> hosts) {
    std::vector<routing::Route> routes;
    for (auto& host : hosts) {
      routes.push_back({.host = std::move(host), .release = "a/production/1", .https_only = true});
    }
    co_await serve->gateway.publish(std::move(routes));
  }
  Task<std::vector<std::string>> ordered() {
    std::vector<std::string> names;
    for (auto& order : co_await database.all(queries::own_orders)) {
      names.push_back(std::move(order.name));
    }
    co_return names;
  }
  routing::Table table() {
    return routing::decode_table(files::read(gateway_options.table).value()).value();
  }
};

TASK_TEST_F(OwnNamesTest, TheConsoleAndEachAppGetOneWhereNobodyKeepsTheZone) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  EXPECT_EQ((co_await until_named("temps.example.org", OrderState::issued)).proof, "http-01");
  const auto trust = co_await root_of(pebble);
  co_await visit("temps.example.org", trust);
  EXPECT_THAT(table().https_console_hosts, ElementsAre("temps.example.org"));
  http::Client browser(loop, net::parse_address(proxy->addresses().at(0)).value());
  const auto sent_on = co_await browser.send({.target = "/setup", .host = "temps.example.org"});
  EXPECT_EQ(sent_on.status, 308);
  EXPECT_EQ(sent_on.headers.find("Location"),
            fmt::format("https://temps.example.org:{}/setup", tls_address().port));
  // This machine's own commands speak http.
  EXPECT_NE((co_await browser.send({.host = "localhost"})).status, 308);
  EXPECT_THAT(co_await ordered(), ElementsAre("temps.example.org"));

  // An app is there when its route is.
  co_await add_apps({"shop.apps.example.org", "shop.example.net"});
  co_await until_named("shop.apps.example.org", OrderState::issued);
  co_await visit("shop.apps.example.org", trust);
  EXPECT_TRUE(table().routes.at(0).https_only);
  EXPECT_FALSE(table().routes.at(1).https_only);
  const auto state = co_await serve->issuance.own();
  EXPECT_EQ(state.way, OwnState::Way::each);
  EXPECT_EQ(state.names.size(), 3U);
  EXPECT_EQ(state.names.at(2).purpose, OwnName::Purpose::app);
  EXPECT_TRUE(state.names.at(2).certificate.has_value());
  const auto all = co_await serve->certificates.list({}, 10);
  EXPECT_THAT((co_await serve->certificates.uses(all)).at(1), ElementsAre("shop.apps.example.org"));

  // And goes with it; its certificate once that has expired.
  co_await add_apps({});
  while ((co_await ordered()).size() > 1) co_await sleep(10ms);
  co_await serve->certificates.forget_unused();
  EXPECT_EQ((co_await serve->certificates.list({}, 10)).size(), 2U);
  co_await stop_serve();
  clock.by = all.at(1).not_after - all.at(1).not_before;
  options.authority.directory_url = "https://127.0.0.1:1/directory";
  co_await start_serve();
  co_await serve->certificates.forget_unused();
  const auto left = co_await serve->certificates.list({}, 10);
  EXPECT_EQ(left.size(), 1U);
  EXPECT_THAT(left.at(0).names, ElementsAre("temps.example.org"));
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(OwnNamesTest, OneIsForAllAppsWhereAProviderKeepsTheZone) {
  auto server = co_await testbed::Knot::start(loop, "apps.example.org");
  domain_options.name_server = server.address();
  auto pebble = co_await testbed::Pebble::start(loop, {.dns_server = server.address()});
  use(pebble);
  options.own.console = "localhost";
  co_await start_serve();
  co_await serve->dns.add({.zone = "apps.example.org",
                           .server = server.address(),
                           .key_name = testbed::Knot::key_name,
                           .key = Secret(testbed::Knot::key)});
  co_await add_apps({"shop.apps.example.org"});
  EXPECT_EQ((co_await until_named("*.apps.example.org", OrderState::issued)).proof, "dns-01");
  const auto trust = co_await root_of(pebble);
  co_await visit("shop.apps.example.org", trust);
  co_await visit("apps.example.org", trust);  // nothing else uses it
  EXPECT_TRUE(table().routes.at(0).https_only);
  // A look that began before the provider was there may have given the app its own.
  while ((co_await ordered()).size() > 1) co_await sleep(10ms);
  EXPECT_THAT(co_await ordered(), ElementsAre("*.apps.example.org"));
  EXPECT_THAT(co_await serve->domains.texts("_acme-challenge.apps.example.org"), IsEmpty());
  const auto all = co_await serve->certificates.list({}, 10);
  EXPECT_EQ(all.size(), 1U);
  co_await serve->issuance.renew(all.at(0).id);
  while ((co_await serve->certificates.get(all.at(0).id)).version == 1) co_await sleep(10ms);
  co_await pebble.stop();
  co_await server.stop();
  co_await close();
}

TASK_TEST_F(OwnNamesTest, AppsKeepTheirOwnUntilTheWildcardsIsThere) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  co_await add_apps({"shop.apps.example.org"});
  co_await until_named("shop.apps.example.org", OrderState::issued);
  // Nobody listens there.
  co_await serve->dns.add({.zone = "example.org",
                           .server = "127.0.0.1:1",
                           .key_name = testbed::Knot::key_name,
                           .key = Secret(testbed::Knot::key)});
  co_await serve->issuance.look();
  co_await until_named("*.apps.example.org", OrderState::failed);
  EXPECT_THAT(co_await ordered(),
              ElementsAre("*.apps.example.org", "shop.apps.example.org", "temps.example.org"));
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(OwnNamesTest, TellsWhichRecordsAreMissing) {
  dns.forget("temps.example.org");
  dns.forget("temps-check.apps.example.org");
  dns.forget("shop.apps.example.org");
  co_await start_serve();
  co_await add_apps({"shop.apps.example.org"});
  // Of the app, too, it is the wildcard's record that is missing.
  const auto waiting = co_await until_named("shop.apps.example.org", OrderState::waiting_for_dns);
  EXPECT_THAT(waiting.detail, HasSubstr("create: A *.apps.example.org -> 127.0.0.1"));
  EXPECT_FALSE(waiting.tried_at.has_value());
  const auto state = co_await serve->issuance.check_own();
  EXPECT_THAT(state.names.at(0).dns->detail, HasSubstr("create: A temps.example.org -> 127.0.0.1"));
  EXPECT_THAT(state.names.at(1).dns->detail,
              HasSubstr("create: A *.apps.example.org -> 127.0.0.1"));
  EXPECT_THAT(state.detail, HasSubstr("temps dns add"));
  EXPECT_THAT(table().https_console_hosts, IsEmpty());
  co_await close();
}

TASK_TEST_F(OwnNamesTest, TheTxtRecordIsTheUsersToCreateWhereAWildcardIsAskedFor) {
  auto pebble = co_await start_pebble();
  options.own.wildcard = Wildcard::always;
  co_await start_serve();
  constexpr std::string_view sentence = "create: TXT _acme-challenge.apps.example.org -> ";
  for (;;) {
    const auto order = co_await order_named("*.apps.example.org");
    if (order && order->state == OrderState::issued) break;
    if (order && order->state == OrderState::waiting_for_record) {
      EXPECT_THAT(order->detail, testing::StartsWith(std::string(sentence)));
      const auto text = order->detail.substr(sentence.size());
      dns.remove_text("_acme-challenge.apps.example.org", text);
      dns.add_text("_acme-challenge.apps.example.org", text);
      co_await serve->issuance.check_own();
    }
    co_await sleep(50ms);
  }
  co_await visit("shop.apps.example.org", co_await root_of(pebble));
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(OwnNamesTest, ManyAppsAtOnceStayBelowWhatAuthoritiesStand) {
  for (int i = 0; i < 25; ++i) dns.forget(fmt::format("app{}.apps.example.org", i));
  co_await start_serve();
  std::vector<std::string> hosts;
  for (int i = 0; i < 25; ++i) hosts.push_back(fmt::format("app{}.apps.example.org", i));
  co_await add_apps(hosts);
  while ((co_await ordered()).size() < 1 + starts_per_hour) co_await sleep(10ms);
  co_await serve->issuance.look();
  EXPECT_EQ((co_await ordered()).size(), 1 + starts_per_hour);
  EXPECT_EQ((co_await serve->issuance.own()).hosts_waiting, 25 - starts_per_hour);
  // Those that come and go count, too.
  co_await add_apps({});
  while ((co_await ordered()).size() > 1) co_await sleep(10ms);
  co_await add_apps(hosts);
  co_await serve->issuance.look();
  EXPECT_EQ((co_await ordered()).size(), 1U);
  clock.by = 61min;
  co_await serve->issuance.look();
  EXPECT_EQ((co_await ordered()).size(), 1 + starts_per_hour);
  co_await close();
}

TASK_TEST_F(OwnNamesTest, AnUploadedCertificateIsGoodForAllOfThem) {
  x509::AuthorityForTests authority;
  co_await start_serve();
  const auto given = authority.issue({"temps.example.org", "*.apps.example.org"}, clock.now());
  co_await serve->certificates.upload({.chain = given.certificate, .key = Secret(given.key)});
  co_await add_apps({"shop.apps.example.org"});
  co_await serve->issuance.look();
  EXPECT_THAT(co_await ordered(), IsEmpty());
  EXPECT_TRUE(table().routes.at(0).https_only);
  EXPECT_THAT(table().https_console_hosts, ElementsAre("temps.example.org"));
  co_await close();
}

TASK_TEST_F(OwnNamesTest, LocalhostAndHttpGetNoneAndAreToldWhy) {
  options.own = {.console = "localhost", .base = "localhost", .is_https = false};
  co_await start_serve();
  co_await add_apps({"shop.localhost"});
  co_await serve->issuance.look();
  EXPECT_THAT(co_await ordered(), IsEmpty());
  EXPECT_THAT((co_await serve->issuance.own()).detail, HasSubstr("set public_url"));
  co_await stop_serve();
  options.own = {.console = "temps.example.org", .base = "temps.example.org", .is_https = false};
  co_await start_serve();
  co_await serve->issuance.look();
  EXPECT_THAT(co_await ordered(), IsEmpty());
  EXPECT_THAT((co_await serve->issuance.own()).detail, HasSubstr("https://temps.example.org"));
  co_await close();
}

}  // namespace
}  // namespace temps::certificates
