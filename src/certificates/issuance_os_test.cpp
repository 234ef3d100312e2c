// Certificates that come by themselves: the real proxy, Debian's pebble with its checks on.
#include "acme/errors.hpp"
#include "certificates/errors.hpp"
#include "certificates/issuance_for_tests.hpp"
#include "certificates/routes.hpp"
#include "core/concurrency.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "testbed/http_peer.hpp"
#include "testbed/knot.hpp"
#include "x509/authority_for_tests.hpp"

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
  const auto left = co_await database.one(queries::under_way, domain.name);
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

TASK_TEST_F(IssuanceTest, OrdersNothingWithoutATlsListenerAndSaysWhatToSet) {
  options.authority.has_tls_listener = false;
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  co_await serve->issuance.look();
  EXPECT_FALSE((co_await order(domain)).has_value());
  const auto states = co_await serve->issuance.states({domain});
  EXPECT_EQ(states.at(0)->state, "off");
  EXPECT_THAT(states.at(0)->detail, HasSubstr("set listen_tls"));
  co_await close();
}

TASK_TEST_F(IssuanceTest, OrdersNothingWhereTheUserHasACertificate) {
  x509::AuthorityForTests authority;
  co_await start_serve();
  const auto given = authority.issue({"*.example.org"}, clock.now());
  co_await serve->certificates.upload({.chain = given.certificate, .key = Secret(given.key)});
  const auto domain = co_await add("shop.example.org");
  co_await serve->issuance.look();
  EXPECT_FALSE((co_await order(domain)).has_value());
  EXPECT_FALSE((co_await serve->issuance.states({domain})).at(0).has_value());
  const auto refused = co_await attempt(serve->issuance.renew(CertificateId{1}));
  EXPECT_TRUE(!refused && refused.error().is(errors::not_ordered));
  EXPECT_THAT(std::string(refused.error().detail()), HasSubstr("temps certificate upload"));
  co_await close();
}

TASK_TEST_F(IssuanceTest, ForgetsTheOrderWithItsDomain) {
  dns.forget("shop.example.org");
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  co_await until(domain, OrderState::waiting_for_dns);
  co_await serve->domains.remove(shop->id, "shop.example.org");
  EXPECT_FALSE((co_await order(domain)).has_value());
  co_await serve->issuance.look();
  EXPECT_FALSE((co_await order(domain)).has_value());
  co_await close();
}

// An authority that gives advice, which pebble does not, and issues nothing.
struct Adviser {
  explicit Adviser(net::Loop& loop)
      : peer(loop, [this](const auto& request) { return answer(request.target); }) {}
  Instant begin{}, end{};
  int asked = 0;
  testbed::HttpPeer peer;

  std::string answer(const std::string& target) {
    std::string body = R"({"type":"urn:ietf:params:acme:error:serverInternal","detail":"no"})";
    if (target == "/directory") {
      body = fmt::format(R"({{"newNonce":"{0}/n","newAccount":"{0}/a","newOrder":"{0}/o",)"
                         R"("revokeCert":"{0}/r","renewalInfo":"{0}/renewal"}})",
                         peer.url());
    }
    if (target == "/renewal/an.id") {
      ++asked;
      body = fmt::format(R"({{"suggestedWindow":{{"start":"{}","end":"{}"}}}})", to_rfc3339(begin),
                         to_rfc3339(end));
    }
    const bool good = target == "/directory" || target == "/renewal/an.id";
    return fmt::format(
        "HTTP/1.1 {}\r\nReplay-Nonce: n0nce\r\nRetry-After: 21600\r\nConnection: close\r\n"
        "Content-Length: {}\r\n\r\n{}",
        good ? "200 OK" : "500 No", body.size(), body);
  }
};

TASK_TEST_F(IssuanceTest, FollowsTheAuthoritysAdviceOnRenewal) {
  Adviser adviser(loop);
  x509::AuthorityForTests authority;
  options.authority.directory_url = adviser.peer.url() + "/directory";
  dns.forget("shop.example.org");
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  co_await until(domain, OrderState::waiting_for_dns);
  const auto given = authority.issue({"shop.example.org"}, clock.now());
  auto chain = co_await x509::read_chain(given.certificate);
  auto key = co_await x509::read_key(Secret(given.key), chain);
  co_await serve->certificates.store(Source::acme, std::move(chain), std::move(key));
  const auto look_at_issued = [this, &domain, &adviser](this auto, Instant issued) -> Task<> {
    co_await database.run(queries::set_issued, domain.name, std::string("http-01"),
                          options.authority.directory_url, std::string("an.id"),
                          clock.now() + 1000h, clock.now(), issued);
    const auto before = adviser.asked;
    for (int i = 0; i < 100 && adviser.asked == before; ++i) {
      co_await serve->issuance.look();
      co_await sleep(50ms);
    }
  };
  // Ahead: it is asked again in six hours, as it wishes.
  adviser.begin = clock.now() + 30 * 24h;
  adviser.end = clock.now() + 31 * 24h;
  co_await look_at_issued(clock.now());
  co_await sleep(200ms);
  const auto planned = (*co_await order(domain));
  EXPECT_GE(planned.renew_at.value_or(Instant{}), adviser.begin - 1ms);
  EXPECT_LE(planned.renew_at.value_or(Instant{}), adviser.end);
  EXPECT_LE(planned.next_at, clock.now() + 6h);
  EXPECT_GT(planned.next_at, clock.now() + 5h);
  // Past, as for certificates that have to go: at once.
  dns.remember("shop.example.org");
  adviser.begin = clock.now() - 2h;
  adviser.end = clock.now() - 1h;
  co_await look_at_issued(clock.now() - 48h);
  const auto tried = co_await until(domain, OrderState::failed);
  EXPECT_EQ(tried.error_code, acme::errors::failed.code);
  co_await adviser.peer.close();
  co_await close();
}

// Everybody is an admin.
class Admins final : public http::Authenticator {
  Task<http::Principal> authenticate(const http::Request&) override {
    co_return http::Principal{.user = 1, .role = temps::Role::admin, .kind = "key"};
  }
};

TASK_TEST_F(IssuanceTest, TellsByTheApiWhoseTermsApplyAndRenews) {
  auto pebble = co_await start_pebble();
  co_await start_serve();
  const auto domain = co_await add("shop.example.org");
  co_await until(domain, OrderState::issued);
  http::Router router;
  add_issuance_routes(router, serve->issuance);
  Admins admins;
  http::Server server(loop, router, admins);
  auto listener = co_await net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
  http::Client client(loop, listener.address());
  TaskGroup group(loop);
  group.start("server", server.serve(std::move(listener)));
  const auto about = co_await client.send({.target = "/api/v1/certificate-authority"});
  EXPECT_THAT(about.body, HasSubstr(R"("terms_of_service":"data:text/plain)"));
  EXPECT_THAT(about.body, HasSubstr(R"("enabled":true)"));
  const auto renewed =
      co_await client.send({.method = "POST", .target = "/api/v1/certificates/1/renew"});
  EXPECT_EQ(renewed.status, 204);
  while ((co_await serve->certificates.get(CertificateId{1})).version == 1) co_await sleep(10ms);
  const auto none =
      co_await client.send({.method = "POST", .target = "/api/v1/certificates/9/renew"});
  EXPECT_EQ(none.status, 404);
  co_await group.close();
  co_await pebble.stop();
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
