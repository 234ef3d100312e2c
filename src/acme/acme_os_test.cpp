// Whole orders at Debian's pebble, with its checks on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>

#include "acme/acme.hpp"
#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "net/socket.hpp"
#include "testbed/dns_peer.hpp"
#include "testbed/http_peer.hpp"
#include "testbed/pebble.hpp"
#include "testbed/tls_peer.hpp"
#include "tls/tls.hpp"

namespace temps::acme {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// What every name of the test leads to: a web server, a TLS server, name servers.
struct World {
  net::Loop& loop;
  testbed::Authority authority{"Authority of a test"};
  testbed::DnsPeer dns{loop};
  std::map<std::string, std::string> files{};  // by path
  testbed::HttpPeer web{loop, [this](const auto& request) { return page(request.target); }};
  testbed::TlsPeer secure{
      loop, {.identity = authority.issue({.names = {"nobody.example"}}), .alpn = "acme-tls/1"}};

  [[nodiscard]] std::string page(const std::string& path) const {
    const auto found = files.find(path);
    const auto body = found == files.end() ? std::string("nothing here") : found->second;
    return fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                       found == files.end() ? "404 Not Found" : "200 OK", body.size(), body);
  }
  Task<> close() {
    co_await web.close();
    co_await secure.close();
    co_await dns.close();
  }
};

// Answers every kind of challenge in that world.
struct WorldSolver final : Solver {
  explicit WorldSolver(World& lives_in) : world(lives_in) {}
  World& world;
  std::vector<std::string> presented, removed;
  bool lies = false;

  static std::string path_of(const Answer& answer) {
    return "/.well-known/acme-challenge/" + answer.token;
  }
  Task<> present(Answer answer) override {
    presented.push_back(answer.domain);
    world.files[path_of(answer)] = lies ? "something else" : answer.key_authorization;
    if (answer.kind == ChallengeKind::dns_01) {
      world.dns.add_text(answer.record_name, lies ? "something else" : answer.record_value);
    }
    if (answer.kind == ChallengeKind::tls_alpn_01) {
      world.secure.use({.chain = answer.certificate_pem, .key = answer.key_pem.reveal()});
    }
    co_return;
  }
  Task<> remove(Answer answer) override {
    removed.push_back(answer.domain);
    world.files.erase(path_of(answer));
    world.dns.remove_text(answer.record_name, answer.record_value);
    co_return;
  }
};

struct Acme : testing::Test {
  net::Loop loop;
  SystemClock clock;
  World world{.loop = loop};
  WorldSolver solver{world};
  std::vector<Stage> stages;

  Task<testbed::Pebble> start_pebble(testbed::PebbleOptions options = {}) {
    options.dns_server = world.dns.address();
    options.http_port = world.web.address().port;
    options.tls_port = world.secure.address().port;
    co_return co_await testbed::Pebble::start(loop, options);
  }
  static Result<Options> options_for(const testbed::Pebble& pebble) {
    auto trust = tls::Trust::load(pebble.ca_file());
    if (!trust) return fail(trust.error());
    return Options{.directory_url = pebble.directory_url(), .trust = std::move(*trust)};
  }
  static NewAccount agreed() { return {.emails = {"owner@example.org"}, .agrees_to_terms = true}; }
  Report note() {
    return [this](const Progress& progress) { stages.push_back(progress.stage); };
  }
  Task<Error> why_not(Client& client, Account account, Wanted wanted) {
    auto issued = co_await attempt(client.obtain(account, std::move(wanted), solver));
    co_return issued ? Error(temps::errors::internal, "it was issued") : issued.error();
  }
};

TASK_TEST_F(Acme, ObtainsACertificateThatBrowsersBelieve) {
  auto pebble = co_await start_pebble();
  Client client(loop, clock, co_await options_for(pebble));
  const auto account = co_await client.create_account(Key::generate(), agreed());
  const auto issued = co_await client.obtain(
      account, {.names = {"Shop.example.org", "www.example.org"}}, solver, note());
  EXPECT_THAT(issued.names, UnorderedElementsAre("shop.example.org", "www.example.org"));
  EXPECT_GT(issued.not_after, clock.now() + 24h);
  EXPECT_FALSE(issued.renewal_id.empty());
  EXPECT_THAT(issued.issuer, HasSubstr("Pebble"));
  EXPECT_THAT(stages,
              ElementsAre(Stage::ordered, Stage::presenting, Stage::presenting, Stage::checking,
                          Stage::checking, Stage::issuing, Stage::downloading, Stage::issued));
  EXPECT_THAT(world.files, IsEmpty());
  // Serve it, and connect as a client does that trusts pebble's root.
  files::TemporaryFolder folder;
  const auto root = folder.path() / "root.pem";
  co_await files::write_atomically(root, co_await pebble.issuing_root());
  testbed::TlsPeer server(
      loop, {.identity = {.chain = issued.chain_pem, .key = issued.key_pem.reveal()}});
  auto socket = co_await net::connect(loop, server.address());
  (void)co_await tls::Stream::connect(std::move(socket), co_await tls::Trust::load(root),
                                      {.host = "shop.example.org"});
  co_await server.close();
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, ProvesByTls) {
  auto pebble = co_await start_pebble();
  Client client(loop, clock, co_await options_for(pebble));
  const auto account = co_await client.create_account(Key::generate(), agreed());
  const auto issued = co_await client.obtain(
      account, {.names = {"shop.example.org"}, .kinds = {ChallengeKind::tls_alpn_01}}, solver);
  EXPECT_THAT(issued.names, ElementsAre("shop.example.org"));
  EXPECT_THAT(world.secure.names(), Contains("shop.example.org"));
  EXPECT_THAT(world.web.requests(), IsEmpty());
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, ProvesAWildcardAndItsDomainByTwoRecordsOfOneName) {
  auto pebble = co_await start_pebble();
  Client client(loop, clock, co_await options_for(pebble));
  const auto account = co_await client.create_account(Key::generate(), agreed());
  const auto key = Key::generate();
  const auto issued = co_await client.obtain(
      account,
      {.names = {"example.org", "*.example.org"}, .kinds = {ChallengeKind::dns_01}, .key = key},
      solver);
  EXPECT_THAT(issued.names, UnorderedElementsAre("example.org", "*.example.org"));
  EXPECT_EQ(issued.key_pem.reveal(), key.pem().reveal());
  EXPECT_THAT(solver.removed, ElementsAre("example.org", "example.org"));
  EXPECT_EQ(world.dns.texts(), 0U);
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, GoesOnThoughHalfOfItsNoncesAreRefused) {
  auto pebble = co_await start_pebble({.nonces_refused_percent = 50});
  Client client(loop, clock, co_await options_for(pebble));
  const auto account = co_await client.create_account(Key::generate(), agreed());
  const auto issued = co_await client.obtain(account, {.names = {"shop.example.org"}}, solver);
  EXPECT_THAT(issued.names, ElementsAre("shop.example.org"));
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, SaysInTheAuthoritysWordsWhyAProofFailed) {
  auto pebble = co_await start_pebble();
  Client client(loop, clock, co_await options_for(pebble));
  const auto account = co_await client.create_account(Key::generate(), agreed());
  solver.lies = true;
  const auto by_http = co_await why_not(client, account, {.names = {"shop.example.org"}});
  EXPECT_TRUE(by_http.is(errors::unauthorized)) << by_http.code().code;
  EXPECT_THAT(std::string(by_http.detail()),
              testing::AllOf(HasSubstr("shop.example.org: the certificate authority says \""),
                             HasSubstr("something else"), HasSubstr("port 80")));
  EXPECT_THAT(solver.removed, ElementsAre("shop.example.org"));
  EXPECT_THAT(world.files, IsEmpty());
  const auto by_dns = co_await why_not(
      client, account, {.names = {"shop.example.org"}, .kinds = {ChallengeKind::dns_01}});
  EXPECT_TRUE(by_dns.is(errors::unauthorized)) << by_dns.code().code;
  EXPECT_THAT(std::string(by_dns.detail()), HasSubstr("_acme-challenge.shop.example.org"));
  // The TLS server keeps its own certificate.
  solver.lies = false;
  world.secure.use(world.authority.issue({.names = {"shop.example.org"}}));
  struct Silent final : Solver {
    Task<> present(Answer /*answer*/) override { co_return; }
    Task<> remove(Answer /*answer*/) override { co_return; }
  } silent;
  const auto by_tls = co_await attempt(client.obtain(
      account, {.names = {"shop.example.org"}, .kinds = {ChallengeKind::tls_alpn_01}}, silent));
  EXPECT_TRUE(!by_tls && by_tls.error().is(errors::unauthorized));
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, TellsANameThatDoesNotExistFromOneThatDoesNotAnswer) {
  world.dns.forget("gone.example.org");
  auto pebble = co_await start_pebble();
  Client client(loop, clock, co_await options_for(pebble));
  const auto account = co_await client.create_account(Key::generate(), agreed());
  const auto gone = co_await why_not(client, account, {.names = {"gone.example.org"}});
  EXPECT_TRUE(gone.is(errors::dns) || gone.is(errors::connection)) << gone.code().code;
  EXPECT_THAT(std::string(gone.detail()), HasSubstr("gone.example.org"));
  co_await world.web.close();
  const auto closed = co_await why_not(client, account, {.names = {"shop.example.org"}});
  EXPECT_TRUE(closed.is(errors::connection)) << closed.code().code << closed.detail();
  EXPECT_THAT(std::string(closed.detail()), HasSubstr("firewall"));
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, RemovesItsAnswersWhenItIsCalledOff) {
  auto pebble = co_await start_pebble();
  Client client(loop, clock, co_await options_for(pebble));
  const auto account = co_await client.create_account(Key::generate(), agreed());
  struct Slow final : Solver {
    explicit Slow(WorldSolver& real) : inner(real) {}
    WorldSolver& inner;
    Task<> present(Answer answer) override {
      co_await inner.present(std::move(answer));
      co_await sleep(1h);
    }
    Task<> remove(Answer answer) override {
      co_await sleep(1ms);
      co_await inner.remove(std::move(answer));
    }
  } slow(solver);
  const auto issued =
      co_await attempt(within(1s, client.obtain(account, {.names = {"shop.example.org"}}, slow)));
  EXPECT_TRUE(!issued && issued.error().is(temps::errors::timed_out));
  EXPECT_THAT(solver.removed, ElementsAre("shop.example.org"));
  EXPECT_THAT(world.files, IsEmpty());
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, GoesOnWithAnOrderThatWasBegun) {
  auto pebble = co_await start_pebble();
  Client client(loop, clock, co_await options_for(pebble));
  const auto account = co_await client.create_account(Key::generate(), agreed());
  struct Noting final : Solver {
    explicit Noting(WorldSolver& real) : inner(real) {}
    WorldSolver& inner;
    std::vector<std::string> urls;
    Task<> ordered(Order order) override {
      urls.push_back(order.url);
      co_return;
    }
    Task<> present(Answer answer) override { co_await inner.present(std::move(answer)); }
    Task<> remove(Answer answer) override { co_await inner.remove(std::move(answer)); }
  } noting(solver);
  const auto begun = co_await client.new_order(account, {"shop.example.org"});
  Wanted wanted{.names = {"shop.example.org"}, .key = Key::generate(), .order_url = begun.url};
  const auto first = co_await client.obtain(account, wanted, noting);
  // Issued already: it is fetched once more.
  const auto again = co_await client.obtain(account, wanted, noting);
  EXPECT_EQ(again.chain_pem, first.chain_pem);
  EXPECT_THAT(noting.urls, ElementsAre(begun.url, begun.url));
  // One that nobody knows is ordered anew.
  wanted.order_url = begun.url + "0";
  EXPECT_NE((co_await client.obtain(account, wanted, noting)).chain_pem, first.chain_pem);
  EXPECT_NE(noting.urls.back(), begun.url);
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, FindsAnAccountAgainByItsKey) {
  auto pebble = co_await start_pebble();
  Client client(loop, clock, co_await options_for(pebble));
  const auto key = Key::generate();
  const auto none = co_await attempt(client.find_account(key));
  EXPECT_TRUE(!none && none.error().is(errors::no_such_account));
  const auto made = co_await client.create_account(key, agreed());
  EXPECT_EQ((co_await client.find_account(key)).url, made.url);
  EXPECT_EQ((co_await client.create_account(key, agreed())).url, made.url);
  co_await client.change_emails(made, {"other@example.org"});
  co_await client.deactivate(made);
  EXPECT_FALSE((co_await attempt(client.new_order(made, {"shop.example.org"}))).has_value());
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, RefusesWhatCannotBecomeAnAccountBeforeItAsks) {
  auto pebble = co_await start_pebble();
  Client client(loop, clock, co_await options_for(pebble));
  const auto disagreed = co_await attempt(client.create_account(Key::generate(), {}));
  EXPECT_TRUE(!disagreed && disagreed.error().is(errors::terms_not_agreed));
  EXPECT_THAT(std::string(disagreed.error().detail()), HasSubstr("data:text/plain"));
  for (const auto* email : {"nobody", "@x", "a@", "a b@example.org", "a@b?c=d", "a@x,b@y"}) {
    const auto refused = co_await attempt(
        client.create_account(Key::generate(), {.emails = {email}, .agrees_to_terms = true}));
    EXPECT_TRUE(!refused && refused.error().is(errors::bad_contact)) << email;
  }
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, BindsAnAccountToOneThatTheUserHasThere) {
  auto pebble = co_await start_pebble({.external_account = true});
  Client client(loop, clock, co_await options_for(pebble));
  const auto unbound = co_await attempt(client.create_account(Key::generate(), agreed()));
  EXPECT_TRUE(!unbound && unbound.error().is(errors::external_account_required));
  EXPECT_THAT(std::string(unbound.error().detail()), HasSubstr("HMAC key"));
  auto wanted = agreed();
  wanted.external =
      ExternalAccount{.key_id = "kid-1", .hmac_key = Secret(testbed::Pebble::external_hmac_key)};
  const auto account = co_await client.create_account(Key::generate(), wanted);
  EXPECT_THAT((co_await client.obtain(account, {.names = {"shop.example.org"}}, solver)).names,
              ElementsAre("shop.example.org"));
  wanted.external->hmac_key = Secret("bm90IHRoZSBrZXkgdGhhdCB0aGV5IGdhdmUgdXM");
  const auto forged = co_await attempt(client.create_account(Key::generate(), wanted));
  EXPECT_FALSE(forged.has_value());
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, RevokesACertificateOnce) {
  auto pebble = co_await start_pebble();
  Client client(loop, clock, co_await options_for(pebble));
  const auto account = co_await client.create_account(Key::generate(), agreed());
  const auto issued = co_await client.obtain(account, {.names = {"shop.example.org"}}, solver);
  co_await client.revoke(account, issued.chain_pem, RevocationReason::superseded);
  const auto again = co_await attempt(client.revoke(account, issued.chain_pem));
  EXPECT_TRUE(!again && again.error().is(errors::already_revoked));
  // Debian's pebble does not give advice on renewal.
  const auto advice = co_await attempt(client.renewal_window(issued.renewal_id));
  EXPECT_TRUE(!advice && advice.error().is(errors::unsupported));
  co_await pebble.stop();
  co_await world.close();
}

TASK_TEST_F(Acme, SaysThatTheAuthorityIsAway) {
  auto pebble = co_await start_pebble();
  const auto options = co_await options_for(pebble);
  Client knowing(loop, clock, options);
  const auto account = co_await knowing.create_account(Key::generate(), agreed());
  co_await pebble.stop();
  Client client(loop, clock, options);
  for (auto* each : {&knowing, &client}) {
    const auto error = co_await why_not(*each, account, {.names = {"shop.example.org"}});
    EXPECT_TRUE(error.is(errors::unreachable)) << error.code().code;
    EXPECT_THAT(std::string(error.detail()),
                testing::AllOf(HasSubstr(options.directory_url), HasSubstr("Connection refused")));
  }
  EXPECT_THAT(solver.presented, IsEmpty());
  co_await world.close();
}

TASK_TEST_F(Acme, DoesNotSpeakToAnAuthorityThatNobodyVouchesFor) {
  auto pebble = co_await start_pebble();
  Client client(loop, clock, {.directory_url = pebble.directory_url()});
  const auto known = co_await attempt(client.directory());
  EXPECT_TRUE(!known && known.error().is(tls::errors::unknown_issuer));
  co_await pebble.stop();
  co_await world.close();
}

}  // namespace
}  // namespace temps::acme
