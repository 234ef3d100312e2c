#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "identity/authentication.hpp"
#include "identity/identity.hpp"
#include "identity/module.hpp"
#include "identity/queries.hpp"
#include "testbed/database.hpp"

namespace temps::identity {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

struct IdentityTest : testbed::DatabaseTest {
  FakeClock clock;
  Identity identity{database, clock, loop};

  IdentityTest() { EXPECT_TRUE(loop.run(sql::migrate(database, migrations())).has_value()); }
  Task<User> make(std::string email, Role role = Role::developer) {
    const auto id = co_await identity.create_user(
        {.email = std::move(email), .password = Secret("correct horse"), .role = role});
    co_return co_await identity.user(id);
  }
  Task<std::string> login(std::string email, std::string password, std::string address = "a") {
    auto result = co_await attempt(identity.check_login({.email = std::move(email),
                                                         .password = Secret(std::move(password)),
                                                         .address = std::move(address)}));
    co_return result ? "in" : std::string(result.error().code().code);
  }
};

TASK_TEST_F(IdentityTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), IsEmpty());
}

TASK_TEST_F(IdentityTest, AUserLogsInWithTheirPasswordOnly) {
  co_await make("Ann@Example.org");
  EXPECT_EQ(co_await login(" ann@example.ORG", "correct horse"), "in");
  EXPECT_EQ(co_await login("ann@example.org", "correct horsf"), "identity.bad_credentials");
  EXPECT_EQ(co_await login("ben@example.org", "correct horse"), "identity.bad_credentials");
  EXPECT_EQ(co_await login("ann@example.org", std::string(100'000, 'x')),
            "identity.bad_credentials");
  for (int i = 0; i < 20; ++i) co_await login("ann@example.org", "wrong", "b");
  EXPECT_EQ(co_await login("ann@example.org", "correct horse", "b"), "identity.too_many_attempts");
  EXPECT_EQ(co_await login("ann@example.org", "correct horse", "c"), "in");
}

TASK_TEST_F(IdentityTest, AnAddressHasOneUser) {
  co_await make("ann@example.org");
  auto second = co_await attempt(make("ANN@example.org"));
  EXPECT_TRUE(!second && second.error().is(errors::email_taken));
}

TASK_TEST_F(IdentityTest, PasswordsAndTokensAreKeptAsHashes) {
  auto ann = co_await make("ann@example.org");
  const auto session = co_await identity.open_session(ann);
  const auto key = co_await identity.issue_key(ann.id, {.name = "laptop"});
  constexpr sql::Query<std::string> dump{
      "identity_test.dump",
      "select coalesce(string_agg(t::text, ' '), '') from (select u::text as t from identity_users "
      "u union all select s::text || encode(token_hash, 'escape') from identity_sessions s union "
      "all select k::text || encode(token_hash, 'escape') from identity_api_keys k) all_rows"};
  const auto all = co_await database.one(dump);
  EXPECT_NE(all.find("ann@example.org"), std::string::npos);
  EXPECT_EQ(all.find("correct horse"), std::string::npos);
  EXPECT_EQ(all.find(session.token.reveal()), std::string::npos);
  EXPECT_EQ(all.find(key.token.reveal()), std::string::npos);
}

TASK_TEST_F(IdentityTest, ASessionLastsAsLongAsItIsUsed) {
  auto ann = co_await make("ann@example.org");
  const auto session = co_await identity.open_session(ann);
  const auto token = session.token.reveal();
  for (int month = 0; month < 3; ++month) {
    clock.advance(session_lifetime - 1h);
    EXPECT_TRUE((co_await identity.find_session(token)).has_value());
  }
  clock.advance(session_lifetime);
  EXPECT_FALSE((co_await identity.find_session(token)).has_value());
}

TASK_TEST_F(IdentityTest, ANewPasswordEndsTheSessionsAndTheOldOne) {
  auto ann = co_await make("ann@example.org");
  const auto session = co_await identity.open_session(ann);
  co_await identity.change_user(ann.id, {.password = Secret("battery staple")});
  EXPECT_FALSE((co_await identity.find_session(session.token.reveal())).has_value());
  EXPECT_EQ(co_await login("ann@example.org", "correct horse"), "identity.bad_credentials");
  EXPECT_EQ(co_await login("ann@example.org", "battery staple"), "in");
}

TASK_TEST_F(IdentityTest, AKeyWorksUntilItExpiresOrIsRevoked) {
  auto ann = co_await make("ann@example.org");
  const auto lasting = co_await identity.issue_key(ann.id, {.name = "laptop"});
  const auto brief =
      co_await identity.issue_key(ann.id, {.name = "ci", .expires_at = clock.now() + 1h});
  EXPECT_EQ((co_await identity.find_key(lasting.token.reveal()))->user.email, "ann@example.org");
  EXPECT_TRUE((co_await identity.find_key(brief.token.reveal())).has_value());
  EXPECT_FALSE((co_await identity.find_key("tk_nonsense")).has_value());
  clock.advance(1h);
  EXPECT_FALSE((co_await identity.find_key(brief.token.reveal())).has_value());
  auto ben = co_await make("ben@example.org");
  auto foreign = co_await attempt(identity.revoke_key(ben.id, lasting.key.id));
  EXPECT_TRUE(!foreign && foreign.error().is(errors::no_such_key));
  co_await identity.revoke_key(ann.id, lasting.key.id);
  EXPECT_FALSE((co_await identity.find_key(lasting.token.reveal())).has_value());
}

TASK_TEST_F(IdentityTest, ExpiredKeysLeaveRoomForOthers) {
  auto ann = co_await make("ann@example.org");
  for (int i = 0; i < 100; ++i) {
    co_await identity.issue_key(ann.id, {.name = "ci", .expires_at = clock.now() + 1h});
  }
  auto full = co_await attempt(identity.issue_key(ann.id, {.name = "laptop"}));
  EXPECT_TRUE(!full && full.error().is(errors::too_many_keys));
  clock.advance(1h);
  co_await identity.issue_key(ann.id, {.name = "laptop"});
  EXPECT_THAT(co_await identity.keys(ann.id, KeyId{0}, 200), SizeIs(101));
  clock.advance(24h * 31);
  co_await identity.issue_key(ann.id, {.name = "desk"});
  EXPECT_THAT(co_await identity.keys(ann.id, KeyId{0}, 200), SizeIs(2));
}

TASK_TEST_F(IdentityTest, TheTimeOfLastUseIsWrittenOnceAMinute) {
  auto ann = co_await make("ann@example.org");
  const auto key = co_await identity.issue_key(ann.id, {.name = "laptop"});
  const auto first = clock.now();
  co_await identity.find_key(key.token.reveal());
  clock.advance(59s);
  co_await identity.find_key(key.token.reveal());
  EXPECT_EQ((co_await identity.keys(ann.id, KeyId{0}, 10)).at(0).last_used_at, first);
  clock.advance(1s);
  co_await identity.find_key(key.token.reveal());
  EXPECT_EQ((co_await identity.keys(ann.id, KeyId{0}, 10)).at(0).last_used_at, clock.now());
}

TASK_TEST_F(IdentityTest, SomebodyRemainsOwner) {
  auto ann = co_await make("ann@example.org", Role::owner);
  auto ben = co_await make("ben@example.org");
  auto demoted = co_await attempt(identity.change_user(ann.id, {.role = Role::admin}));
  EXPECT_TRUE(!demoted && demoted.error().is(errors::last_owner));
  auto removed = co_await attempt(identity.remove_user(ann.id));
  EXPECT_TRUE(!removed && removed.error().is(errors::last_owner));
  EXPECT_EQ((co_await identity.change_user(ben.id, {.role = Role::owner})).role, Role::owner);
  co_await identity.remove_user(ann.id);
  EXPECT_THAT(co_await identity.users(UserId{0}, 10), SizeIs(1));
  auto again = co_await attempt(identity.remove_user(ann.id));
  EXPECT_TRUE(!again && again.error().is(errors::no_such_user));
}

TASK_TEST_F(IdentityTest, TheRolesOfBeforeBecomeThoseOfNow) {
  testbed::TestDatabase older;
  sql::Database former{loop, {.url = older.url()}};
  co_await sql::migrate(former, {migrations().front()});
  constexpr sql::Command<std::string, std::string> insert{
      "identity_test.insert",
      "insert into identity_users (email, password_hash, role, created_at) "
      "values ($1, '', $2, now())"};
  for (const auto& [email, role] :
       {std::pair("m@x.y", "member"), {"a@x.y", "admin"}, {"b@x.y", "admin"}}) {
    co_await former.run(insert, email, role);
  }
  co_await sql::migrate(former, migrations());
  Identity now{former, clock, loop};
  std::vector<Role> roles;
  for (const auto& user : co_await now.users(UserId{0}, 10)) roles.push_back(user.role);
  EXPECT_EQ(roles, (std::vector{Role::developer, Role::owner, Role::admin}));
  co_await former.close();
}

TASK_TEST_F(IdentityTest, NobodyChangesAUserAboveTheirOwnRole) {
  auto olga = co_await make("olga@example.org", Role::owner);
  co_await make("second@example.org", Role::owner);
  auto ben = co_await make("ben@example.org");
  const auto by_admin = [](IdentityTest& self, UserId id, UserChange change) -> Task<std::string> {
    change.by = Role::admin;
    auto result = co_await attempt(self.identity.change_user(id, std::move(change)));
    co_return result ? "done" : std::string(result.error().code().code);
  };
  EXPECT_EQ(co_await by_admin(*this, olga.id, {.role = Role::viewer}), "identity.above_own_role");
  EXPECT_EQ(co_await by_admin(*this, olga.id, {.password = Secret("battery staple")}),
            "identity.above_own_role");
  EXPECT_EQ(co_await by_admin(*this, ben.id, {.role = Role::owner}), "identity.above_own_role");
  EXPECT_EQ(co_await by_admin(*this, ben.id, {.role = Role::admin}), "done");
  auto removed = co_await attempt(identity.remove_user(olga.id, Role::admin));
  EXPECT_TRUE(!removed && removed.error().is(errors::above_own_role));
}

TASK_TEST_F(IdentityTest, TheSetupLinkMakesOneOwner) {
  const auto old = co_await identity.setup_token();
  const auto token = co_await identity.setup_token();
  EXPECT_TRUE(old && token);
  const auto setup = [](IdentityTest& self, Secret with) -> Task<std::string> {
    auto result = co_await attempt(self.identity.complete_setup(
        std::move(with), {.email = "Ann@example.org", .password = Secret("correct horse")}));
    co_return result ? "made" : std::string(result.error().code().code);
  };
  EXPECT_EQ(co_await setup(*this, *old), "identity.bad_setup_token");
  EXPECT_EQ(co_await setup(*this, Secret("")), "identity.bad_setup_token");
  EXPECT_TRUE(co_await identity.needs_setup());
  EXPECT_EQ(co_await setup(*this, *token), "made");
  EXPECT_EQ(co_await setup(*this, *token), "identity.setup_done");
  EXPECT_FALSE((co_await identity.setup_token()).has_value());
  const auto users = co_await identity.users(UserId{0}, 10);
  EXPECT_EQ(users.at(0).role, Role::owner);
  EXPECT_EQ(users.at(0).email, "ann@example.org");
}

TASK_TEST_F(IdentityTest, ALinkUsedTwiceAtOnceMakesOneOwner) {
  const auto token = co_await identity.setup_token();
  const auto setup = [](Identity& identity, Secret with, std::string email, int& made) -> Task<> {
    auto result = co_await attempt(identity.complete_setup(
        std::move(with), {.email = std::move(email), .password = Secret("correct horse")}));
    made += result ? 1 : 0;
  };
  int made = 0;
  std::vector<Task<>> both;
  both.push_back(setup(identity, *token, "ann@example.org", made));
  both.push_back(setup(identity, *token, "ben@example.org", made));
  co_await all(std::move(both));
  EXPECT_EQ(made, 1);
  EXPECT_THAT(co_await identity.users(UserId{0}, 10), SizeIs(1));
}

TASK_TEST_F(IdentityTest, RequestsAreKnownByKeyOrCookie) {
  auto ann = co_await make("ann@example.org", Role::admin);
  const auto session = co_await identity.open_session(ann);
  const auto key = co_await identity.issue_key(ann.id, {.name = "laptop"});
  Authentication authentication(identity);
  http::Request request;
  EXPECT_EQ((co_await authentication.authenticate(request)).role, Role::anonymous);
  request.headers.set("Cookie", "a=b; temps_session=" + session.token.reveal());
  const auto by_cookie = co_await authentication.authenticate(request);
  EXPECT_EQ(by_cookie.kind, "session");
  EXPECT_EQ(by_cookie.role, Role::admin);
  // An app of the same domain may have planted another one.
  request.headers.set("Cookie", "temps_session=planted; temps_session=" + session.token.reveal());
  EXPECT_EQ((co_await authentication.authenticate(request)).kind, "session");
  request.scheme = "https";
  EXPECT_EQ((co_await authentication.authenticate(request)).role, Role::anonymous);
  request.headers.set("Cookie", "__Host-temps_session=" + session.token.reveal());
  EXPECT_EQ((co_await authentication.authenticate(request)).kind, "session");
  request.scheme = "http";
  request.headers.set("Cookie", "temps_session=gone");
  EXPECT_EQ((co_await authentication.authenticate(request)).role, Role::anonymous);
  request.headers.set("Authorization", "Bearer " + key.token.reveal());
  EXPECT_EQ((co_await authentication.authenticate(request)).kind, "key");
  request.headers.set("Authorization", "Bearer tk_wrong");
  auto wrong = co_await attempt(authentication.authenticate(request));
  EXPECT_TRUE(!wrong && wrong.error().is(errors::bad_key));
}

}  // namespace
}  // namespace temps::identity
