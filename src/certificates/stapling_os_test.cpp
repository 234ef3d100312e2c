// OCSP answers of Debian's own responder (openssl ocsp), shown by the real proxy to a real client
// (openssl s_client). The responder's own server listens on all addresses, so ours on loopback
// hands it each request as a file.
#include "certificates/issuance_for_tests.hpp"
#include "certificates/queries.hpp"
#include "certificates/staple_queries.hpp"
#include "certificates/stapling.hpp"
#include "core/text.hpp"
#include "process/process.hpp"
#include "testbed/http_peer.hpp"
#include "x509/authority_for_tests.hpp"

namespace temps::certificates {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct StaplingTest : IssuanceTest {
  x509::AuthorityForTests authority;
  std::filesystem::path responder_folder = folder.path() / "responder";
  bool responds = false;
  testbed::HttpPeer responder{loop, [this](const auto& request) { return answer(request); }};
  std::optional<Stapling> stapling;

  // As serve() and then the user does it.
  Task<Certificate> begin() {
    co_await start_serve();
    stapling.emplace(loop, database, serve->certificates, serve->issuance, clock);
    const auto now = clock.now();
    const auto issued = authority.issue({.names = {"shop.example.org"},
                                         .from = now - 24h,
                                         .until = now + 60 * 24h,
                                         .ocsp_url = responder.url() + "/"});
    auto published = co_await serve->certificates.upload(
        {.chain = issued.certificate + authority.certificate(), .key = Secret(issued.key)});
    co_return std::move(published.certificate);
  }
  std::string answer(const testbed::HttpPeer::Request& request) {
    const std::string away = "HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n";
    const auto file = responder_folder / "request.der";
    if (!responds || !files::write_atomically(file, request.body)) return away;
    net::Loop apart;
    const auto signed_by_it = apart.run(process::capture(
        apart, {.command = {"openssl", "ocsp", "-index", "index.txt", "-rsigner", "ca.pem", "-rkey",
                            "ca.key", "-CA", "ca.pem", "-nmin", "60", "-reqin", "request.der",
                            "-respout", "response.der"},
                .environment = process::base_environment(),
                .folder = responder_folder}));
    if (!signed_by_it || !signed_by_it->exit.is_success()) return away;
    const auto body = files::read(responder_folder / "response.der").value_or("");
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: "
        "{}\r\n\r\n{}",
        body.size(), body);
  }
  // `word` as in the index of `openssl ca`: "V", or "R" with when and why.
  Task<> respond(std::string serial, std::string word, std::string more = {}) {
    const auto& at = responder_folder;
    co_await files::make_folder(at, 0700);
    for (auto& c : serial) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    co_await files::write_atomically(
        at / "index.txt", fmt::format("{}\t401231235959Z\t{}\t{}\tunknown\t/CN=shop.example.org\n",
                                      word, more, serial));
    co_await files::write_atomically(at / "index.txt.attr", "unique_subject = no\n");
    co_await files::write_atomically(at / "ca.pem", authority.certificate());
    co_await files::write_atomically(at / "ca.key", authority.key());
    responds = true;
  }
  // What `openssl s_client -status` prints.
  Task<std::string> handshake() {
    const auto seen = co_await process::capture(
        loop, {.command = {"openssl", "s_client", "-connect",
                           fmt::format("127.0.0.1:{}", tls_address().port), "-servername",
                           "shop.example.org", "-status"},
               .environment = process::base_environment(),
               .merge_err_into_out = true});
    co_return seen.out;
  }
  Task<Staple> known(const Certificate& certificate) {
    auto all = co_await serve->certificates.staples({certificate});
    ensure(all.front().has_value(), "it was asked about");
    co_return std::move(*all.front());
  }
  // As if `by` had passed, for our process only.
  Task<> look_after(std::chrono::microseconds by) {
    clock.by += by;
    co_await stapling->look();
  }
  [[nodiscard]] std::size_t staple_files() const {
    std::size_t count = 0;
    for (const auto& at : std::filesystem::recursive_directory_iterator(options.folder)) {
      count += at.path().extension() == ".der" ? 1 : 0;
    }
    return count;
  }
  Task<> end() {
    stapling.reset();
    co_await responder.close();
    co_await close();
  }
};

TASK_TEST_F(StaplingTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::staple_catalogue()), IsEmpty());
  co_await end();
}

TASK_TEST_F(StaplingTest, VisitorsAreShownWhatTheIssuerSays) {
  const auto certificate = co_await begin();
  EXPECT_THAT(co_await handshake(), HasSubstr("OCSP response: no response sent"));
  co_await respond(certificate.serial, "V");
  co_await stapling->look();
  const auto first = co_await known(certificate);
  EXPECT_EQ(first.word, Word::good) << first.detail;
  EXPECT_GT(first.next_at, clock.now() + 25min);
  EXPECT_LT(first.next_at, clock.now() + 31min);
  const auto seen = co_await handshake();
  EXPECT_THAT(seen, HasSubstr("OCSP Response Status: successful"));
  EXPECT_THAT(seen, HasSubstr("Cert Status: good"));

  // At half of its time it is asked again; what was shown before goes.
  co_await sleep(1s);  // answers of the same second have the same name
  co_await look_after(31min);
  const auto second = co_await known(certificate);
  EXPECT_GT(second.this_update, first.this_update);
  EXPECT_THAT(co_await handshake(), HasSubstr("Cert Status: good"));
  EXPECT_EQ(staple_files(), 1U);

  // A restart shows it without asking anybody.
  responds = false;
  stapling.reset();
  co_await stop_serve();
  std::filesystem::remove_all(options.folder);
  co_await start_serve();
  EXPECT_THAT(co_await handshake(), HasSubstr("Cert Status: good"));
  co_await end();
}

TASK_TEST_F(StaplingTest, AnAnswerThatIsOverIsShownToNobody) {
  const auto certificate = co_await begin();
  co_await respond(certificate.serial, "V");
  co_await stapling->look();
  responds = false;
  // The issuer is silent: what it said holds until its end.
  co_await look_after(31min);
  const auto silent = co_await known(certificate);
  EXPECT_EQ(silent.word, Word::good);
  EXPECT_THAT(silent.detail, Not(IsEmpty()));
  EXPECT_GT(silent.next_at, clock.now() + 4min);
  EXPECT_THAT(co_await handshake(), HasSubstr("Cert Status: good"));
  // The proxy's clock says when that is.
  auto table = routing::decode_table(co_await files::read(gateway_options.table)).value();
  const auto past =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
  table.certificates.at(0).staple_expires = past.count();
  co_await serve->gateway.publish_certificates(table.certificates);
  proxy.reset();
  start_proxy();
  EXPECT_THAT(co_await handshake(), HasSubstr("OCSP response: no response sent"));
  // And ours.
  clock.by += 60min;
  co_await serve->certificates.restore();
  const auto after = routing::decode_table(co_await files::read(gateway_options.table)).value();
  EXPECT_THAT(after.certificates.at(0).staple, IsEmpty());
  co_await end();
}

TASK_TEST_F(StaplingTest, ARevocationIsToldAndNotShown) {
  const auto certificate = co_await begin();
  co_await respond(certificate.serial, "V");
  co_await stapling->look();
  EXPECT_EQ((co_await known(certificate)).word, Word::good);
  responds = false;
  co_await respond(certificate.serial, "R", "260101000000Z,keyCompromise");
  co_await look_after(31min);
  const auto told = co_await known(certificate);
  EXPECT_EQ(told.word, Word::revoked);
  EXPECT_THAT(told.detail, HasSubstr("2026-01-01T00:00:00"));
  EXPECT_THAT(told.detail, HasSubstr("keyCompromise"));
  EXPECT_THAT(co_await handshake(), HasSubstr("OCSP response: no response sent"));
  EXPECT_EQ(staple_files(), 0U);
  co_await end();
}

TASK_TEST_F(StaplingTest, ARevokedOneThatTempsGotIsRenewed) {
  options.authority.directory_url = "https://127.0.0.1:1/directory";
  clock.by = -25h;  // it was stored more than a day ago
  const auto uploaded = co_await begin();
  const auto domain = co_await add("shop.example.org");
  const auto content = co_await database.one(queries::content_of, uploaded.id);
  auto chain = co_await x509::read_chain(content.chain);
  auto key = co_await x509::read_key(
      Secret(co_await files::read(options.folder / "1-1" / "key.pem")), chain);
  const auto stored =
      co_await serve->certificates.store(Source::acme, std::move(chain), std::move(key));
  co_await database.run(queries::want_order, domain.id, domain.name, clock.now(), clock.now());
  co_await database.run(queries::set_issued, domain.name, std::string("http-01"), std::string("x"),
                        std::string{}, clock.now() + 1000h, clock.now() + 20h, clock.now());
  co_await respond(uploaded.serial, "R", "260101000000Z,superseded");
  co_await look_after(25h);
  EXPECT_EQ((co_await known(stored.certificate)).word, Word::revoked);
  EXPECT_LE((*co_await order(domain)).renew_at.value_or(Instant::max()), clock.now());
  co_await end();
}

TASK_TEST_F(StaplingTest, NobodyIsAskedAboutACertificateThatNamesNobody) {
  co_await start_serve();
  stapling.emplace(loop, database, serve->certificates, serve->issuance, clock);
  const auto issued = authority.issue({"shop.example.org"}, clock.now());
  const auto stored = co_await serve->certificates.upload(
      {.chain = issued.certificate + authority.certificate(), .key = Secret(issued.key)});
  co_await stapling->look();
  const auto none = co_await known(stored.certificate);
  EXPECT_EQ(none.word, Word::none);
  EXPECT_EQ(none.next_at, stored.certificate.not_after);
  EXPECT_THAT(co_await database.all(queries::due_staples, clock.now()), IsEmpty());
  co_await end();
}

}  // namespace
}  // namespace temps::certificates
