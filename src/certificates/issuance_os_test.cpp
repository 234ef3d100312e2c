// Certificates that come by themselves: the real proxy, Debian's pebble with its checks on.
#include "acme/errors.hpp"
#include "certificates/errors.hpp"
#include "certificates/issuance_for_tests.hpp"
#include "core/concurrency.hpp"
#include "testbed/http_peer.hpp"
#include "testbed/knot.hpp"

namespace temps::certificates {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

TASK_TEST_F(IssuanceTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::order_catalogue()), IsEmpty());
  co_await close();
}

TASK_TEST_F(IssuanceTest, ADomainThatIsAddedIsSoonServedWithACertificateThatBrowsersBelieve) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  const auto issued = co_await until(domain, OrderState::issued);
  EXPECT_EQ(issued.proof, "http-01");
  co_await visit("shop.example.org", co_await root_of(pebble));
  const auto all = co_await serve->certificates.list({}, 10);
  EXPECT_EQ(all.size(), 1U);
  EXPECT_EQ(all.at(0).source, Source::acme);
  EXPECT_GT(issued.next_at, clock.now());
  // What was shown to the authority is shown no more.
  const auto table = routing::decode_table(co_await files::read(gateway_options.table));
  EXPECT_THAT(table->challenges, IsEmpty());
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(IssuanceTest, ProvesByTlsWhereNobodyAnswersOnPort80) {
  auto pebble = co_await testbed::Pebble::start(
      loop, {.dns_server = dns.address(), .tls_port = port_of(proxy->tls_addresses().at(0))});
  use(pebble);
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  EXPECT_EQ((co_await until(domain, OrderState::issued)).proof, "tls-alpn-01");
  co_await visit("shop.example.org", co_await root_of(pebble));
  EXPECT_TRUE(std::filesystem::is_empty(options.challenge_folder));
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(IssuanceTest, WaitsForDnsBeforeItAsksTheAuthority) {
  auto pebble = co_await start_pebble();
  dns.forget("shop.example.org");
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  const auto waiting = co_await until(domain, OrderState::waiting_for_dns);
  EXPECT_THAT(waiting.detail, HasSubstr("create: A shop.example.org -> 127.0.0.1"));
  EXPECT_FALSE(waiting.tried_at.has_value());
  EXPECT_GT(waiting.next_at, clock.now() + 5s);
  dns.remember("shop.example.org");
  co_await serve->domains.check(shop->id, "shop.example.org");
  co_await until(domain, OrderState::issued);
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(IssuanceTest, RenewsUnderLoadWithoutAFailedHandshake) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  co_await until(domain, OrderState::issued);
  const auto first = (co_await serve->certificates.list({}, 10)).at(0);
  const auto trust = co_await root_of(pebble);
  struct Tally {
    int good = 0;
    std::vector<std::string> bad{};
  } tally;
  TaskGroup visitors(loop);
  for (int i = 0; i < 4; ++i) {
    visitors.start("visitor", [](IssuanceTest& test, tls::Trust trusted, Tally& count) -> Task<> {
      for (;;) {
        auto visit = co_await attempt(test.visit("shop.example.org", trusted));
        co_await check_cancelled();
        if (visit) {
          ++count.good;
        } else {
          count.bad.emplace_back(visit.error().detail());
        }
      }
    }(*this, trust, tally));
  }
  co_await serve->issuance.renew(first.id);
  while ((co_await serve->certificates.get(first.id)).version == first.version) {
    co_await sleep(10ms);
  }
  co_await sleep(200ms);
  co_await visitors.close();
  EXPECT_GT(tally.good, 20);
  EXPECT_THAT(tally.bad, IsEmpty());
  EXPECT_NE((co_await serve->certificates.get(first.id)).serial, first.serial);
  co_await until(domain, OrderState::issued);
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(IssuanceTest, RenewsWhenTheTimeHasComeWhateverTheClockDidMeanwhile) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  co_await until(domain, OrderState::issued);
  const auto first = (co_await serve->certificates.list({}, 10)).at(0);
  co_await stop_serve();
  clock.by = (first.not_after - first.not_before) * 7 / 10;
  co_await start_serve();
  while ((co_await serve->certificates.get(first.id)).version == 1) co_await sleep(10ms);
  // A wrong clock orders once, and rests then.
  const auto renewed = co_await until(domain, OrderState::issued);
  EXPECT_GT(renewed.renew_at.value_or(Instant{}), clock.now() + 23h);
  // Set right again: what was planned far ahead is looked at again.
  co_await stop_serve();
  clock.by = 0us;
  co_await start_serve();
  for (int i = 0; i < 500 && (*co_await order(domain)).next_at > clock.now() + 25h; ++i) {
    co_await sleep(10ms);
  }
  EXPECT_LE((*co_await order(domain)).next_at, clock.now() + 25h);
  EXPECT_EQ((co_await serve->certificates.get(first.id)).version, 2);
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(IssuanceTest, KeepsTheOldCertificateWhileTheAuthorityFailsAndSaysWhy) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  co_await until(domain, OrderState::issued);
  const auto trust = co_await root_of(pebble);
  co_await pebble.stop();
  const auto first = (co_await serve->certificates.list({}, 10)).at(0);
  co_await serve->issuance.renew(first.id);
  const auto failed = co_await until(domain, OrderState::failed);
  EXPECT_EQ(failed.error_code, acme::errors::unreachable.code);
  EXPECT_THAT(failed.detail, HasSubstr(pebble.directory_url()));
  EXPECT_GT(failed.next_at, clock.now() + 20s);
  co_await visit("shop.example.org", trust);
  co_await close();
}

TASK_TEST_F(IssuanceTest, TriesAgainLaterWhenTheAuthorityTalksNonsense) {
  testbed::HttpPeer nonsense(loop, {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{]"});
  options.authority.directory_url = nonsense.url() + "/directory";
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  const auto failed = co_await until(domain, OrderState::failed);
  EXPECT_EQ(failed.error_code, acme::errors::bad_answer.code);
  EXPECT_EQ(failed.failures, 1);
  // A user who looks does not make it ask again at once.
  co_await serve->domains.check(shop->id, "shop.example.org");
  EXPECT_GT((*co_await order(domain)).next_at, clock.now() + 20s);
  co_await nonsense.close();
  co_await close();
}

TASK_TEST_F(IssuanceTest, GoesOnWithItsOrderAfterARestartInTheMiddle) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  co_await until(domain, OrderState::checking);
  co_await stop_serve();
  const auto left = co_await database.one(queries::under_way, domain.id);
  EXPECT_THAT(left.order_url, HasSubstr("https://"));
  EXPECT_NE((*co_await order(domain)).state, OrderState::failed);
  co_await start_serve();
  const auto issued = co_await until(domain, OrderState::issued);
  EXPECT_EQ(issued.failures, 0);
  co_await visit("shop.example.org", co_await root_of(pebble));
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(IssuanceTest, TellsWhichRecordProvesAWildcardAndWaitsForIt) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  const auto domain = co_await add("*.example.org");
  const auto waiting = co_await until(domain, OrderState::waiting_for_record);
  constexpr std::string_view sentence = "create: TXT _acme-challenge.example.org -> ";
  EXPECT_THAT(waiting.detail, testing::StartsWith(std::string(sentence)));
  // Looking again asks for the same record.
  co_await serve->domains.check(shop->id, "*.example.org");
  for (int i = 0; i < 500; ++i) {
    if ((*co_await order(domain)).tried_at != waiting.tried_at) break;
    co_await sleep(10ms);
  }
  EXPECT_EQ((co_await until(domain, OrderState::waiting_for_record)).detail, waiting.detail);
  dns.add_text("_acme-challenge.example.org", waiting.detail.substr(sentence.size()));
  for (;;) {
    co_await serve->domains.check(shop->id, "*.example.org");
    if ((*co_await order(domain)).state == OrderState::issued) break;
    co_await sleep(100ms);
  }
  co_await visit("any.example.org", co_await root_of(pebble));
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(IssuanceTest, ProvesAWildcardByTheProviderOfItsZone) {
  auto server = co_await testbed::Knot::start(loop, "example.org");
  domain_options.name_server = server.address();
  auto pebble = co_await testbed::Pebble::start(loop, {.dns_server = server.address()});
  use(pebble);
  co_await start_serve();
  co_await serve->dns.add({.zone = "example.org",
                           .server = server.address(),
                           .key_name = testbed::Knot::key_name,
                           .key = Secret(testbed::Knot::key)});
  const auto domain = co_await add("*.example.org");
  EXPECT_EQ((co_await until(domain, OrderState::issued)).proof, "dns-01");
  co_await visit("any.example.org", co_await root_of(pebble));
  EXPECT_THAT(co_await serve->domains.texts("_acme-challenge.example.org"), IsEmpty());
  co_await pebble.stop();
  co_await server.stop();
  co_await close();
}

TASK_TEST_F(IssuanceTest, MakesOneAccountWhoseKeyIsNowhereInTheOpen) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  const auto one = co_await add("a.example.org");
  const auto two = co_await add("b.example.org");
  co_await until(one, OrderState::issued);
  co_await until(two, OrderState::issued);
  static constexpr sql::Query<std::string> rows{
      "test.rows", "select a::text || encode(a.sealed_key, 'escape') from certificate_accounts a"};
  const auto accounts = co_await database.all(rows);
  EXPECT_EQ(accounts.size(), 1U);
  EXPECT_THAT(accounts.at(0), testing::Not(HasSubstr("PRIVATE KEY")));
  co_await pebble.stop();
  co_await close();
}

TASK_TEST_F(IssuanceTest, AsksNobodyWhereTheProxyIsAway) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  proxy.reset();
  const auto domain = co_await add("shop.example.org");
  const auto failed = co_await until(domain, OrderState::failed);
  EXPECT_EQ(failed.error_code, errors::proxy_away.code);
  EXPECT_LT(failed.next_at, clock.now() + 3min);
  co_await pebble.stop();
  co_await close();
}

}  // namespace
}  // namespace temps::certificates
