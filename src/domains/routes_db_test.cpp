#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "domains/module.hpp"
#include "domains/routes.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "json/json.hpp"
#include "projects/module.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"

namespace temps::domains {
namespace {

using testing::HasSubstr;
using testing::Not;

// Takes everybody for a member.
class Members final : public http::Authenticator {
 public:
  std::optional<std::string> environment;  // that their key is limited to

 private:
  Task<http::Principal> authenticate(const http::Request&) override {
    http::Principal who{.user = 1, .role = temps::Role::developer, .kind = "key"};
    who.access.environment = environment;
    co_return who;
  }
};

// The API as programs see it: a real server with this module's routes.
struct DomainRoutesTest : testbed::DatabaseTest {
  FakeClock clock;
  projects::Projects projects{database, clock};
  Options options{.public_addresses = {"203.0.113.7"}, .name_server = "127.0.0.1:1"};
  Domains domains{database, projects, loop, options, clock};
  Members members;
  http::Router router;
  http::Server server{loop, router, members};
  TaskGroup group{loop};
  net::Address address;

  DomainRoutesTest() {
    auto all = projects::migrations();
    for (auto& migration : migrations()) all.push_back(migration);
    EXPECT_TRUE(loop.run(sql::migrate(database, all)).has_value());
    EXPECT_TRUE(loop.run(projects.create("shop")).has_value());
    add_routes(router, domains);
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener->address();
    group.start("server", server.serve(std::move(*listener)));
  }
  ~DomainRoutesTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  Task<http::ClientResponse> send(std::string method, std::string path, std::string body = {}) {
    http::Client client(loop, address);
    http::ClientRequest request{.method = std::move(method),
                                .target = "/api/v1/projects/shop/domains" + path,
                                .body = std::move(body)};
    if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
    co_return co_await client.send(std::move(request));
  }
};

TASK_TEST_F(DomainRoutesTest, AKeyForOneEnvironmentLeavesTheOthersDomainsAlone) {
  constexpr sql::Command<> staging{
      "domains_test.staging",
      "insert into environments (project_id, name, settings, slug) "
      "select project_id, 'staging', settings, 'shop-staging' from environments"};
  co_await database.run(staging);
  co_await send("POST", "", R"({"name":"shop.example.com"})");
  co_await send("POST", "", R"({"name":"test.example.com","environment":"staging"})");
  members.environment = "production";
  EXPECT_THAT((co_await send("GET", "")).body, Not(HasSubstr("test.example.com")));
  EXPECT_EQ((co_await send("GET", "/shop.example.com")).status, 200);
  EXPECT_EQ((co_await send("GET", "/test.example.com")).status, 404);
  EXPECT_EQ((co_await send("DELETE", "/test.example.com")).status, 404);
  EXPECT_EQ((co_await send("PATCH", "/test.example.com", R"({"https_only":false})")).status, 404);
  const auto* move = R"({"environment":"staging"})";
  EXPECT_EQ((co_await send("PATCH", "/shop.example.com", move)).status, 403);
  EXPECT_EQ(
      (co_await send("POST", "", R"({"name":"x.example.com","environment":"staging"})")).status,
      403);
}

TASK_TEST_F(DomainRoutesTest, ADomainIsAddedShownChangedCheckedAndRemoved) {
  const auto added = co_await send("POST", "", R"({"name":"shop.example.com"})");
  EXPECT_EQ(added.status, 201);
  EXPECT_THAT(added.body, HasSubstr(R"("environment":"production","role":"serve")"));
  EXPECT_THAT(added.body, HasSubstr(R"("in_force":false)"));
  EXPECT_THAT(added.body, HasSubstr("A shop.example.com -> 203.0.113.7"));
  EXPECT_EQ((co_await send("GET", "/shop.example.com")).status, 200);
  const auto changed =
      co_await send("PATCH", "/shop.example.com",
                    R"({"redirect_to":"https://example.com","redirect_status":301})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_THAT(changed.body, HasSubstr(R"("redirect_to":"https://example.com")"));
  const auto checked = co_await send("POST", "/shop.example.com/check");
  EXPECT_EQ(checked.status, 200);
  EXPECT_THAT(checked.body, HasSubstr(R"("state":"unknown")"));
  EXPECT_EQ((co_await send("DELETE", "/shop.example.com")).status, 204);
  EXPECT_EQ((co_await send("GET", "/shop.example.com")).status, 404);
}

TASK_TEST_F(DomainRoutesTest, AWildcardIsNamedInThePathAsItIs) {
  co_await send("POST", "", R"({"name":"*.example.com"})");
  EXPECT_EQ((co_await send("GET", "/%2A.example.com")).status, 200);
  EXPECT_EQ((co_await send("DELETE", "/*.example.com")).status, 204);
}

TASK_TEST_F(DomainRoutesTest, PagesFollowEachOther) {
  for (const auto* name : {"a.example", "b.example", "c.example"}) {
    co_await send("POST", "", fmt::format(R"({{"name":"{}"}})", name));
  }
  const auto first = co_await send("GET", "?limit=2");
  EXPECT_THAT(first.body, HasSubstr(R"("next":"b.example")"));
  const auto second = co_await send("GET", "?limit=2&cursor=b.example");
  EXPECT_THAT(second.body, HasSubstr("c.example"));
  EXPECT_THAT(second.body, Not(HasSubstr("next")));
}

TASK_TEST_F(DomainRoutesTest, ShowsTheCertificateOfEachDomain) {
  domains.certificates_from(
      [](std::vector<std::string> names) -> Task<std::vector<std::optional<CertificateState>>> {
        std::vector<std::optional<CertificateState>> states(names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
          if (names[i] == "a.example") states[i] = CertificateState{.id = 7, .days_left = 30};
        }
        co_return states;
      });
  for (const auto* name : {"a.example", "b.example"}) {
    co_await send("POST", "", fmt::format(R"({{"name":"{}"}})", name));
  }
  EXPECT_THAT((co_await send("GET", "/a.example")).body, HasSubstr(R"("days_left":30)"));
  EXPECT_THAT((co_await send("GET", "/b.example")).body, Not(HasSubstr("certificate")));
}

TASK_TEST_F(DomainRoutesTest, RefusalsNameTheirReason) {
  const auto bad = co_await send("POST", "", R"({"name":"203.0.113.9"})");
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.body, HasSubstr("domains.bad_name"));
  co_await send("POST", "", R"({"name":"a.example"})");
  EXPECT_EQ((co_await send("POST", "", R"({"name":"a.example"})")).status, 409);
  EXPECT_EQ((co_await send("POST", "", R"({"name":"b.example","nonsense":1})")).status, 400);
}

}  // namespace
}  // namespace temps::domains
