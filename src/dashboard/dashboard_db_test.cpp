#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "dashboard/dashboard.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "identity/authentication.hpp"
#include "identity/module.hpp"
#include "net/loop.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"

namespace temps::dashboard {
namespace {

using testing::HasSubstr;
using testing::Not;

struct DashboardTest : testbed::DatabaseTest {
  SystemClock clock;
  identity::Identity identity{database, clock, loop};
  identity::Authentication authentication{identity};
  Explanations explanations;
  Options options{.admin_command = "/opt/temps admin create"};
  Dashboard dashboard{identity, explanations, options};
  http::Router router;
  http::Server server{loop, router, authentication};
  TaskGroup group{loop};
  net::Address address;
  std::string cookie;

  DashboardTest() {
    EXPECT_TRUE(loop.run(sql::migrate(database, identity::migrations())).has_value());
    add_routes(router, dashboard);
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener->address();
    group.start("server", server.serve(std::move(*listener)));
  }
  ~DashboardTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  Task<http::ClientResponse> get(std::string path) {
    http::Client client(loop, address);
    http::ClientRequest request{.target = std::move(path)};
    if (!cookie.empty()) request.headers.add("Cookie", "temps_session=" + cookie);
    co_return co_await client.send(std::move(request));
  }
};

TASK_TEST_F(DashboardTest, TheFirstPageFollowsTheStateOfTheInstallation) {
  EXPECT_THAT((co_await get("/")).body, HasSubstr("waits for its owner"));
  EXPECT_THAT((co_await get("/")).body, HasSubstr("/opt/temps admin create --email"));
  EXPECT_THAT((co_await get("/setup")).body, HasSubstr("waits for its owner"));
  EXPECT_THAT((co_await get("/setup?token=x")).body, HasSubstr("Make your account"));
  const auto id = co_await identity.create_user(
      {.email = "ann+<b>@example.org", .password = Secret("correct horse")});
  EXPECT_THAT((co_await get("/")).body, HasSubstr("<form id=\"login\""));
  EXPECT_EQ((co_await get("/setup?token=x")).status, 410);
  cookie = "not valid any more";
  EXPECT_THAT((co_await get("/login")).body, HasSubstr("<form id=\"login\""));
  auto user = co_await identity.user(id);
  const auto session = co_await identity.open_session(std::move(user));
  cookie = session.token.reveal();
  const auto projects = (co_await get("/")).body;
  EXPECT_THAT(projects, HasSubstr("ann+&lt;b&gt;@example.org"));
  EXPECT_THAT(projects, HasSubstr("id=\"projects\""));
  EXPECT_THAT((co_await get("/proxy")).body, HasSubstr("id=\"upstreams\""));
  cookie.clear();
  EXPECT_THAT((co_await get("/proxy")).body, HasSubstr("<form id=\"login\""));
}

TASK_TEST_F(DashboardTest, PagesAreServedWithAStrictPolicy) {
  const auto response = co_await get("/login");
  const auto policy = response.headers.find("content-security-policy").value_or("");
  EXPECT_THAT(std::string(policy), HasSubstr("script-src 'self'"));
  EXPECT_THAT(std::string(policy), Not(HasSubstr("unsafe")));
  EXPECT_EQ((co_await get("/assets/app.css")).headers.find("content-type"),
            "text/css; charset=utf-8");
  EXPECT_EQ((co_await get("/assets/none.css")).status, 404);
  EXPECT_EQ((co_await get("/nothing")).status, 404);
}

TASK_TEST_F(DashboardTest, ErrorCodesAreExplained) {
  EXPECT_THAT((co_await get("/problems/identity/too_many_attempts")).body,
              HasSubstr("Too many attempts to log in"));
  const auto odd = co_await get("/problems/identity/%3Cscript%3E");
  EXPECT_EQ(odd.status, 404);
  EXPECT_THAT(odd.body, Not(HasSubstr("<script>")));
}

}  // namespace
}  // namespace temps::dashboard
