#include "oidc/fixture_for_tests.hpp"

namespace temps::oidc {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct PeopleTest : OidcTest {
  Task<> admit_by_email() {
    auto provider = wanted();
    provider.email_domains = {"example.org"};
    provider.links_by_email = true;
    co_await providers.add(std::move(provider));
  }
  Task<> invite(Role role) {
    co_await invitations.invite({.email = "ann@example.org", .role = role, .inviter = "olga"});
  }
  static constexpr const char* proof = R"({"provider":"corp","password":"correct horse"})";
  // Ann in the browser, by her password.
  Task<> log_in_by_password() {
    co_await browse("POST", "/sessions",
                    R"({"email":"ann@example.org","password":"correct horse"})");
  }
  Task<std::string> leave_to_link() {
    const auto begun = co_await browse("POST", "/me/login-links", proof);
    issuer.nonce = parameter(text_at(begun, "url"), "nonce");
    co_return parameter(text_at(begun, "url"), "state");
  }
};

TASK_TEST_F(PeopleTest, AnAccountIsNotTakenOverByItsAddress) {
  co_await add(UnknownPeople::guests);
  const auto ann = co_await user("ann", Role::developer);
  EXPECT_EQ(co_await code_of_login(), "oidc.link_first");
  EXPECT_THAT(co_await people.links_of(ann), IsEmpty());
  EXPECT_EQ((co_await browse("GET", "/me")).status, 401);
}

TASK_TEST_F(PeopleTest, WhereAProviderSpeaksForADomainItsPeopleAreKnownByTheirAddress) {
  co_await admit_by_email();
  const auto ann = co_await user("ann", Role::developer);
  issuer.claims = {{"email_verified", "false"}};
  EXPECT_EQ(co_await code_of_login(), "oidc.wrong_domain");
  issuer.claims = {{"email_verified", R"("true")"}};
  EXPECT_EQ(co_await code_of_login(), "oidc.wrong_domain") << "a text is no word for it";
  issuer.claims = {{"email", R"("ann@example.org.evil.com")"}};
  EXPECT_EQ(co_await code_of_login(), "oidc.wrong_domain");
  issuer.claims = {};
  EXPECT_EQ(co_await code_of_login(), "ok");
  EXPECT_THAT(co_await people.links_of(ann), SizeIs(1));
  // From then on it is the subject that counts, not the address.
  issuer.claims = {{"email", R"("ann.married@example.org")"}};
  EXPECT_EQ(co_await code_of_login(), "ok");
  EXPECT_EQ((co_await people.links_of(ann)).front().email, "ann.married@example.org");
  issuer.claims = {{"sub", R"("s-2")"}, {"email", R"("ben@example.org")"}};
  EXPECT_EQ(co_await code_of_login(), "oidc.unknown_person");
}

TASK_TEST_F(PeopleTest, NobodyBecomesAdminByAnAddress) {
  co_await admit_by_email();
  for (const auto role : {Role::admin, Role::owner}) {
    const auto ann = co_await user("ann", role);
    EXPECT_EQ(co_await code_of_login(), "oidc.link_first");
    EXPECT_THAT(co_await people.links_of(ann), IsEmpty());
    constexpr sql::Command<> all{"test.remove", "delete from identity_users"};
    co_await database.run(all);
  }
  co_await providers.change("corp", {.unknown_people = UnknownPeople::invited});
  co_await invite(Role::admin);
  EXPECT_EQ(co_await code_of_login(), "oidc.unknown_person");
  EXPECT_THAT(co_await invitations.list(), SizeIs(1));
}

TASK_TEST_F(PeopleTest, WhoIsUnknownIsRefusedUnlessItWasSaidOtherwise) {
  co_await add();
  EXPECT_EQ(co_await code_of_login(), "oidc.unknown_person");
  EXPECT_THAT(co_await identity.users({}, 10), IsEmpty());
  co_await providers.change("corp", {.unknown_people = UnknownPeople::invited});
  EXPECT_EQ(co_await code_of_login(), "oidc.unknown_person");
  co_await invite(Role::developer);
  issuer.claims = {{"email_verified", ""}};
  EXPECT_EQ(co_await code_of_login(), "oidc.unverified_email");
  issuer.claims = {};
  EXPECT_EQ(co_await code_of_login(), "ok");
  const auto users = co_await identity.users({}, 10);
  EXPECT_EQ(users.front().email, "ann@example.org");
  EXPECT_EQ(users.front().role, Role::developer);
  EXPECT_THAT(co_await invitations.list(), IsEmpty());
}

TASK_TEST_F(PeopleTest, AGuestIsMadeOnceAndHasNoPassword) {
  co_await add(UnknownPeople::guests);
  EXPECT_EQ(co_await code_of_login(), "ok");
  EXPECT_EQ(co_await code_of_login(), "ok");
  const auto users = co_await identity.users({}, 10);
  EXPECT_THAT(users, SizeIs(1));
  EXPECT_EQ(users.front().role, Role::guest);
  EXPECT_THAT((co_await browse("GET", "/me")).body, HasSubstr(R"("has_password":false)"));
  for (const auto* password : {"", "correct horse"}) {
    const auto tried =
        co_await send("", "POST", "/sessions",
                      fmt::format(R"({{"email":"ann@example.org","password":"{}"}})", password));
    EXPECT_EQ(tried.status, 401);
  }
}

TASK_TEST_F(PeopleTest, AFirstPasswordTakesALoginOfJustNow) {
  co_await add(UnknownPeople::guests);
  EXPECT_EQ(co_await code_of_login(), "ok");
  const auto body = R"({"password":"correct horse"})";
  clock.advance(identity::session_fresh);
  EXPECT_EQ(text_at(co_await browse("PUT", "/me/password", body), "code"), "identity.login_again");
  EXPECT_EQ(co_await code_of_login(), "ok");
  EXPECT_EQ((co_await browse("PUT", "/me/password", body)).status, 201);
  // From now on the old one is needed.
  EXPECT_EQ(text_at(co_await browse("PUT", "/me/password", body), "code"),
            "identity.bad_credentials");
}

TASK_TEST_F(PeopleTest, TheAddressMayComeFromUserInfo) {
  co_await add(UnknownPeople::guests);
  issuer.claims = {{"email", ""}, {"email_verified", ""}};
  issuer.user_info = R"({"sub":"s-9","email":"ben@example.org","email_verified":true})";
  EXPECT_EQ(co_await code_of_login(), "oidc.unverified_email") << "it is about somebody else";
  issuer.user_info = R"({"sub":"s-1","email":"ann@example.org","email_verified":true})";
  EXPECT_EQ(co_await code_of_login(), "ok");
  EXPECT_EQ((co_await identity.users({}, 10)).front().email, "ann@example.org");
}

TASK_TEST_F(PeopleTest, WhoIsLoggedInLinksALoginOfAnyAddress) {
  co_await add();
  const auto ann = co_await user("ann", Role::owner);
  issuer.claims = {{"email", R"("private@example.com")"}, {"email_verified", "false"}};
  EXPECT_EQ((co_await browse("POST", "/me/login-links", proof)).status, 401);
  co_await log_in_by_password();
  const auto wrong = R"({"provider":"corp","password":"not the password"})";
  EXPECT_EQ(text_at(co_await browse("POST", "/me/login-links", wrong), "code"),
            "identity.bad_credentials");
  const auto done = co_await come_back(co_await leave_to_link());
  EXPECT_THAT(done.body, HasSubstr(R"("linked":true)"));
  EXPECT_THAT((co_await browse("GET", "/me/login-links")).body, HasSubstr("private@example.com"));
  cookies.clear();
  EXPECT_EQ(co_await code_of_login(), "ok");
  const auto id = (co_await people.links_of(ann)).front().id.value;
  EXPECT_EQ((co_await browse("DELETE", fmt::format("/me/login-links/{}", id))).status, 204);
  EXPECT_EQ((co_await browse("DELETE", fmt::format("/me/login-links/{}", id))).status, 404);
  cookies.clear();
  EXPECT_EQ(co_await code_of_login(), "oidc.unknown_person");
}

// Else an attacker's login could be slipped to whoever is logged in, or the other way round.
TASK_TEST_F(PeopleTest, ALinkIsEndedByWhoBeganIt) {
  co_await add();
  const auto ann = co_await user("ann", Role::developer);
  const auto ben = co_await user("ben", Role::developer);
  co_await log_in_by_password();
  auto state = co_await leave_to_link();
  cookies.erase("temps_session");
  EXPECT_EQ(text_at(co_await come_back(state), "code"), "oidc.other_user");
  co_await log_in_by_password();
  state = co_await leave_to_link();
  const auto bens = co_await identity.open_session(co_await identity.user(ben));
  cookies["temps_session"] = bens.token.reveal();
  EXPECT_EQ(text_at(co_await come_back(state), "code"), "oidc.other_user");
  EXPECT_THAT(co_await people.links_of(ann), IsEmpty());
  EXPECT_THAT(co_await people.links_of(ben), IsEmpty());
}

TASK_TEST_F(PeopleTest, ALoginBelongsToOneAccount) {
  co_await add();
  co_await link(co_await user("ben", Role::developer));
  co_await user("ann", Role::developer);
  co_await log_in_by_password();
  EXPECT_EQ(text_at(co_await come_back(co_await leave_to_link()), "code"), "oidc.already_linked");
}

TASK_TEST_F(PeopleTest, TheLastWayInStays) {
  co_await add(UnknownPeople::guests);
  EXPECT_EQ(co_await code_of_login(), "ok");
  const auto ann = (co_await identity.users({}, 10)).front().id;
  const auto path =
      fmt::format("/me/login-links/{}", (co_await people.links_of(ann)).front().id.value);
  EXPECT_EQ(text_at(co_await browse("DELETE", path), "code"), "oidc.last_way_in");
  EXPECT_THAT(co_await people.links_of(ann), SizeIs(1));
  EXPECT_EQ((co_await browse("PUT", "/me/password", R"({"password":"correct horse"})")).status,
            201);
  EXPECT_EQ((co_await browse("DELETE", path)).status, 204);
}

TASK_TEST_F(PeopleTest, ARemovedProviderTakesItsLinksAlong) {
  co_await add();
  const auto ann = co_await user("ann", Role::developer);
  co_await link(ann);
  co_await providers.remove("corp");
  co_await add();
  EXPECT_EQ(co_await code_of_login(), "oidc.link_first");
}

}  // namespace
}  // namespace temps::oidc
