#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/fixture_for_tests.hpp"
#include "identity/sign_in_queries.hpp"

namespace temps::identity {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct SignInTest : SignInFixture {
  template <class T>
  static Task<std::string> outcome(Task<T> task) {
    const auto result = co_await attempt(std::move(task));
    co_return result ? "ok" : std::string(result.error().code().code);
  }
  Task<std::string> check(UserId user, std::string code) {
    co_return co_await outcome(factors.check(user, Secret(std::move(code))));
  }
};

TASK_TEST_F(SignInTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::sign_in_catalogue()), IsEmpty());
}

TASK_TEST_F(SignInTest, ASessionHasAnEndHoweverMuchItIsUsed) {
  const auto session = co_await identity.open_session(co_await make("ann@example.org"));
  const auto token = session.token.reveal();
  const auto began = clock.now();
  while (clock.now() - began < session_lifetime_max - 24h) {
    EXPECT_TRUE((co_await identity.find_session(token)).has_value());
    clock.advance(24h);
  }
  EXPECT_TRUE((co_await identity.find_session(token)).has_value());
  clock.advance(24h);
  EXPECT_FALSE((co_await identity.find_session(token)).has_value());
  EXPECT_THAT(co_await sessions.list(session.user.id, SessionId{0}, 10), IsEmpty());
}

TASK_TEST_F(SignInTest, TheLastUseIsKnownToTheMinute) {
  const auto session = co_await identity.open_session(
      co_await make("ann@example.org"), {.user_agent = "curl/8", .address = "192.0.2.1"});
  const auto began = clock.now();
  clock.advance(59s);
  co_await identity.find_session(session.token.reveal());
  EXPECT_EQ((co_await sessions.list(session.user.id, SessionId{0}, 10)).at(0).last_used_at, began);
  clock.advance(1s);
  co_await identity.find_session(session.token.reveal());
  const auto listed = co_await sessions.list(session.user.id, SessionId{0}, 10);
  EXPECT_EQ(listed.at(0).last_used_at, clock.now());
  EXPECT_EQ(listed.at(0).created_at, began);
  EXPECT_EQ(listed.at(0).address, "192.0.2.1");
  EXPECT_EQ(listed.at(0).user_agent, "curl/8");
}

TASK_TEST_F(SignInTest, NobodyEndsAnothersSession) {
  const auto anns = co_await identity.open_session(co_await make("ann@example.org"));
  auto ben = co_await make("ben@example.org");
  EXPECT_EQ(co_await outcome(sessions.end(ben.id, anns.id)), "identity.no_such_session");
  co_await sessions.end_all(ben.id);
  EXPECT_TRUE((co_await identity.find_session(anns.token.reveal())).has_value());
  co_await sessions.end(anns.user.id, anns.id);
  EXPECT_FALSE((co_await identity.find_session(anns.token.reveal())).has_value());
}

TASK_TEST_F(SignInTest, AnotherRoleEndsTheSessions) {
  auto ann = co_await make("ann@example.org");
  const auto session = co_await identity.open_session(ann);
  co_await identity.change_user(ann.id, {.role = Role::developer});
  EXPECT_TRUE((co_await identity.find_session(session.token.reveal())).has_value());
  co_await identity.change_user(ann.id, {.role = Role::admin});
  EXPECT_FALSE((co_await identity.find_session(session.token.reveal())).has_value());
}

TASK_TEST_F(SignInTest, AFactorIsOffUntilItsCodeWasRight) {
  auto ann = co_await make("ann@example.org");
  EXPECT_EQ(co_await outcome(factors.confirm(ann.id, Secret("123456"))), "identity.not_enrolled");
  const auto enrolment = co_await factors.enrol(ann);
  EXPECT_THAT(enrolment.uri.reveal(), HasSubstr("secret=" + enrolment.secret.reveal()));
  EXPECT_FALSE(co_await factors.is_on(ann.id));
  EXPECT_EQ(co_await check(ann.id, "123456"), "identity.factor_off");
  const auto key = key_of(enrolment.secret.reveal());
  const auto code = code_of(key);
  const auto wrong = code == "000000" ? "000001" : "000000";
  EXPECT_EQ(co_await outcome(factors.confirm(ann.id, Secret(wrong))), "identity.bad_code");
  EXPECT_FALSE(co_await factors.is_on(ann.id));
  const auto recovery = co_await factors.confirm(ann.id, Secret(code));
  EXPECT_THAT(recovery, SizeIs(10));
  EXPECT_TRUE(co_await factors.is_on(ann.id));
  EXPECT_EQ(co_await outcome(factors.enrol(ann)), "identity.factor_on");
  EXPECT_EQ(co_await outcome(factors.confirm(ann.id, Secret(code_of(key)))), "identity.factor_on");
}

TASK_TEST_F(SignInTest, ACodeIsGoodOnce) {
  auto ann = co_await make("ann@example.org");
  const auto factor = co_await turn_on(ann);
  // The one that has confirmed it, too.
  EXPECT_EQ(co_await check(ann.id, totp_code(factor.key, totp_step(clock.now()))),
            "identity.bad_code");
  const auto code = code_of(factor.key);
  EXPECT_EQ(co_await check(ann.id, code), "ok");
  EXPECT_EQ(co_await check(ann.id, code), "identity.bad_code");
  EXPECT_EQ(co_await check(ann.id, code_of(factor.key)), "ok");
}

TASK_TEST_F(SignInTest, ACodeThatIsSentTwiceAtOnceIsGoodOnce) {
  auto ann = co_await make("ann@example.org");
  const auto factor = co_await turn_on(ann);
  const auto send = [](SecondFactors& to, UserId user, std::string code, int& good) -> Task<> {
    const auto result = co_await attempt(to.check(user, Secret(std::move(code))));
    good += result ? 1 : 0;
  };
  const auto code = code_of(factor.key);
  int good = 0;
  std::vector<Task<>> both;
  both.push_back(send(factors, ann.id, code, good));
  both.push_back(send(factors, ann.id, code, good));
  co_await all(std::move(both));
  EXPECT_EQ(good, 1);
}

TASK_TEST_F(SignInTest, RecoveryCodesAreGoodOnceAndReplacedTogether) {
  auto ann = co_await make("ann@example.org");
  const auto factor = co_await turn_on(ann);
  const auto& first = factor.recovery.at(0).reveal();
  EXPECT_EQ(co_await check(ann.id, first), "ok");
  EXPECT_EQ(co_await check(ann.id, first), "identity.bad_code");
  EXPECT_EQ((co_await factors.state(ann.id)).recovery_codes, 9);
  // As people type them.
  auto typed = factor.recovery.at(1).reveal();
  std::ranges::transform(typed, typed.begin(), [](char c) { return c == '-' ? ' ' : c; });
  EXPECT_EQ(co_await check(ann.id, typed), "ok");
  const auto fresh = co_await factors.renew_recovery_codes(ann.id);
  EXPECT_EQ(co_await check(ann.id, factor.recovery.at(2).reveal()), "identity.bad_code");
  EXPECT_EQ(co_await check(ann.id, fresh.at(0).reveal()), "ok");
}

TASK_TEST_F(SignInTest, CodesAreGuessedTenTimesInAQuarterOfAnHour) {
  auto ann = co_await make("ann@example.org");
  const auto factor = co_await turn_on(ann);
  for (int i = 0; i < SecondFactors::attempts_max; ++i) {
    EXPECT_EQ(co_await check(ann.id, "abcd-efgh"), "identity.bad_code");
  }
  EXPECT_EQ(co_await check(ann.id, code_of(factor.key)), "identity.too_many_codes");
  EXPECT_EQ(co_await check(ann.id, factor.recovery.at(0).reveal()), "identity.too_many_codes");
  clock.advance(SecondFactors::window);
  EXPECT_EQ(co_await check(ann.id, code_of(factor.key)), "ok");
}

TASK_TEST_F(SignInTest, SecretsAreSealedOrHashed) {
  auto ann = co_await make("ann@example.org");
  const auto factor = co_await turn_on(ann);
  const auto open = co_await pending.open(ann.id, std::nullopt);
  const auto reset = co_await resets.issue("ann@example.org");
  constexpr sql::Query<std::string> dump{
      "identity_test.dump",
      "select (select string_agg(encode(secret, 'escape') || encode(secret, 'hex'), ' ') "
      "from identity_second_factors) || (select string_agg(encode(code_hash, 'escape'), ' ') "
      "from identity_recovery_codes) || (select string_agg(encode(token_hash, 'escape'), ' ') "
      "from identity_pending_logins) || (select string_agg(encode(token_hash, 'escape'), ' ') "
      "from identity_password_resets)"};
  const auto all = co_await database.one(dump);
  EXPECT_THAT(all, AllOf(Not(HasSubstr(to_base32(factor.key.reveal()))),
                         Not(HasSubstr(to_hex(factor.key.reveal()))),
                         Not(HasSubstr(open.token.reveal())), Not(HasSubstr(reset.reveal()))));
  for (const auto& code : factor.recovery) EXPECT_THAT(all, Not(HasSubstr(code.reveal())));
}

TASK_TEST_F(SignInTest, AFactorOfAnotherUserDoesNotOpen) {
  auto ann = co_await make("ann@example.org");
  auto ben = co_await make("ben@example.org");
  const auto anns = co_await turn_on(ann);
  const auto bens = co_await turn_on(ben);
  EXPECT_EQ(co_await check(ben.id, code_of(anns.key)), "identity.bad_code");
  EXPECT_EQ(co_await check(ben.id, anns.recovery.at(0).reveal()), "identity.bad_code");
  // Moved to another row, the secret is none.
  co_await database.script(
      "update identity_second_factors t set secret = (select secret from identity_second_factors s "
      "where s.user_id <> t.user_id)");
  EXPECT_EQ(co_await check(ben.id, code_of(anns.key)), "vault.other_key");
}

TASK_TEST_F(SignInTest, AResetLinkSetsOnePasswordInTime) {
  auto ann = co_await make("ann@example.org");
  const auto session = co_await identity.open_session(ann);
  const auto key = co_await identity.issue_key(ann.id, {.name = "ci"});
  EXPECT_EQ(co_await outcome(resets.issue("ben@example.org")), "identity.no_such_user");
  const auto old = co_await resets.issue("ann@example.org");
  const auto token = co_await resets.issue(" ANN@example.org");
  const auto accept = [](PasswordResets& at, std::string text, std::string password) {
    return outcome(at.accept(Secret(std::move(text)), Secret(std::move(password))));
  };
  EXPECT_EQ(co_await accept(resets, old.reveal(), "battery staple"), "identity.bad_reset_token");
  EXPECT_EQ(co_await accept(resets, "", "battery staple"), "identity.bad_reset_token");
  EXPECT_EQ(co_await accept(resets, token.reveal(), "password123"), "identity.bad_user");
  EXPECT_EQ(co_await accept(resets, token.reveal(), "battery staple"), "ok");
  EXPECT_EQ(co_await accept(resets, token.reveal(), "battery staple"), "identity.bad_reset_token");
  EXPECT_FALSE((co_await identity.find_session(session.token.reveal())).has_value());
  EXPECT_TRUE((co_await identity.find_key(key.token.reveal())).has_value());
  co_await identity.check_login(
      {.email = "ann@example.org", .password = Secret("battery staple"), .address = "a"});
  const auto late = co_await resets.issue("ann@example.org");
  clock.advance(PasswordResets::lifetime);
  EXPECT_EQ(co_await accept(resets, late.reveal(), "battery staples"), "identity.bad_reset_token");
}

TASK_TEST_F(SignInTest, ARestartGivesNoFreshAttempts) {
  co_await make("ann@example.org");
  const auto guess = [](Identity& at, std::string password) {
    return outcome(at.check_login({.email = "ann@example.org",
                                   .password = Secret(std::move(password)),
                                   .address = "192.0.2.1"}));
  };
  for (std::uint32_t i = 0; i < LoginLimits::pair_max; ++i) co_await guess(identity, "wrong horse");
  Identity restarted(database, clock, loop);
  EXPECT_EQ(co_await guess(restarted, "correct horse"), "identity.too_many_attempts");
  clock.advance(LoginLimits::window);
  EXPECT_EQ(co_await guess(restarted, "correct horse"), "ok");
  Identity again(database, clock, loop);
  for (std::uint32_t i = 0; i < LoginLimits::pair_max; ++i) {
    EXPECT_EQ(co_await guess(again, "wrong horse"), "identity.bad_credentials");
  }
}

TASK_TEST_F(SignInTest, CommonPasswordsAreTakenWhereTheSettingSaysSo) {
  const auto make_with = [](Identity& at) {
    return outcome(at.create_user({.email = "ann@example.org", .password = Secret("password123")}));
  };
  EXPECT_EQ(co_await make_with(identity), "identity.bad_user");
  Identity lenient(database, clock, loop, {.refuse_common_passwords = false});
  EXPECT_EQ(co_await make_with(lenient), "ok");
}

}  // namespace
}  // namespace temps::identity
