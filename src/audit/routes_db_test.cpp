#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/module.hpp"
#include "audit/routes.hpp"
#include "audit/trail.hpp"
#include "core/secret.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "json/json.hpp"
#include "testbed/database.hpp"

namespace temps::audit {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr Permission members{"things.write", Role::developer, Scope::installation};

struct ByHeader final : http::Authenticator {
  Task<http::Principal> authenticate(const http::Request& request) override {
    const auto role = request.headers.find("x-role").value_or("");
    if (role.empty()) co_return http::Principal{};
    co_return http::Principal{.user = 7,
                              .email = "ann@example.org",
                              .role = role == "admin" ? Role::admin : Role::developer,
                              .kind = "key",
                              .credential = 4,
                              .credential_name = "laptop"};
  }
};

struct Shelf {
  int changes = 0;
};
struct BookBody {
  std::string name;
  Secret pin;
};
struct BookView {
  std::string name;
  std::string token;
};
Task<http::Created<BookView>> add_book(Shelf& shelf, http::Path<std::string>,
                                       http::Body<BookBody> body) {
  ++shelf.changes;
  co_return http::Created<BookView>{{body.value.name, "s3cret"}};
}

// A server with a route that knows nothing of the audit log.
struct AuditRoutesTest : testbed::DatabaseTest {
  FakeClock clock;
  Options options;
  Audit audit{database, clock, options};
  Trail trail{audit, clock};
  ByHeader authenticator;
  Shelf shelf;
  http::Router router;
  http::Server server{loop, router, authenticator, {}, &trail};
  TaskGroup group{loop};
  net::Address address;

  AuditRoutesTest() {
    EXPECT_TRUE(loop.run(sql::migrate(database, migrations())).has_value());
    add_routes(router, audit);
    auto api = router.bind(shelf);
    api.post<add_book>("/api/v1/projects/{project}/books", members, "Add a book");
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener->address();
    group.start("server", server.serve(std::move(*listener)));
  }
  ~AuditRoutesTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  Task<http::ClientResponse> send(std::string method, std::string path, std::string role,
                                  std::string body = {}) {
    http::Client client(loop, address);
    http::ClientRequest request{
        .method = std::move(method), .target = "/api/v1" + path, .body = std::move(body)};
    if (!role.empty()) request.headers.add("X-Role", std::move(role));
    request.headers.add("User-Agent", "=HYPERLINK(1)");
    co_return co_await client.send(std::move(request));
  }
  Task<int> add(std::string name) {
    auto response = co_await send("POST", "/projects/shop/books", "member",
                                  R"({"name":")" + name + R"(","pin":"p1n"})");
    co_return response.status;
  }
};

TASK_TEST_F(AuditRoutesTest, EveryChangeIsListedForAdmins) {
  EXPECT_EQ(co_await add("emma"), 201);
  EXPECT_EQ((co_await send("GET", "/audit", "")).status, 401);
  EXPECT_EQ((co_await send("GET", "/audit", "member")).status, 403);
  EXPECT_EQ((co_await send("GET", "/audit/export", "member")).status, 403);
  const auto page = co_await send("GET", "/audit", "admin");
  EXPECT_THAT(
      page.body,
      AllOf(HasSubstr(R"("operation":"add_book")"), HasSubstr(R"("summary":"Add a book")"),
            HasSubstr(R"("email":"ann@example.org")"), HasSubstr(R"("credential_name":"laptop")"),
            HasSubstr(R"("project":"shop")"), HasSubstr(R"("outcome":"done")"),
            HasSubstr(R"("status":201)"), HasSubstr(R"("client":"127.0.0.1")")));
  EXPECT_THAT(page.body, AllOf(Not(HasSubstr("p1n")), Not(HasSubstr("s3cret"))));
}

TASK_TEST_F(AuditRoutesTest, WithoutARecordNothingIsChanged) {
  co_await database.script("drop table audit_outcomes; drop table audit_entries");
  EXPECT_EQ(co_await add("emma"), 503);
  EXPECT_EQ(shelf.changes, 0);
}

TASK_TEST_F(AuditRoutesTest, AChangeWhoseProcessDiedIsUnknown) {
  co_await audit.begin({.operation = "add_book"});
  EXPECT_THAT((co_await send("GET", "/audit?outcome=unknown", "admin")).body,
              HasSubstr(R"("outcome":"unknown")"));
}

TASK_TEST_F(AuditRoutesTest, PagesFollowEachOther) {
  for (const auto* name : {"a1", "b2", "c3"}) {
    co_await add(name);
    clock.advance(std::chrono::seconds{1});
  }
  const auto first = co_await send("GET", "/audit?limit=2", "admin");
  EXPECT_THAT(first.body,
              AllOf(HasSubstr(R"("c3")"), HasSubstr(R"("b2")"), Not(HasSubstr(R"("a1")"))));
  const auto document = json::decode<json::Value>(first.body).value();
  const std::string next(document["next"].as_string().value_or(""));
  const auto rest = co_await send("GET", "/audit?limit=2&cursor=" + next, "admin");
  EXPECT_THAT(rest.body, AllOf(HasSubstr(R"("a1")"), Not(HasSubstr(R"("b2")"))));
  for (const auto* bad : {"?cursor=x", "?cursor=1", "?since=yesterday", "?outcome=fine",
                          "?project=%00", "?actor=%ff"}) {
    EXPECT_EQ((co_await send("GET", std::string("/audit") + bad, "admin")).status, 400) << bad;
  }
}

TASK_TEST_F(AuditRoutesTest, AnExportHoldsAllThatFits) {
  for (int i = 0; i < 230; ++i) co_await audit.note({.operation = "many"});
  co_await add("emma");
  const auto lines = co_await send("GET", "/audit/export", "admin");
  EXPECT_EQ(lines.headers.find("content-type"), "application/x-ndjson");
  EXPECT_EQ(split(lines.body, '\n').size(), 232U);
  const auto csv = co_await send("GET", "/audit/export?format=csv&operation=add_book", "admin");
  EXPECT_EQ(split(csv.body, '\n').size(), 3U);
  EXPECT_THAT(csv.body, AllOf(HasSubstr("\"'=HYPERLINK(1)\""), HasSubstr("emma")));
  EXPECT_EQ(csv.headers.find("content-disposition"), "attachment; filename=\"audit.csv\"");
}

}  // namespace
}  // namespace temps::audit
