#include <gmock/gmock.h>

#include "certificates/certificates.hpp"
#include "certificates/errors.hpp"
#include "certificates/fixture_for_tests.hpp"
#include "certificates/queries.hpp"

namespace temps::certificates {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TASK_TEST_F(CertificatesTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), IsEmpty());
}

TASK_TEST_F(CertificatesTest, AnUploadIsShownToVisitorsAtOnce) {
  const auto one = authority.issue({"shop.example.com"}, clock.now());
  const auto published = co_await certificates->upload(
      {.chain = one.certificate + authority.certificate(), .key = Secret(one.key)});
  EXPECT_EQ(published.certificate.issuer, "Authority of the Tests");
  EXPECT_EQ(published.certificate.state, State::active);
  EXPECT_EQ(remaining(published.certificate, clock.now()).days, 89);
  const auto shown = table().certificates;
  EXPECT_EQ(shown.size(), 1U);
  EXPECT_THAT(shown.at(0).id, StartsWith("1-1-"));
  EXPECT_THAT(shown.at(0).names, ElementsAre("shop.example.com"));
  EXPECT_EQ(files::read(shown.at(0).chain).value(), one.certificate + authority.certificate());
  EXPECT_THAT(files::read(shown.at(0).key).value(), HasSubstr("BEGIN PRIVATE KEY"));
}

TASK_TEST_F(CertificatesTest, TheKeyIsNowhereInTheDatabase) {
  const auto one = authority.issue({"shop.example.com"}, clock.now());
  co_await upload(one);
  static constexpr sql::Query<std::string> whole_row{
      "test.whole_row", "select c::text || encode(c.sealed_key, 'escape') from certificates c"};
  const auto row = co_await database.one(whole_row);
  EXPECT_THAT(row, HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_THAT(row, Not(HasSubstr("PRIVATE KEY")));
}

TASK_TEST_F(CertificatesTest, OneForTheSameNamesTakesThePlaceOfTheOneBefore) {
  co_await upload(authority.issue({"a.example"}, clock.now()));
  const auto first = table().certificates.at(0);
  clock.advance(24h);
  const auto renewed = co_await upload(authority.issue({"a.example"}, clock.now()));
  EXPECT_EQ(renewed.id.value, 1);
  EXPECT_EQ(renewed.version, 2);
  EXPECT_EQ(table().certificates.size(), 1U);
  EXPECT_THAT(table().certificates.at(0).id, StartsWith("1-2-"));
  EXPECT_FALSE(std::filesystem::exists(first.chain));
  co_await upload(authority.issue({.names = {"a.example"},
                                   .from = clock.now(),
                                   .until = clock.now() + 24h,
                                   .key = x509::KeyKind::rsa_2048}));
  EXPECT_EQ(table().certificates.size(), 2U) << "a second kind of key stands beside the first";
}

TASK_TEST_F(CertificatesTest, RefusesWhatCannotBeServedAndKeepsNothing) {
  const auto good = authority.issue({"a.example"}, clock.now());
  const auto expired = authority.issue(
      {.names = {"a.example"}, .from = clock.now() - 48h, .until = clock.now() - 24h});
  const std::vector<std::pair<Upload, ErrorCode>> cases{
      {{.chain = "x", .key = Secret(good.key)}, x509::errors::bad_pem},
      {{.chain = good.certificate, .key = Secret(expired.key)}, x509::errors::key_mismatch},
      {{.chain = expired.certificate, .key = Secret(expired.key)}, x509::errors::expired},
      {{.chain = good.certificate, .key = Secret(good.key), .names = {"b.example"}},
       errors::not_covered}};
  for (const auto& [wanted, code] : cases) {
    auto refused = co_await attempt(certificates->upload(wanted));
    EXPECT_TRUE(!refused && refused.error().is(code)) << code.code;
  }
  EXPECT_THAT(co_await certificates->list({}, 10), IsEmpty());
}

TASK_TEST_F(CertificatesTest, WhatTheProxyRefusesWasNeverThere) {
  const auto first = co_await upload(authority.issue({"a.example"}, clock.now()));
  proxy_refuses = "no";
  auto refused = co_await attempt(upload(authority.issue({"a.example"}, clock.now())));
  EXPECT_TRUE(!refused && refused.error().is(gateway::errors::refused));
  EXPECT_EQ((co_await certificates->get(first.id)).version, 1);
  proxy_refuses.clear();
  co_await upload(authority.issue({"b.example"}, clock.now()));
  EXPECT_THAT(table().certificates.at(0).id, StartsWith("1-1-"));
  EXPECT_TRUE(std::filesystem::exists(table().certificates.at(0).key));
}

TASK_TEST_F(CertificatesTest, IsGoneWithItsFilesAfterItsRemoval) {
  const auto one = co_await upload(authority.issue({"a.example"}, clock.now()));
  co_await upload(authority.issue({"b.example"}, clock.now()));
  const auto files_of_one = table().certificates.at(0);
  co_await certificates->remove(one.id);
  EXPECT_EQ(table().certificates.size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(files_of_one.key));
  EXPECT_TRUE(std::filesystem::exists(table().certificates.at(0).key));
  auto again = co_await attempt(certificates->remove(one.id));
  EXPECT_TRUE(!again && again.error().is(errors::no_such_certificate));
}

TASK_TEST_F(CertificatesTest, FilesThatAreGoneComeBackAtTheNextStart) {
  co_await upload(authority.issue({"a.example"}, clock.now()));
  const auto key = files::read(table().certificates.at(0).key).value();
  EXPECT_TRUE(files::remove_all(options.folder).has_value());
  EXPECT_TRUE(files::make_folder(options.folder / "9-9").has_value());
  restart();
  co_await certificates->restore();
  EXPECT_EQ(files::read(table().certificates.at(0).key).value(), key);
  EXPECT_FALSE(std::filesystem::exists(options.folder / "9-9"));
}

TASK_TEST_F(CertificatesTest, ALostKeyOfTheVaultKeepsTheOthersServed) {
  co_await upload(authority.issue({"a.example"}, clock.now()));
  co_await upload(authority.issue({"b.example"}, clock.now()));
  EXPECT_TRUE(files::remove_all(vault_options.key_file).has_value());
  EXPECT_TRUE(files::remove_all(options.folder / "1-1").has_value());
  restart();
  co_await certificates->restore();
  EXPECT_EQ(table().certificates.size(), 1U);
  EXPECT_THAT(table().certificates.at(0).id, StartsWith("2-1-")) << "its files were still there";
  co_await upload(authority.issue({"a.example"}, clock.now()));
  EXPECT_EQ(table().certificates.size(), 2U);
}

TASK_TEST_F(CertificatesTest, TellsForEachDomainWhichCertificateVisitorsAreShown) {
  co_await upload(authority.issue({"*.example.com"}, clock.now()));
  co_await upload(authority.issue(
      {.names = {"shop.example.com"}, .from = clock.now(), .until = clock.now() + 72h}));
  const auto states =
      co_await certificates->states({"shop.example.com", "other.example", "*.example.com"});
  EXPECT_EQ(states.at(0).value().id, 1) << "the one that lasts longest";
  EXPECT_EQ(states.at(0).value().source, "uploaded");
  EXPECT_FALSE(states.at(1).has_value());
  EXPECT_EQ(states.at(2).value().id, 1);
}

TASK_TEST_F(CertificatesTest, SaysWhatExpiresSoonFourteenDaysBefore) {
  co_await upload(authority.issue(
      {.names = {"a.example"}, .from = clock.now() - 1h, .until = clock.now() + 24h * 15}));
  EXPECT_THAT(co_await certificates->expiring(), IsEmpty());
  clock.advance(24h * 1 + 1s);
  const auto expiring = co_await certificates->expiring();
  EXPECT_EQ(expiring.size(), 1U);
  EXPECT_EQ(remaining(expiring.at(0), clock.now()).days, 13);
  EXPECT_TRUE(remaining(expiring.at(0), clock.now()).is_soon_over);
  clock.advance(24h * 14);
  EXPECT_LT(remaining(expiring.at(0), clock.now()).days, 0);
}

// The numbers of a new database are those of the lost one, for other certificates.
TASK_TEST_F(CertificatesTest, ALostDatabaseTakesNoCertificateFromVisitors) {
  const auto blog = authority.issue({"blog.example"}, clock.now());
  const auto shop = authority.issue({"shop.example"}, clock.now());
  co_await upload(authority.issue({"former.example"}, clock.now()));
  co_await upload(blog);
  co_await upload(shop);
  co_await certificates->remove(CertificateId{1});
  const auto before = table().certificates;
  co_await database.script("delete from certificates; alter sequence certificates_id_seq restart");
  restart();
  co_await certificates->restore();
  const auto after = table().certificates;
  EXPECT_EQ(after.size(), 2U);
  EXPECT_THAT(after.at(0).names, ElementsAre("blog.example"));
  EXPECT_THAT(after.at(1).names, ElementsAre("shop.example"));
  EXPECT_EQ(files::read(after.at(1).chain).value(), shop.certificate);
  EXPECT_THAT(files::read(after.at(1).key).value(), HasSubstr("BEGIN PRIVATE KEY"));
  EXPECT_NE(after.at(1).id, before.at(1).id);
}

}  // namespace
}  // namespace temps::certificates
