#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "projects/module.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"
#include "variables/module.hpp"
#include "variables/routes.hpp"

namespace temps::variables {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Members final : public http::Authenticator {
  Task<http::Principal> authenticate(const http::Request&) override {
    co_return http::Principal{
        .user = 1, .email = "ann@example.org", .role = temps::Role::developer, .kind = "key"};
  }
};

struct VariableRoutesTest : testbed::DatabaseTest {
  FakeClock clock;
  files::TemporaryFolder folder;
  vault::Options vault_options{.key_file = folder.path() / "keys" / "secrets.key"};
  vault::Vault vault{vault_options};
  projects::Projects projects{database, clock};
  Variables variables{database, vault, clock};
  Api api{variables, projects};
  Members members;
  http::Router router;
  http::Server server{loop, router, members};
  TaskGroup group{loop};
  net::Address address;

  VariableRoutesTest() {
    auto all = projects::migrations();
    for (auto& migration : migrations()) all.push_back(migration);
    EXPECT_TRUE(loop.run(sql::migrate(database, all)).has_value());
    EXPECT_TRUE(loop.run(projects.create("shop")).has_value());
    add_routes(router, api);
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener->address();
    group.start("server", server.serve(std::move(*listener)));
  }
  ~VariableRoutesTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  Task<http::ClientResponse> send(std::string method, std::string path, std::string body = {}) {
    http::Client client(loop, address);
    http::ClientRequest request{.method = std::move(method),
                                .target = "/api/v1/projects/shop/environments/production" + path,
                                .body = std::move(body)};
    if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
    co_return co_await client.send(std::move(request));
  }
};

TASK_TEST_F(VariableRoutesTest, PlainValuesAreShownAndSecretOnesAreNot) {
  const auto set = co_await send(
      "PATCH", "/variables",
      R"({"set":{"API":{"value":"https://a"},"KEY":{"value":"hidden-1","kind":"secret"}}})");
  EXPECT_EQ(set.status, 200);
  EXPECT_THAT(set.body, AllOf(HasSubstr(R"("version":1,"set":["API","KEY"])"),
                              HasSubstr("next deployment"), Not(HasSubstr("hidden"))));
  const auto listed = co_await send("GET", "/variables");
  EXPECT_THAT(listed.body,
              AllOf(HasSubstr(R"("made_by":"ann@example.org")"),
                    HasSubstr(R"({"name":"API","kind":"plain","value":"https://a","since":1})"),
                    HasSubstr(R"({"name":"KEY","kind":"secret","since":1})")));
}

TASK_TEST_F(VariableRoutesTest, ASecretIsShownToWhoRevealsIt) {
  co_await send("PUT", "/variables/KEY", R"({"value":"hidden-1","kind":"secret"})");
  const auto shown = co_await send("POST", "/variables/KEY/reveal");
  EXPECT_EQ(shown.body, R"({"name":"KEY","kind":"secret","value":"hidden-1"})");
  EXPECT_EQ(shown.headers.find("Cache-Control"), "no-store");
  EXPECT_EQ((co_await send("GET", "/variables/KEY/reveal")).status, 405);
  EXPECT_EQ((co_await send("POST", "/variables/OTHER/reveal")).status, 404);
  for (const auto& route : router.routes()) {
    EXPECT_EQ(route.permission.name == "variables.reveal", route.path.ends_with("/reveal"));
  }
}

TASK_TEST_F(VariableRoutesTest, VersionsAreListedAndShown) {
  co_await send("PUT", "/variables/A", R"({"value":"1"})");
  co_await send("PUT", "/variables/A", R"({"value":"2"})");
  EXPECT_THAT((co_await send("DELETE", "/variables/A")).body, HasSubstr(R"("removed":["A"])"));
  EXPECT_THAT((co_await send("GET", "/variables?version=1")).body, HasSubstr(R"("value":"1")"));
  EXPECT_THAT((co_await send("GET", "/variables")).body,
              AllOf(HasSubstr(R"("version":3)"), HasSubstr(R"("variables":[])")));
  EXPECT_EQ((co_await send("GET", "/variables?version=9")).status, 404);
  const auto page = co_await send("GET", "/variable-versions?limit=2");
  EXPECT_THAT(page.body, AllOf(HasSubstr(R"("number":3)"), HasSubstr(R"("next":"2")")));
  EXPECT_EQ((co_await send("DELETE", "/variables/A")).status, 404);
}

TASK_TEST_F(VariableRoutesTest, ARefusalNamesTheFieldAndNeverTheValue) {
  const auto reserved = co_await send("PUT", "/variables/PORT", R"({"value":"hidden-1"})");
  EXPECT_EQ(reserved.status, 400);
  EXPECT_THAT(reserved.body, AllOf(HasSubstr("variables.reserved"), Not(HasSubstr("hidden"))));
  for (const auto* body :
       {R"({"set":{"A":{"value":{"x":"hidden-1"}}}})", R"({"set":{"A":"hidden-1"}})",
        R"({"set":{"A":{"value":"hidden-1","kind":"open"}}})", R"({"set":{"A":{"value":"hidden-1)",
        R"({"set":{"A":{"value":"hidden-1"},"A B":{"value":"hidden-2"}}})",
        R"({"set":{"A":{"value":"hidden-1"}},"remove":["B"]})"}) {
    const auto refused = co_await send("PATCH", "/variables", body);
    EXPECT_GE(refused.status, 400) << body;
    EXPECT_THAT(refused.body, Not(HasSubstr("hidden"))) << body;
  }
  EXPECT_EQ(co_await variables.newest(
                (co_await projects.production((co_await projects.get("shop")).id)).id),
            0);
}

}  // namespace
}  // namespace temps::variables
