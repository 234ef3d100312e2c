#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/text.hpp"
#include "identity/fixture_for_tests.hpp"
#include "identity/service_accounts.hpp"

namespace temps::identity {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

struct SignInRoutesTest : SignInApiFixture {};

TASK_TEST_F(SignInRoutesTest, AUserSeesAndEndsTheirSessions) {
  co_await make("ann@example.org");
  const auto other = co_await log_in();
  cookie = co_await log_in();
  const auto list = co_await send("GET", "/sessions");
  EXPECT_THAT(list.body, AllOf(HasSubstr(R"("id":1,"device":"Firefox on Linux")"),
                               HasSubstr(R"("address":"127.0.0.1")"),
                               HasSubstr(R"("current":true)"), HasSubstr(R"("current":false)")));
  EXPECT_EQ((co_await send("DELETE", "/sessions/1")).status, 204);
  EXPECT_EQ((co_await send("DELETE", "/sessions/1")).status, 404);
  const auto mine = cookie;
  cookie = other;
  EXPECT_EQ((co_await send("GET", "/me")).status, 401);
  cookie = "";
  co_await log_in();
  cookie = mine;
  EXPECT_EQ((co_await send("DELETE", "/sessions")).status, 204);
  EXPECT_THAT((co_await send("GET", "/sessions")).body, Not(HasSubstr(R"("current":false)")));
}

TASK_TEST_F(SignInRoutesTest, AStrangersSessionIsNotThere) {
  co_await make("ann@example.org");
  const auto bens = co_await identity.open_session(co_await make("ben@example.org"));
  cookie = co_await log_in();
  EXPECT_EQ((co_await send("DELETE", fmt::format("/sessions/{}", bens.id.value))).status, 404);
  EXPECT_TRUE((co_await identity.find_session(bens.token.reveal())).has_value());
}

// Session fixation: what an attacker has put into the browser before is worth nothing afterwards.
TASK_TEST_F(SignInRoutesTest, ALoginEndsTheSessionThatTheBrowserHadBefore) {
  co_await make("ann@example.org");
  const auto planted = co_await log_in();
  cookie = planted;
  const auto mine = co_await log_in();
  EXPECT_NE(mine, planted);
  EXPECT_EQ((co_await send("GET", "/me")).status, 401);
  cookie = mine;
  EXPECT_EQ((co_await send("GET", "/me")).status, 200);
}

TASK_TEST_F(SignInRoutesTest, ATokenOfTheClientsChoiceNeverBecomesASession) {
  co_await make("ann@example.org");
  cookie = "temps_session=chosen-by-somebody-else-00000000000000000000";
  const auto response = co_await send("POST", "/sessions", login);
  EXPECT_EQ(response.status, 201);
  EXPECT_THAT(cookie_in(response), Not(HasSubstr("chosen")));
  EXPECT_EQ((co_await send("GET", "/me")).status, 401);
}

TASK_TEST_F(SignInRoutesTest, EnablingAndDisablingTheFactorBringsAnotherSession) {
  co_await make("ann@example.org");
  const auto elsewhere = co_await log_in();
  cookie = co_await log_in();
  EXPECT_EQ((co_await send("POST", "/me/second-factor", R"({"password":"wrong horse"})")).status,
            401);
  const auto enrolled =
      co_await send("POST", "/me/second-factor", R"({"password":"correct horse"})");
  EXPECT_EQ(enrolled.status, 201);
  EXPECT_THAT(text_at(enrolled, "uri"), StartsWith("otpauth://totp/Temps:ann%40example.org?"));
  EXPECT_THAT((co_await send("GET", "/me/second-factor")).body, HasSubstr(R"("enabled":false)"));
  const auto key = key_of(text_at(enrolled, "secret"));
  const auto confirmed = co_await send("POST", "/me/second-factor/confirm",
                                       fmt::format(R"({{"code":"{}"}})", code_of(key)));
  EXPECT_EQ(confirmed.status, 201);
  EXPECT_THAT(confirmed.body, HasSubstr("recovery_codes"));
  EXPECT_EQ((co_await send("GET", "/me")).status, 401);
  cookie = elsewhere;
  EXPECT_EQ((co_await send("GET", "/me")).status, 401);
  cookie = cookie_in(confirmed);
  EXPECT_THAT((co_await send("GET", "/me/second-factor")).body,
              AllOf(HasSubstr(R"("enabled":true)"), HasSubstr(R"("recovery_codes_left":10)")));
  const auto proof = [](std::string_view password, std::string_view code) {
    return fmt::format(R"({{"password":"{}","code":"{}"}})", password, code);
  };
  EXPECT_EQ(
      (co_await send("POST", "/me/second-factor/disable", proof("wrong", code_of(key)))).status,
      401);
  EXPECT_EQ(
      (co_await send("POST", "/me/second-factor/disable", proof("correct horse", "xx"))).status,
      401);
  const auto renewed = co_await send("POST", "/me/second-factor/recovery-codes",
                                     proof("correct horse", code_of(key)));
  EXPECT_EQ(renewed.status, 201);
  const auto disabled =
      co_await send("POST", "/me/second-factor/disable", proof("correct horse", code_of(key)));
  EXPECT_EQ(disabled.status, 204);
  EXPECT_EQ((co_await send("GET", "/me")).status, 401);
  cookie = cookie_in(disabled);
  EXPECT_EQ((co_await send("GET", "/me")).status, 200);
}

TASK_TEST_F(SignInRoutesTest, ALoginTakesTwoSteps) {
  const auto factor = co_await turn_on(co_await make("ann@example.org"));
  const auto first = co_await send("POST", "/sessions", login);
  EXPECT_EQ(first.status, 202);
  EXPECT_THAT(first.body, Not(HasSubstr("ann@example.org")));
  EXPECT_FALSE(first.headers.find("set-cookie").has_value());
  const auto token = pending_token(first);
  EXPECT_EQ((co_await send("POST", "/sessions/second-factor", code_body(token, "nonsense"))).status,
            401);
  const auto second =
      co_await send("POST", "/sessions/second-factor", code_body(token, code_of(factor.key)));
  EXPECT_EQ(second.status, 201);
  EXPECT_THAT(second.body, HasSubstr("ann@example.org"));
  cookie = cookie_in(second);
  EXPECT_EQ(text_at(co_await send("GET", "/me"), "credential"), "session");
  cookie = "";
  EXPECT_EQ(text_at(co_await send("POST", "/sessions/second-factor",
                                  code_body(token, code_of(factor.key))),
                    "code"),
            "identity.login_over");
}

TASK_TEST_F(SignInRoutesTest, AProgramGetsItsKeyAfterTheSecondStepOnly) {
  const auto factor = co_await turn_on(co_await make("ann@example.org"));
  const auto first = co_await send("POST", "/sessions", token_login);
  EXPECT_EQ(first.status, 202);
  EXPECT_EQ(text_at(first, "token"), "");
  const auto second =
      co_await send("POST", "/sessions/second-factor",
                    code_body(pending_token(first), factor.recovery.at(3).reveal()));
  const auto key = text_at(second, "token");
  EXPECT_FALSE(second.headers.find("set-cookie").has_value());
  const auto bearer = co_await identity.find_key(key);
  EXPECT_TRUE(bearer && bearer->key);
  if (bearer && bearer->key) EXPECT_EQ(bearer->key->name, "laptop");
}

// Wherever a session or a key would be good, the token of the first step is not.
TASK_TEST_F(SignInRoutesTest, ThePendingTokenOpensNoOtherRoute) {
  co_await turn_on(co_await make("ann@example.org", Role::admin));
  const auto token = pending_token(co_await send("POST", "/sessions", login));
  EXPECT_THAT(token, StartsWith("pl_"));
  int tried = 0;
  for (const auto& route : router.routes()) {
    if (route.permission.least == Role::anonymous) continue;
    std::string path = replaced(route.path, "/api/v1", "");
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
      path.replace(open, path.find('}') - open + 1, "1");
    }
    const std::string body = route.body_schema.empty() ? "" : "{}";
    ++tried;
    EXPECT_EQ((co_await send(route.method, path, body, token)).status, 401) << path;
    EXPECT_EQ((co_await send(route.method, path, body, "tk_" + token.substr(3))).status, 401);
    for (const auto* name : {"temps_session=", "__Host-temps_session="}) {
      cookie = name + token;
      EXPECT_EQ((co_await send(route.method, path, body)).status, 401) << route.method << path;
    }
    cookie = "";
  }
  EXPECT_GT(tried, 15);
}

TASK_TEST_F(SignInRoutesTest, APendingTokenLastsFiveMinutesAndFiveCodes) {
  const auto factor = co_await turn_on(co_await make("ann@example.org"));
  auto token = pending_token(co_await send("POST", "/sessions", login));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(
        text_at(co_await send("POST", "/sessions/second-factor", code_body(token, "000")), "code"),
        "identity.bad_code");
  }
  EXPECT_EQ(text_at(co_await send("POST", "/sessions/second-factor",
                                  code_body(token, code_of(factor.key))),
                    "code"),
            "identity.login_over");
  token = pending_token(co_await send("POST", "/sessions", login));
  clock.advance(PendingLogins::lifetime);
  EXPECT_EQ(text_at(co_await send("POST", "/sessions/second-factor",
                                  code_body(token, code_of(factor.key))),
                    "code"),
            "identity.login_over");
}

TASK_TEST_F(SignInRoutesTest, ANewPasswordEndsLoginsThatWaitForACode) {
  const auto ann = co_await make("ann@example.org");
  const auto factor = co_await turn_on(ann);
  const auto token = pending_token(co_await send("POST", "/sessions", login));
  co_await identity.change_user(ann.id, {.password = Secret("battery staple")});
  EXPECT_EQ(text_at(co_await send("POST", "/sessions/second-factor",
                                  code_body(token, code_of(factor.key))),
                    "code"),
            "identity.login_over");
}

TASK_TEST_F(SignInRoutesTest, AnAdminResetsAFactorAndEndsTheSessions) {
  const auto ann = co_await make("ann@example.org");
  co_await turn_on(ann);
  const auto session = co_await identity.open_session(ann);
  const auto boss = co_await make("boss@example.org", Role::admin);
  const auto key = co_await identity.issue_key(boss.id, {.name = "k"});
  const auto anns_key = co_await identity.issue_key(ann.id, {.name = "k"});
  const auto path = fmt::format("/users/{}/second-factor", ann.id.value);
  EXPECT_EQ((co_await send("DELETE", path, {}, anns_key.token.reveal())).status, 403);
  EXPECT_EQ((co_await send("DELETE", path, {}, key.token.reveal())).status, 204);
  EXPECT_EQ((co_await send("DELETE", path, {}, key.token.reveal())).status, 409);
  EXPECT_EQ((co_await send("DELETE", "/users/99/second-factor", {}, key.token.reveal())).status,
            404);
  EXPECT_FALSE((co_await identity.find_session(session.token.reveal())).has_value());
  EXPECT_EQ((co_await send("POST", "/sessions", login)).status, 201);
}

TASK_TEST_F(SignInRoutesTest, AnAdminResetsNoOwnersFactor) {
  const auto ann = co_await make("ann@example.org", Role::owner);
  co_await turn_on(ann);
  const auto boss = co_await make("boss@example.org", Role::admin);
  const auto key = co_await identity.issue_key(boss.id, {.name = "k"});
  const auto refused = co_await send("DELETE", fmt::format("/users/{}/second-factor", ann.id.value),
                                     {}, key.token.reveal());
  EXPECT_EQ(text_at(refused, "code"), "identity.above_own_role");
  EXPECT_TRUE(co_await factors.is_on(ann.id));
}

// A program has no phone.
TASK_TEST_F(SignInRoutesTest, ServiceAccountsNeedNoFactorWhereOneIsRequired) {
  options.require_second_factor = true;
  Authentication strict(identity, factors, options);
  http::Server strict_server(loop, router, strict);
  address = serve(strict_server);
  ServiceAccounts accounts(database, clock);
  const auto robot = co_await accounts.create("robot", Role::admin);
  const auto key = co_await identity.issue_key(robot.id, {.name = "k"});
  EXPECT_EQ((co_await send("GET", "/users", {}, key.token.reveal())).status, 200);
  EXPECT_FALSE((co_await attempt(resets.issue("robot"))).has_value());
  co_await group.close();
}

TASK_TEST_F(SignInRoutesTest, WhereAFactorIsRequiredOthersReachNothingButTheWayToOne) {
  options.require_second_factor = true;
  Authentication strict(identity, factors, options);
  http::Server strict_server(loop, router, strict);
  address = serve(strict_server);
  const auto ann = co_await make("ann@example.org", Role::admin);
  cookie = co_await log_in();
  EXPECT_EQ(text_at(co_await send("GET", "/users"), "code"), "identity.factor_required");
  EXPECT_EQ((co_await send("GET", "/sessions")).status, 401);
  EXPECT_EQ((co_await send("PUT", "/me/password",
                           R"({"current":"correct horse","password":"battery staple"})"))
                .status,
            403);
  EXPECT_EQ((co_await send("GET", "/me")).status, 200);
  const auto issued = co_await identity.issue_key(ann.id, {.name = "k"});
  EXPECT_EQ((co_await send("GET", "/users", {}, issued.token.reveal())).status, 403);
  const auto enrolled =
      co_await send("POST", "/me/second-factor", R"({"password":"correct horse"})");
  const auto key = key_of(text_at(enrolled, "secret"));
  const auto confirmed = co_await send("POST", "/me/second-factor/confirm",
                                       fmt::format(R"({{"code":"{}"}})", code_of(key)));
  cookie = cookie_in(confirmed);
  EXPECT_EQ((co_await send("GET", "/users")).status, 200);
  EXPECT_EQ((co_await send("GET", "/users", {}, issued.token.reveal())).status, 200);
  co_await group.close();
}

TASK_TEST_F(SignInRoutesTest, WhereAFactorIsRequiredAFirstPasswordIsPartOfTheWay) {
  options.require_second_factor = true;
  Authentication strict(identity, factors, options);
  http::Server strict_server(loop, router, strict);
  address = serve(strict_server);
  const NewUser ben{.email = "ben@example.org", .password = {}, .role = Role::viewer};
  const auto id = co_await identity.insert(database, ben, "");
  const auto session = co_await identity.open_session(co_await identity.user(id));
  cookie = "temps_session=" + session.token.reveal();
  EXPECT_EQ((co_await send("GET", "/sessions")).status, 401);
  const auto set = co_await send("PUT", "/me/password", R"({"password":"battery staple"})");
  EXPECT_EQ(set.status, 201);
  cookie = cookie_in(set);
  EXPECT_EQ((co_await send("POST", "/me/second-factor", R"({"password":"battery staple"})")).status,
            201);
  EXPECT_EQ((co_await send("PUT", "/me/password",
                           R"({"current":"battery staple","password":"correct horse"})"))
                .status,
            403);
  co_await group.close();
}

TASK_TEST_F(SignInRoutesTest, AResetLinkSetsAPasswordButLogsNobodyIn) {
  const auto factor = co_await turn_on(co_await make("ann@example.org"));
  const auto token = co_await resets.issue("ann@example.org");
  const auto body = fmt::format(R"({{"token":"{}","password":"battery staple"}})", token.reveal());
  const auto done = co_await send("POST", "/password-resets/accept", body);
  EXPECT_EQ(done.status, 204);
  EXPECT_FALSE(done.headers.find("set-cookie").has_value());
  EXPECT_EQ((co_await send("POST", "/password-resets/accept", body)).status, 403);
  const auto first = co_await send("POST", "/sessions",
                                   R"({"email":"ann@example.org","password":"battery staple"})");
  EXPECT_EQ(first.status, 202);
}

TASK_TEST_F(SignInRoutesTest, AKeyChangesThePasswordButGetsNoSession) {
  const auto ann = co_await make("ann@example.org");
  const auto key = co_await identity.issue_key(ann.id, {.name = "k"});
  const auto changed = co_await send("PUT", "/me/password",
                                     R"({"current":"correct horse","password":"battery staple"})",
                                     key.token.reveal());
  EXPECT_EQ(changed.status, 201);
  EXPECT_FALSE(changed.headers.find("set-cookie").has_value());
}

TASK_TEST_F(SignInRoutesTest, CookiesGoToThisServerAndNoScript) {
  co_await make("ann@example.org");
  const auto response = co_await send("POST", "/sessions", login);
  const std::string field(response.headers.find("set-cookie").value_or(""));
  EXPECT_THAT(field,
              AllOf(StartsWith("temps_session="), HasSubstr("; Path=/;"), HasSubstr("; HttpOnly"),
                    HasSubstr("; SameSite=Lax"), Not(HasSubstr("Domain"))));
  cookie = cookie_in(response);
  const auto out = co_await send("DELETE", "/sessions/current");
  EXPECT_THAT(std::string(out.headers.find("set-cookie").value_or("")),
              AllOf(HasSubstr("temps_session=;"), HasSubstr("Max-Age=0"), HasSubstr("HttpOnly")));
}

TASK_TEST_F(SignInRoutesTest, NothingThatIsSentComesBackAsAHeader) {
  co_await make("ann@example.org");
  for (const auto* email : {"a\\r\\nSet-Cookie: x=y", "https://evil.example", "//evil.example"}) {
    const auto response = co_await send(
        "POST", "/sessions", fmt::format(R"({{"email":"{}","password":"wrong horse"}})", email));
    EXPECT_EQ(response.status, 401);
    EXPECT_FALSE(response.headers.find("set-cookie").has_value());
    EXPECT_FALSE(response.headers.find("location").has_value());
    for (const auto& [name, value] : response.headers.all()) {
      EXPECT_THAT(value, Not(HasSubstr("evil")));
    }
  }
  const auto broken = co_await send("GET", "/%0d%0aSet-Cookie:%20x=y");
  EXPECT_EQ(broken.status, 400);
  EXPECT_FALSE(broken.headers.find("set-cookie").has_value());
}

}  // namespace
}  // namespace temps::identity
