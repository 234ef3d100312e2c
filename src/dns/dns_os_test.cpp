// Records at a real name server, and at a fake of Cloudflare's API.
#include <gmock/gmock.h>

#include "core/testing.hpp"
#include "core/text.hpp"
#include "dns/dns.hpp"
#include "dns/errors.hpp"
#include "dns/module.hpp"
#include "dns/queries.hpp"
#include "files/files.hpp"
#include "net/dns.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"
#include "testbed/http_peer.hpp"
#include "testbed/knot.hpp"

namespace temps::dns {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

struct DnsTest : testbed::DatabaseTest {
  SystemClock clock;
  files::TemporaryFolder folder;
  vault::Options vault_options{.key_file = folder.path() / "keys" / "secrets.key"};
  vault::Vault vault{vault_options};
  Dns dns{loop, database, vault, clock};

  DnsTest() { EXPECT_TRUE(loop.run(sql::migrate(database, migrations())).has_value()); }
  static NewProvider knot(const std::string& zone, std::string server) {
    return {.zone = zone,
            .server = std::move(server),
            .key_name = testbed::Knot::key_name,
            .key = Secret(testbed::Knot::key)};
  }
};

TASK_TEST_F(DnsTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), IsEmpty());
}

TASK_TEST_F(DnsTest, ChangesRecordsOfAnOwnNameServer) {
  auto server = co_await testbed::Knot::start(loop, "example.test");
  co_await dns.add(knot("Example.test.", server.address()));
  auto records = co_await dns.records_for("_acme-challenge.shop.example.test");
  net::Resolver resolver(loop, server.address());
  const std::string name = "_acme-challenge.shop.example.test";
  co_await records->put({name, "one"});
  co_await records->put({name, "two"});
  EXPECT_THAT(co_await resolver.texts(name), UnorderedElementsAre("one", "two"));
  co_await records->remove({name, "one"});
  EXPECT_THAT(co_await resolver.texts(name), ElementsAre("two"));
  co_await records->remove({name, "one"});
  co_await records->remove({name, "two"});
  EXPECT_THAT(co_await resolver.texts(name), IsEmpty());
  co_await server.stop();
}

TASK_TEST_F(DnsTest, SaysWhatIsWrongWithKeyZoneOrServer) {
  auto server = co_await testbed::Knot::start(loop, "example.test");
  auto other_key = knot("example.test", server.address());
  other_key.key = Secret("bm90IHRoZSBzZWNyZXQ=");
  co_await dns.add(std::move(other_key));
  auto records = co_await dns.records_for("a.example.test");
  const auto refused = co_await attempt(records->put({"a.example.test", "x"}));
  EXPECT_TRUE(!refused && refused.error().is(errors::refused));
  EXPECT_THAT(std::string(refused.error().detail()), HasSubstr("key temps"));
  co_await dns.add(knot("other.test", server.address()));
  records = co_await dns.records_for("a.other.test");
  const auto foreign = co_await attempt(records->put({"a.other.test", "x"}));
  EXPECT_TRUE(!foreign && foreign.error().is(errors::refused)) << foreign.error().detail();
  co_await server.stop();
  const auto away = co_await attempt(records->put({"a.other.test", "x"}));
  EXPECT_TRUE(!away && away.error().is(errors::unreachable));
}

TASK_TEST_F(DnsTest, AsksTheProviderOfTheLongestZone) {
  co_await dns.add(knot("test", "127.0.0.1:1"));
  co_await dns.add({.zone = "b.test", .kind = Kind::cloudflare, .key = Secret("token")});
  EXPECT_EQ(co_await dns.records_for("a.example"), nullptr);
  EXPECT_NE(co_await dns.records_for("a.b.test"), nullptr);
  const auto all = co_await dns.list();
  EXPECT_EQ(all.size(), 2U);
  EXPECT_EQ(all.at(0).server, "https://api.cloudflare.com");
  auto twice = co_await attempt(dns.add(knot("TEST", "127.0.0.1:1")));
  EXPECT_TRUE(!twice && twice.error().is(errors::zone_taken));
  co_await dns.remove("b.test");
  auto gone = co_await attempt(dns.remove("b.test"));
  EXPECT_TRUE(!gone && gone.error().is(errors::no_such_provider));
}

TASK_TEST_F(DnsTest, RefusesWhatCannotWork) {
  auto bad_key = knot("a.test", "ns.a.test");
  bad_key.key = Secret("not base64!");
  const NewProvider no_server{.zone = "a.test", .key_name = "k", .key = Secret("YQ==")};
  const NewProvider no_token{.zone = "a.test", .kind = Kind::cloudflare};
  const NewProvider no_zone{.zone = "..", .kind = Kind::cloudflare, .key = Secret("t")};
  for (auto wanted : {bad_key, no_server, no_token, no_zone}) {
    auto refused = co_await attempt(dns.add(std::move(wanted)));
    EXPECT_TRUE(!refused && refused.error().is(errors::bad_provider));
  }
}

TASK_TEST_F(DnsTest, KeysAreNowhereInTheOpen) {
  co_await dns.add({.zone = "b.test", .kind = Kind::cloudflare, .key = Secret("secret-token")});
  static constexpr sql::Query<std::string> rows{
      "test.rows", "select p::text || encode(p.sealed_key, 'escape') from dns_providers p"};
  EXPECT_THAT(co_await database.one(rows), Not(HasSubstr("secret-token")));
}

// Answers as the API v4 is documented to; it is not Cloudflare.
struct FakeCloudflare {
  explicit FakeCloudflare(net::Loop& loop)
      : peer(loop, [this](const auto& request) { return answer(request); }) {}
  std::vector<std::string> calls{};
  int status = 200;
  testbed::HttpPeer peer;

  std::string answer(const testbed::HttpPeer::Request& request) {
    calls.push_back(request.method + " " + request.target + " " + request.body);
    std::string body = R"({"success":true,"errors":[],"result":[]})";
    if (request.target.starts_with("/client/v4/zones?name=b.test")) {
      body = R"({"success":true,"errors":[],"result":[{"id":"z1","name":"b.test"}]})";
    }
    if (request.target.find("/dns_records?") != std::string::npos) {
      body = R"({"success":true,"errors":[],"result":[{"id":"r1"}]})";
    }
    const bool allowed = request.head.find("Bearer secret-token") != std::string::npos;
    if (!allowed || status != 200) {
      body = R"({"success":false,"errors":[{"code":10000,"message":"Authentication error"}]})";
    }
    return fmt::format("HTTP/1.1 {}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{}",
                       allowed && status == 200 ? "200 OK"
                       : status == 200          ? "403 Forbidden"
                                                : "503 Unavailable",
                       body.size(), body);
  }
};

TASK_TEST_F(DnsTest, ChangesRecordsByTheApiOfCloudflare) {
  FakeCloudflare fake(loop);
  co_await dns.add({.zone = "b.test",
                    .kind = Kind::cloudflare,
                    .server = fake.peer.url(),
                    .key = Secret("secret-token")});
  auto records = co_await dns.records_for("_acme-challenge.b.test");
  co_await records->put({"_acme-challenge.b.test", "proof"});
  EXPECT_EQ(fake.calls.back(),
            "POST /client/v4/zones/z1/dns_records "
            R"({"type":"TXT","name":"_acme-challenge.b.test","content":"\"proof\"","ttl":60})");
  co_await records->remove({"_acme-challenge.b.test", "proof"});
  EXPECT_EQ(fake.calls.back(), "DELETE /client/v4/zones/z1/dns_records/r1 ");
  fake.status = 503;
  const auto busy = co_await attempt(records->put({"a.b.test", "x"}));
  EXPECT_TRUE(!busy && busy.error().is(errors::unreachable));
  fake.status = 200;
  co_await dns.remove("b.test");
  co_await dns.add({.zone = "b.test",
                    .kind = Kind::cloudflare,
                    .server = fake.peer.url(),
                    .key = Secret("another")});
  records = co_await dns.records_for("b.test");
  const auto refused = co_await attempt(records->put({"a.b.test", "x"}));
  EXPECT_TRUE(!refused && refused.error().is(errors::refused));
  EXPECT_THAT(std::string(refused.error().detail()), HasSubstr("Authentication error"));
  EXPECT_THAT(std::string(refused.error().detail()), Not(HasSubstr("another")));
  co_await fake.peer.close();
}

}  // namespace
}  // namespace temps::dns
