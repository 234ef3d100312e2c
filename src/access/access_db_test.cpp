// What was tried against the rules of who may do what.
#include "access/fixture_for_tests.hpp"
#include "access/queries.hpp"

namespace temps::access {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TASK_TEST_F(AccessTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), IsEmpty());
}

TASK_TEST_F(AccessTest, NobodyRaisesTheirOwnRoleOrAnothersAboveIt) {
  const auto admin = co_await make("ann", Role::admin);
  const auto owner = co_await make("olga", Role::owner);
  const auto developer = co_await make("ben", Role::developer);
  EXPECT_EQ(co_await status(developer, "PATCH", path_of("ben"), R"({"role":"owner"})"), 403);
  const auto raised = co_await send(admin, "PATCH", path_of("ann"), R"({"role":"owner"})");
  EXPECT_EQ(text_at(raised, "code"), "identity.above_own_role");
  EXPECT_EQ(co_await status(admin, "PATCH", path_of("ben"), R"({"role":"owner"})"), 403);
  EXPECT_EQ(co_await status(admin, "PATCH", path_of("olga"), R"({"role":"viewer"})"), 403);
  EXPECT_EQ(co_await status(admin, "PATCH", path_of("olga"), R"({"password":"battery staple"})"),
            403);
  EXPECT_EQ(co_await status(admin, "DELETE", path_of("olga")), 403);
  EXPECT_EQ(co_await status(admin, "POST", "/users",
                            R"({"email":"x@y.z","password":"correct horse","role":"owner"})"),
            403);
  EXPECT_EQ(co_await status(admin, "PATCH", path_of("ben"), R"({"role":"admin"})"), 200);
  EXPECT_EQ(co_await status(owner, "PATCH", path_of("ben"), R"({"role":"owner"})"), 200);
  EXPECT_EQ(co_await status(owner, "PATCH", path_of("olga"), R"({"role":"guest"})"), 200);
}

TASK_TEST_F(AccessTest, TheLastOwnerStays) {
  const auto owner = co_await make("olga", Role::owner);
  co_await services.create("robot", Role::owner);
  const auto left = co_await send(owner, "DELETE", path_of("olga"));
  EXPECT_EQ(text_at(left, "code"), "identity.last_owner");
  const auto lowered = co_await send(owner, "PATCH", path_of("olga"), R"({"role":"admin"})");
  EXPECT_EQ(text_at(lowered, "code"), "identity.last_owner");
}

TASK_TEST_F(AccessTest, AKeyOfALimitedScopeGivesNoRights) {
  const auto owner = co_await make("olga", Role::owner);
  co_await make("ben", Role::guest);
  co_await projects.create("shop");
  const auto key = co_await key_from(
      owner, R"("scopes":["users.manage","grants.manage","invitations.manage","teams.manage",)"
             R"("service_accounts.manage"])");
  EXPECT_EQ(co_await status(key, "GET", "/users"), 200);
  EXPECT_EQ(co_await status(key, "PATCH", path_of("ben"), R"({"role":"viewer"})"), 403);
  EXPECT_EQ(co_await status(key, "PATCH", path_of("ben"), R"({"password":"battery staple"})"), 403);
  EXPECT_EQ(co_await status(key, "PUT", "/projects/shop/grants",
                            R"({"email":"ben@example.org","role":"viewer"})"),
            403);
  EXPECT_EQ(co_await status(key, "POST", "/invitations", R"({"email":"x@y.z","role":"guest"})"),
            403);
  EXPECT_EQ(co_await status(key, "POST", "/service-accounts", R"({"name":"ci"})"), 403);
  const auto account = co_await services.create("robot", Role::owner);
  EXPECT_EQ(
      co_await status(key, "POST", fmt::format("/service-accounts/{}/api-keys", account.id.value),
                      R"({"name":"k"})"),
      403);
  const auto admins = co_await key_from(owner, R"("scopes":["admin"])");
  EXPECT_EQ(co_await status(admins, "PATCH", path_of("ben"), R"({"role":"admin"})"), 200);
  EXPECT_EQ(co_await status(admins, "PATCH", path_of("ben"), R"({"role":"owner"})"), 403);
}

TASK_TEST_F(AccessTest, AKeyMakesNoKeyWithMoreThanItHas) {
  const auto owner = co_await make("olga", Role::owner);
  co_await projects.create("shop");
  const auto key = co_await key_from(owner, R"("scopes":["read","account.own"])");
  EXPECT_EQ(co_await status(key, "GET", "/users"), 403);
  EXPECT_EQ(text_at(co_await send(key, "POST", "/api-keys", R"({"name":"x"})"), "code"),
            "access.beyond_own");
  EXPECT_EQ(co_await key_from(key, R"("scopes":["write"])"), "access.beyond_own");
  EXPECT_EQ(co_await key_from(key, R"("scopes":["read","deploy"])"), "access.beyond_own");
  EXPECT_EQ(co_await key_from(key, R"("scopes":["users.manage"])"), "access.beyond_own");
  EXPECT_THAT(co_await key_from(key, R"("scopes":["probe.read"])"), HasSubstr("tk_"));
  EXPECT_THAT(co_await key_from(key, R"("scopes":["read"],"project":"shop")"), HasSubstr("tk_"));
  EXPECT_EQ(co_await key_from(owner, R"("scopes":[])"), "access.bad_scope");
  EXPECT_EQ(co_await key_from(owner, R"("scopes":["open"])"), "access.bad_scope");
  EXPECT_EQ(co_await key_from(owner, R"("environment":"production")"), "access.bad_scope");
  EXPECT_EQ(co_await key_from(owner, R"("project":"shop","environment":"none")"),
            "access.bad_scope");
  EXPECT_EQ(co_await key_from(owner, R"("project":"none")"), "projects.no_such_project");
  // One that is for a project makes none at all.
  const auto narrow = co_await key_from(owner, R"("project":"shop")");
  EXPECT_EQ(co_await status(narrow, "POST", "/api-keys", R"({"name":"x"})"), 403);
}

TASK_TEST_F(AccessTest, WhatAnExpiringKeyMakesExpiresAsSoon) {
  const auto owner = co_await make("olga", Role::owner);
  co_await projects.create("shop");
  const auto end = to_rfc3339(clock.now() + 1h);
  const auto brief = co_await key_from(owner, R"("expires_at":")" + end + "\"");
  EXPECT_EQ(text_at(co_await send(brief, "POST", "/api-keys", R"({"name":"x"})"), "code"),
            "access.beyond_own");
  EXPECT_EQ(
      text_at(co_await send(brief, "POST", "/projects/shop/tokens", R"({"name":"x"})"), "code"),
      "access.beyond_own");
  EXPECT_THAT(co_await key_from(brief, R"("expires_at":")" + end + "\""), HasSubstr("tk_"));
}

TASK_TEST_F(AccessTest, AKeyFollowsItsUserAtOnce) {
  const auto admin = co_await make("ann", Role::admin);
  const auto developer = co_await make("ben", Role::developer);
  co_await projects.create("shop");
  EXPECT_EQ(co_await status(developer, "POST", "/projects/shop/deploy"), 200);
  co_await status(admin, "PATCH", path_of("ben"), R"({"role":"viewer"})");
  EXPECT_EQ(co_await status(developer, "POST", "/projects/shop/deploy"), 403);
  EXPECT_EQ(co_await status(developer, "GET", "/projects/shop/probe"), 200);
  co_await status(admin, "PATCH", path_of("ben"), R"({"role":"guest"})");
  EXPECT_EQ(co_await status(developer, "GET", "/projects/shop/probe"), 404);
}

TASK_TEST_F(AccessTest, AHiddenProjectIsAnsweredAsAnAbsentOne) {
  const auto guest = co_await make("gus", Role::guest);
  co_await projects.create("shop");
  const auto hidden = co_await send(guest, "GET", "/projects/shop/probe");
  const auto absent = co_await send(guest, "GET", "/projects/nope/probe");
  EXPECT_EQ(hidden.status, 404);
  EXPECT_EQ(absent.status, 404);
  EXPECT_EQ(text_at(hidden, "code"), text_at(absent, "code"));
  EXPECT_EQ(text_at(hidden, "detail"), "there is no project \"shop\"");
  EXPECT_EQ(text_at(absent, "detail"), "there is no project \"nope\"");
}

TASK_TEST_F(AccessTest, GrantsOfUsersAndTeamsCountAndEndAtOnce) {
  const auto admin = co_await make("ann", Role::admin);
  const auto guest = co_await make("gus", Role::guest);
  co_await projects.create("shop");
  const auto granted = co_await send(admin, "PUT", "/projects/shop/grants",
                                     R"({"email":" Gus@example.org","role":"viewer"})");
  EXPECT_EQ(granted.status, 200);
  EXPECT_EQ(co_await status(guest, "GET", "/projects/shop/probe"), 200);
  EXPECT_EQ(co_await status(guest, "POST", "/projects/shop/deploy"), 403);
  EXPECT_EQ(co_await status(admin, "POST", "/teams", R"({"name":"crew"})"), 201);
  EXPECT_EQ(co_await status(admin, "POST", "/teams", R"({"name":"crew"})"), 409);
  EXPECT_EQ(co_await status(admin, "PUT", "/projects/shop/grants",
                            R"({"team":"crew","role":"developer"})"),
            200);
  EXPECT_EQ(co_await status(guest, "POST", "/projects/shop/deploy"), 403);
  const auto member = fmt::format("/teams/1/members/{}", ids["gus"]);
  EXPECT_EQ(co_await status(admin, "PUT", member), 204);
  EXPECT_EQ(co_await status(guest, "POST", "/projects/shop/deploy"), 200);
  EXPECT_EQ(co_await status(admin, "DELETE", member), 204);
  EXPECT_EQ(co_await status(guest, "POST", "/projects/shop/deploy"), 403);
  co_await status(admin, "PUT", member);
  EXPECT_EQ(co_await status(admin, "DELETE", "/teams/1"), 204);
  EXPECT_EQ(co_await status(guest, "POST", "/projects/shop/deploy"), 403);
  EXPECT_EQ(co_await status(admin, "DELETE", "/projects/shop/grants/1"), 204);
  EXPECT_EQ(co_await status(guest, "GET", "/projects/shop/probe"), 404);
}

TASK_TEST_F(AccessTest, AProjectsAdminGivesRolesThereAndNowhereElse) {
  const auto guest = co_await make("gus", Role::guest);
  const auto other = co_await make("ben", Role::guest);
  const auto shop = co_await projects.create("shop");
  co_await projects.create("blog");
  co_await grants.give(shop.id, identity::UserId{ids["gus"]}, Role::admin);
  const auto* wish = R"({"email":"ben@example.org","role":"admin"})";
  EXPECT_EQ(co_await status(guest, "PUT", "/projects/shop/grants", wish), 200);
  EXPECT_EQ(co_await status(guest, "PUT", "/projects/blog/grants", wish), 404);
  EXPECT_EQ(
      co_await status(guest, "POST", "/users", R"({"email":"x@y.z","password":"long enough"})"),
      403);
  EXPECT_EQ(co_await status(guest, "PUT", "/projects/shop/grants",
                            R"({"email":"ben@example.org","role":"owner"})"),
            400);
  EXPECT_EQ(co_await status(other, "GET", "/projects/shop/grants"), 200);
}

TASK_TEST_F(AccessTest, AProjectOfTheSameNameIsAnother) {
  const auto owner = co_await make("olga", Role::owner);
  const auto guest = co_await make("gus", Role::guest);
  const auto shop = co_await projects.create("shop");
  co_await grants.give(shop.id, identity::UserId{ids["gus"]}, Role::admin);
  const auto key = co_await key_from(owner, R"("project":"shop")");
  const auto token =
      text_at(co_await send(owner, "POST", "/projects/shop/tokens", R"({"name":"ci"})"), "token");
  EXPECT_EQ(co_await status(guest, "GET", "/projects/shop/probe"), 200);
  EXPECT_EQ(co_await status(key, "GET", "/projects/shop/probe"), 200);
  co_await projects.remove(shop.id);
  co_await projects.create("shop");
  EXPECT_EQ(co_await status(guest, "GET", "/projects/shop/probe"), 404);
  EXPECT_EQ(co_await status(key, "GET", "/projects/shop/probe"), 404);
  EXPECT_EQ(co_await status(key, "GET", "/users"), 403);
  EXPECT_EQ(co_await status(token, "POST", "/projects/shop/deploy"), 401);
}

TASK_TEST_F(AccessTest, AnEnvironmentsKeyStaysThere) {
  const auto owner = co_await make("olga", Role::owner);
  co_await projects.create("shop");
  co_await add_environment("shop", "staging");
  const auto key = co_await key_from(owner, R"("project":"shop","environment":"staging")");
  EXPECT_EQ(co_await status(key, "POST", "/projects/shop/environments/staging/deploy"), 200);
  EXPECT_EQ(co_await status(key, "POST", "/projects/shop/environments/production/deploy"), 403);
  // Where no environment is named, production is meant.
  EXPECT_EQ(co_await status(key, "POST", "/projects/shop/deploy"), 403);
  EXPECT_EQ(co_await status(key, "POST", "/projects/shop/deploy?environment=staging"), 403);
  constexpr sql::Command<> gone{"access_test.gone",
                                "delete from environments where name = 'staging'"};
  co_await database.run(gone);
  co_await add_environment("shop", "staging");
  EXPECT_EQ(co_await status(key, "POST", "/projects/shop/environments/staging/deploy"), 403);
}

TASK_TEST_F(AccessTest, ADeploymentTokenDeploysItsProjectAndOutlivesItsMaker) {
  const auto owner = co_await make("olga", Role::owner);
  const auto admin = co_await make("ann", Role::admin);
  co_await projects.create("shop");
  co_await projects.create("blog");
  co_await add_environment("shop", "staging");
  const auto made = co_await send(admin, "POST", "/projects/shop/tokens", R"({"name":"ci"})");
  const auto token = text_at(made, "token");
  EXPECT_EQ(token.substr(0, 3), "td_");
  const auto staging = text_at(co_await send(admin, "POST", "/projects/shop/tokens",
                                             R"({"name":"stage","environment":"staging"})"),
                               "token");
  EXPECT_EQ(co_await status(owner, "DELETE", path_of("ann")), 204);
  EXPECT_EQ(co_await status(token, "POST", "/projects/shop/deploy"), 200);
  EXPECT_EQ(co_await status(token, "POST", "/projects/blog/deploy"), 404);
  EXPECT_EQ(co_await status(token, "GET", "/projects/shop/probe"), 403)
      << "not a part of deploying";
  EXPECT_EQ(co_await status(token, "GET", "/projects/shop/tokens"), 403);
  EXPECT_EQ(co_await status(token, "GET", "/api-keys"), 403);
  EXPECT_EQ(co_await status(token, "GET", "/me"), 200);
  EXPECT_EQ(co_await status(staging, "POST", "/projects/shop/deploy"), 403);
  EXPECT_EQ(co_await status(staging, "POST", "/projects/shop/environments/staging/deploy"), 200);
  const auto listed = (co_await send(owner, "GET", "/projects/shop/tokens")).body;
  EXPECT_THAT(listed, AllOf(HasSubstr(R"("maker":"ann@example.org")"), Not(HasSubstr(token))));
  EXPECT_EQ(co_await status(owner, "DELETE", "/projects/blog/tokens/1"), 404);
  EXPECT_EQ(co_await status(owner, "DELETE", "/projects/shop/tokens/1"), 204);
  EXPECT_EQ(co_await status(token, "POST", "/projects/shop/deploy"), 401);
  EXPECT_EQ(co_await status("td_" + std::string(300, 'x'), "GET", "/me"), 401);
}

TASK_TEST_F(AccessTest, ATokenExpires) {
  const auto owner = co_await make("olga", Role::owner);
  co_await projects.create("shop");
  const auto token = text_at(
      co_await send(owner, "POST", "/projects/shop/tokens",
                    R"({"name":"ci","expires_at":")" + to_rfc3339(clock.now() + 1h) + "\"}"),
      "token");
  EXPECT_EQ(co_await status(token, "GET", "/me"), 200);
  clock.advance(1h);
  EXPECT_EQ(co_await status(token, "GET", "/me"), 401);
  EXPECT_EQ(text_at(co_await send(owner, "POST", "/projects/shop/tokens",
                                  R"({"name":"x","expires_at":"2001-01-01T00:00:00Z"})"),
                    "code"),
            "access.bad_expiry");
}

TASK_TEST_F(AccessTest, ServiceAccountsActByKeysAndNeverLogIn) {
  const auto admin = co_await make("ann", Role::admin);
  co_await projects.create("shop");
  EXPECT_EQ(co_await status(admin, "POST", "/service-accounts", R"({"name":"ci@x.org"})"), 400);
  EXPECT_EQ(co_await status(admin, "POST", "/service-accounts", R"({"name":"ci","role":"owner"})"),
            403);
  const auto made = co_await send(admin, "POST", "/service-accounts", R"({"name":"ci-runner"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(co_await status(admin, "POST", "/service-accounts", R"({"name":"ci-runner"})"), 409);
  const auto key = text_at(
      co_await send(admin, "POST", "/service-accounts/2/api-keys", R"({"name":"main"})"), "token");
  EXPECT_EQ(co_await status(key, "GET", "/projects/shop/probe"), 404);
  EXPECT_EQ(co_await status(admin, "PUT", "/projects/shop/grants",
                            R"({"email":"ci-runner","role":"developer"})"),
            200);
  EXPECT_EQ(co_await status(key, "POST", "/projects/shop/deploy"), 200);
  for (const auto* password : {"", "correct horse"}) {
    EXPECT_EQ(
        co_await status("", "POST", "/sessions",
                        R"({"email":"ci-runner","password":")" + std::string(password) + "\"}"),
        401);
  }
  EXPECT_EQ(co_await status(admin, "PATCH", "/users/2", R"({"password":"correct horse"})"), 400);
  EXPECT_EQ(co_await status(admin, "POST", "/service-accounts/1/api-keys", R"({"name":"x"})"), 404)
      << "a person's keys are the person's";
  EXPECT_THAT((co_await send(admin, "GET", "/service-accounts/2/api-keys")).body,
              HasSubstr(R"("name":"main")"));
  EXPECT_EQ(co_await status(admin, "DELETE", "/users/2"), 204);
  EXPECT_EQ(co_await status(key, "GET", "/me"), 401);
}

TASK_TEST_F(AccessTest, MeSaysWhatTheConsoleMayShow) {
  const auto guest = co_await make("gus", Role::guest);
  const auto viewer = co_await make("vic", Role::viewer);
  const auto shop = co_await projects.create("shop");
  co_await grants.give(shop.id, identity::UserId{ids["gus"]}, Role::developer);
  const auto of_guest = (co_await send(guest, "GET", "/me")).body;
  EXPECT_THAT(of_guest, HasSubstr(R"("role":"guest")"));
  EXPECT_THAT(of_guest, HasSubstr(R"("permissions":["account.own","account.self"])"));
  EXPECT_THAT(of_guest, HasSubstr(R"({"project":"shop","role":"developer","permissions":[)"));
  EXPECT_THAT(of_guest, AllOf(HasSubstr("probe.deploy"), Not(HasSubstr("grants.manage"))));
  const auto of_viewer = (co_await send(viewer, "GET", "/me")).body;
  EXPECT_THAT(of_viewer, AllOf(HasSubstr("probe.read"), HasSubstr(R"("projects":[])")));
  const auto key = co_await key_from(viewer, R"("scopes":["read"],"project":"shop")");
  const auto limited = (co_await send(key, "GET", "/me")).body;
  EXPECT_THAT(limited, HasSubstr(R"("limits":{"scopes":["read"],"project":"shop")"));
  EXPECT_THAT(limited, HasSubstr(R"("permissions":["account.self"])"));
  EXPECT_THAT((co_await send(guest, "GET", "/permissions")).body,
              HasSubstr(R"({"name":"probe.deploy","role":"developer","scope":"project"})"));
}

TASK_TEST_F(AccessTest, KeysAreShownOnceAndRevoked) {
  const auto owner = co_await make("olga", Role::owner);
  const auto other = co_await key_from(owner, R"("scopes":["deploy"])");
  const auto listed = (co_await send(owner, "GET", "/api-keys")).body;
  EXPECT_THAT(listed, AllOf(HasSubstr(R"("scopes":["deploy"])"), Not(HasSubstr(other))));
  EXPECT_EQ(co_await status(owner, "DELETE", "/api-keys/999999"), 404);
  EXPECT_EQ(co_await status(owner, "POST", "/api-keys", R"({"name":""})"), 400);
  EXPECT_EQ(co_await status(other, "GET", "/me"), 200);
  EXPECT_EQ(co_await status(owner, "DELETE", "/api-keys/2"), 204);
  EXPECT_EQ(co_await status(other, "GET", "/me"), 401);
}

TASK_TEST_F(AccessTest, KeysComeInPages) {
  const auto owner = co_await make("olga", Role::owner);
  co_await key_from(owner, R"("scopes":["read"])");
  const auto first = co_await send(owner, "GET", "/api-keys?limit=1");
  EXPECT_THAT(first.body, Not(HasSubstr("limited")));
  const auto rest =
      co_await send(owner, "GET", "/api-keys?limit=1&cursor=" + text_at(first, "next"));
  EXPECT_THAT(rest.body, AllOf(HasSubstr("limited"), Not(HasSubstr("next"))));
  EXPECT_EQ(co_await status(owner, "GET", "/api-keys?cursor=1x"), 400);
}

}  // namespace
}  // namespace temps::access
