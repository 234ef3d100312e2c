#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "identity/authentication.hpp"
#include "identity/module.hpp"
#include "identity/routes.hpp"
#include "json/json.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"

namespace temps::identity {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The API as programs and browsers see it: a real server with this module's routes.
struct IdentityRoutesTest : testbed::DatabaseTest {
  files::TemporaryFolder folder;
  vault::Options vault_options{.key_file = folder.path() / "secrets.key"};
  vault::Vault vault{vault_options};
  FakeClock clock;
  Identity identity{database, clock, loop};
  Sessions sessions{database, clock};
  SecondFactors factors{database, clock, vault};
  PendingLogins pending{database, clock};
  PasswordResets resets{database, clock, identity};
  Logins logins{identity, factors, pending, sessions};
  Authentication authentication{identity};
  http::Router router;
  http::Server server{loop, router, authentication};
  TaskGroup group{loop};
  net::Address address;
  std::string cookie;

  IdentityRoutesTest() {
    EXPECT_TRUE(loop.run(sql::migrate(database, migrations())).has_value());
    add_routes(router, logins, resets);
    http::add_openapi_route(router, "1.0.0");
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener->address();
    group.start("server", server.serve(std::move(*listener)));
  }
  ~IdentityRoutesTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  Task<http::ClientResponse> send(std::string method, std::string path, std::string body = {},
                                  std::string key = {}) {
    http::Client client(loop, address);
    http::ClientRequest request{
        .method = std::move(method), .target = "/api/v1" + path, .body = std::move(body)};
    if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
    if (!key.empty()) {
      request.headers.add("Authorization", "Bearer " + key);
    } else if (!cookie.empty()) {
      request.headers.add("Cookie", cookie);
      request.headers.add("Origin", "http://" + address.text());
    }
    co_return co_await client.send(std::move(request));
  }
  static std::string text_at(const http::ClientResponse& response, std::string_view key) {
    const auto document = json::decode<json::Value>(response.body);
    return document ? std::string((*document)[key].as_string().value_or("")) : response.body;
  }
  Task<> make_owner() {
    co_await identity.create_user(
        {.email = "ann@example.org", .password = Secret("correct horse"), .role = Role::owner});
  }
  static constexpr const char* login = R"({"email":"ann@example.org","password":"correct horse"})";
  static constexpr const char* token_login =
      R"({"email":"ann@example.org","password":"correct horse","token":true,"device":"laptop"})";
};

TASK_TEST_F(IdentityRoutesTest, TheOwnerIsMadeByTheLinkAndLoggedIn) {
  EXPECT_EQ((co_await send("GET", "/setup")).body, R"({"needed":true})");
  const auto token = co_await identity.setup_token();
  auto weak = co_await send(
      "POST", "/setup",
      R"({"token":")" + token->reveal() + R"(","email":"ann@example.org","password":"short"})");
  EXPECT_EQ(weak.status, 400);
  EXPECT_THAT(weak.body, HasSubstr(R"("pointer":"/password")"));
  auto made = co_await send("POST", "/setup",
                            R"({"token":")" + token->reveal() +
                                R"(","email":"ann@example.org","password":"correct horse"})");
  EXPECT_EQ(made.status, 201);
  cookie = made.headers.find("set-cookie").value_or("");
  EXPECT_THAT(cookie, AllOf(HasSubstr("; HttpOnly"), HasSubstr("; SameSite=Lax"),
                            HasSubstr("; Path=/"), Not(HasSubstr("Secure"))));
  EXPECT_EQ(text_at(co_await send("GET", "/me"), "role"), "owner");
  EXPECT_EQ((co_await send("GET", "/setup")).body, R"({"needed":false})");
}

TASK_TEST_F(IdentityRoutesTest, ABrowserLogsInAndOut) {
  co_await make_owner();
  EXPECT_EQ((co_await send("GET", "/me")).status, 401);
  auto response = co_await send("POST", "/sessions", login);
  EXPECT_EQ(response.status, 201);
  EXPECT_THAT(response.body, Not(HasSubstr("token")));
  cookie = response.headers.find("set-cookie").value_or("");
  EXPECT_EQ(text_at(co_await send("GET", "/me"), "credential"), "session");
  EXPECT_EQ((co_await send("DELETE", "/sessions/current")).status, 204);
  EXPECT_EQ((co_await send("GET", "/me")).status, 401);
}

TASK_TEST_F(IdentityRoutesTest, OverHttpsTheCookieIsOfThisHostOnly) {
  co_await make_owner();
  const files::TemporaryFolder folder;
  // What the proxy says about the client counts on a unix socket only.
  auto listener =
      net::Listener::open(loop, {.host = {}, .path = (folder.path() / "http.sock").string()});
  const auto there = listener->address();
  group.start("server for the proxy", server.serve(std::move(*listener)));
  http::Client client(loop, there);
  http::ClientRequest request{.method = "POST", .target = "/api/v1/sessions", .body = login};
  request.headers.add("Content-Type", "application/json");
  request.headers.add("X-Forwarded-Proto", "https");
  const auto response = co_await client.send(std::move(request));
  EXPECT_THAT(std::string(response.headers.find("set-cookie").value_or("")),
              AllOf(HasSubstr("__Host-temps_session="), HasSubstr("; Secure"),
                    HasSubstr("; Path=/;"), Not(HasSubstr("Domain"))));
}

TASK_TEST_F(IdentityRoutesTest, AProgramGetsAKeyThatLogsItselfOut) {
  co_await make_owner();
  auto response = co_await send("POST", "/sessions", token_login);
  EXPECT_FALSE(response.headers.find("set-cookie").has_value());
  const auto key = text_at(response, "token");
  EXPECT_EQ(key.substr(0, 3), "tk_");
  EXPECT_EQ(text_at(co_await send("GET", "/me", {}, key), "credential"), "key");
  EXPECT_EQ((co_await send("DELETE", "/sessions/current", {}, key)).status, 204);
  EXPECT_EQ(text_at(co_await send("GET", "/me", {}, key), "code"), "identity.bad_key");
}

TASK_TEST_F(IdentityRoutesTest, GuessingIsAnsweredWithRetryAfter) {
  co_await make_owner();
  const auto* wrong = R"({"email":"ann@example.org","password":"wrong horse"})";
  auto response = co_await send("POST", "/sessions", wrong);
  EXPECT_EQ(response.status, 401);
  for (int i = 0; i < 8; ++i) response = co_await send("POST", "/sessions", wrong);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.headers.find("retry-after"), "900");
  EXPECT_EQ((co_await send("POST", "/sessions", login)).status, 429);
}

TASK_TEST_F(IdentityRoutesTest, ACursorOfSomebodysMakingIsRefused) {
  co_await make_owner();
  const auto key = text_at(co_await send("POST", "/sessions", token_login), "token");
  for (const auto* path : {"/users?cursor=x", "/users?cursor=1x", "/users?cursor="}) {
    const auto response = co_await send("GET", path, {}, key);
    EXPECT_EQ(response.status, 400) << path;
    EXPECT_THAT(response.body, HasSubstr("/query/cursor"));
  }
}

TASK_TEST_F(IdentityRoutesTest, AdminsManageUsersAndMembersDoNot) {
  co_await make_owner();
  const auto key = text_at(co_await send("POST", "/sessions", token_login), "token");
  auto made = co_await send("POST", "/users",
                            R"({"email":"ben@example.org","password":"battery staple"})", key);
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(text_at(made, "role"), "developer");
  auto page = co_await send("GET", "/users?limit=1", {}, key);
  EXPECT_EQ(text_at(page, "next"), "1");
  auto rest = co_await send("GET", "/users?limit=1&cursor=1", {}, key);
  EXPECT_THAT(rest.body, AllOf(HasSubstr("ben@example.org"), Not(HasSubstr("next"))));
  auto bens =
      co_await send("POST", "/sessions",
                    R"({"email":"ben@example.org","password":"battery staple","token":true})");
  const auto bens_key = text_at(bens, "token");
  EXPECT_EQ(text_at(co_await send("GET", "/users", {}, bens_key), "code"), "http.forbidden");
  EXPECT_EQ(text_at(co_await send("PATCH", "/users/2", R"({"role":"admin"})", key), "role"),
            "admin");
  EXPECT_EQ((co_await send("GET", "/users", {}, bens_key)).status, 200);
  EXPECT_EQ((co_await send("DELETE", "/users/2", {}, key)).status, 204);
  EXPECT_EQ((co_await send("GET", "/me", {}, bens_key)).status, 401);
}

TASK_TEST_F(IdentityRoutesTest, TheOwnPasswordIsChangedWithTheOldOne) {
  co_await make_owner();
  auto response = co_await send("POST", "/sessions", login);
  cookie = response.headers.find("set-cookie").value_or("");
  auto wrong = co_await send("PUT", "/me/password",
                             R"({"current":"not this one","password":"battery staple"})");
  EXPECT_EQ(wrong.status, 401);
  auto changed = co_await send("PUT", "/me/password",
                               R"({"current":"correct horse","password":"battery staple"})");
  EXPECT_EQ(changed.status, 201);
  EXPECT_EQ((co_await send("GET", "/me")).status, 401);
  cookie = changed.headers.find("set-cookie").value_or("");
  EXPECT_EQ((co_await send("GET", "/me")).status, 200);
}

TASK_TEST_F(IdentityRoutesTest, AResetPasswordEndsTheKeysUnlessTheyAreToStay) {
  co_await make_owner();
  const auto key = text_at(co_await send("POST", "/sessions", token_login), "token");
  co_await send("POST", "/users", R"({"email":"ben@example.org","password":"battery staple"})",
                key);
  const auto* bens =
      R"({"email":"ben@example.org","password":"battery staple","token":true,"device":"x"})";
  const auto bens_key = text_at(co_await send("POST", "/sessions", bens), "token");
  co_await send("PATCH", "/users/2", R"({"password":"battery staple","revoke_api_keys":false})",
                key);
  EXPECT_EQ((co_await send("GET", "/me", {}, bens_key)).status, 200);
  co_await send("PATCH", "/users/2", R"({"role":"viewer"})", key);
  EXPECT_EQ((co_await send("GET", "/me", {}, bens_key)).status, 200);
  co_await send("PATCH", "/users/2", R"({"password":"battery staple"})", key);
  EXPECT_EQ((co_await send("GET", "/me", {}, bens_key)).status, 401);
}

TASK_TEST_F(IdentityRoutesTest, WhoeverChangesTheirPasswordMayEndTheirKeys) {
  co_await make_owner();
  const auto key = text_at(co_await send("POST", "/sessions", token_login), "token");
  const auto other = text_at(co_await send("POST", "/sessions", token_login), "token");
  const auto* stay = R"({"current":"correct horse","password":"correct horse"})";
  EXPECT_EQ((co_await send("PUT", "/me/password", stay, key)).status, 201);
  EXPECT_EQ((co_await send("GET", "/me", {}, other)).status, 200);
  const auto* end =
      R"({"current":"correct horse","password":"battery staple","revoke_api_keys":true})";
  EXPECT_EQ((co_await send("PUT", "/me/password", end, key)).status, 201);
  EXPECT_EQ((co_await send("GET", "/me", {}, other)).status, 401);
  EXPECT_EQ((co_await send("GET", "/me", {}, key)).status, 200);
}

TASK_TEST_F(IdentityRoutesTest, TheDocumentNamesEveryOperation) {
  const auto document = (co_await send("GET", "/openapi.json")).body;
  EXPECT_TRUE(json::decode<json::Value>(document).has_value());
  EXPECT_THAT(document, HasSubstr(R"("operationId":"log_in")"));
  EXPECT_THAT(document, HasSubstr(R"("x-permission":"users.manage")"));
}

}  // namespace
}  // namespace temps::identity
