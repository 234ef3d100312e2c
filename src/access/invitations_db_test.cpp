#include "access/fixture_for_tests.hpp"

namespace temps::access {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct InvitationTest : AccessTest {
  Task<std::string> invited(std::string key, std::string body) {
    const auto made = co_await send(std::move(key), "POST", "/invitations", std::move(body));
    co_return text_at(made, made.status == 201 ? "token" : "code");
  }
  Task<http::ClientResponse> accept(std::string token) {
    co_return co_await send("", "POST", "/invitations/accept",
                            R"({"token":")" + token + R"(","password":"battery staple"})");
  }
  Task<http::ClientResponse> look(std::string token) {
    co_return co_await send("", "GET", "/invitations/by-token", "", std::move(token));
  }
};

TASK_TEST_F(InvitationTest, MakesOneAccountWithWhatItWasFor) {
  const auto admin = co_await make("ann", Role::admin);
  co_await projects.create("shop");
  co_await projects.create("blog");
  co_await send(admin, "POST", "/teams", R"({"name":"crew"})");
  co_await send(admin, "PUT", "/projects/blog/grants", R"({"team":"crew","role":"developer"})");
  const auto token =
      co_await invited(admin, R"({"email":"New@example.org","role":"guest","teams":[1],)"
                              R"("grants":[{"project":"shop","role":"viewer"}]})");
  EXPECT_EQ(token.substr(0, 3), "ti_");
  const auto offer = co_await look(token);
  EXPECT_THAT(offer.body, AllOf(HasSubstr(R"("email":"new@example.org","role":"guest")"),
                                HasSubstr(R"("inviter":"ann@example.org")")));
  EXPECT_THAT((co_await send(admin, "GET", "/invitations")).body,
              AllOf(HasSubstr("new@example.org"), Not(HasSubstr(token))));
  const auto accepted = co_await accept(token);
  EXPECT_EQ(accepted.status, 201);
  EXPECT_THAT(accepted.body, HasSubstr(R"("user":{"id":)"));
  EXPECT_THAT(accepted.headers.find("Set-Cookie").value_or(""),
              AllOf(HasSubstr("temps_session="), HasSubstr("HttpOnly")));
  const auto again = co_await accept(token);
  EXPECT_EQ(again.status, 410);
  EXPECT_EQ(text_at(again, "code"), "access.bad_invitation");
  EXPECT_EQ((co_await look(token)).status, 410);
  const auto key = text_at(
      co_await send("", "POST", "/sessions",
                    R"({"email":"new@example.org","password":"battery staple","token":true})"),
      "token");
  EXPECT_EQ(co_await status(key, "GET", "/projects/shop/probe"), 200);
  EXPECT_EQ(co_await status(key, "POST", "/projects/shop/deploy"), 403);
  EXPECT_EQ(co_await status(key, "POST", "/projects/blog/deploy"), 200);
}

TASK_TEST_F(InvitationTest, IsVoidAfterRevocationExpiryOrAnother) {
  const auto admin = co_await make("ann", Role::admin);
  const auto* wish = R"({"email":"new@example.org","role":"viewer"})";
  const auto first = co_await invited(admin, wish);
  const auto second = co_await invited(admin, wish);
  EXPECT_EQ((co_await look(first)).status, 410);
  EXPECT_EQ((co_await look(second)).status, 200);
  EXPECT_EQ(co_await status(admin, "DELETE", "/invitations/2"), 204);
  EXPECT_EQ(co_await status(admin, "DELETE", "/invitations/2"), 404);
  EXPECT_EQ((co_await accept(second)).status, 410);
  const auto third = co_await invited(admin, wish);
  clock.advance(invitation_lifetime);
  EXPECT_EQ((co_await accept(third)).status, 410);
  EXPECT_THAT((co_await send(admin, "GET", "/invitations")).body, HasSubstr(R"("items":[])"));
  EXPECT_EQ((co_await look("")).status, 410);
  EXPECT_EQ((co_await look(std::string(500, 'x'))).status, 410);
}

TASK_TEST_F(InvitationTest, NobodyInvitesAboveTheirOwnRights) {
  const auto admin = co_await make("ann", Role::admin);
  const auto developer = co_await make("ben", Role::developer);
  EXPECT_EQ(co_await invited(admin, R"({"email":"new@example.org","role":"owner"})"),
            "identity.above_own_role");
  EXPECT_EQ(co_await invited(developer, R"({"email":"new@example.org","role":"viewer"})"),
            "http.forbidden");
  EXPECT_EQ(co_await invited(admin, R"({"email":"ben@example.org","role":"viewer"})"),
            "identity.email_taken");
  EXPECT_EQ(co_await invited(admin, R"({"email":"nonsense","role":"viewer"})"),
            "identity.bad_user");
  EXPECT_EQ(co_await invited(admin, R"({"email":"a@b.c","role":"guest","teams":[7]})"),
            "access.no_such_team");
  EXPECT_EQ(
      co_await invited(
          admin, R"({"email":"a@b.c","role":"guest","grants":[{"project":"x","role":"viewer"}]})"),
      "projects.no_such_project");
}

TASK_TEST_F(InvitationTest, IsOnlyAsGoodAsWhoeverInvited) {
  const auto owner = co_await make("olga", Role::owner);
  const auto admin = co_await make("ann", Role::admin);
  const auto token = co_await invited(admin, R"({"email":"new@example.org","role":"admin"})");
  EXPECT_EQ((co_await look(token)).status, 200);
  co_await status(owner, "PATCH", path_of("ann"), R"({"role":"developer"})");
  EXPECT_EQ((co_await look(token)).status, 410);
  EXPECT_EQ((co_await accept(token)).status, 410);
  co_await status(owner, "PATCH", path_of("ann"), R"({"role":"admin"})");
  EXPECT_EQ((co_await look(token)).status, 200);
  co_await status(owner, "DELETE", path_of("ann"));
  EXPECT_EQ((co_await accept(token)).status, 410);
}

TASK_TEST_F(InvitationTest, APoorPasswordDoesNotUseItUp) {
  const auto admin = co_await make("ann", Role::admin);
  const auto token = co_await invited(admin, R"({"email":"new@example.org","role":"viewer"})");
  const auto poor = co_await send("", "POST", "/invitations/accept",
                                  R"({"token":")" + token + R"(","password":"short"})");
  EXPECT_EQ(poor.status, 400);
  EXPECT_THAT(poor.body, HasSubstr(R"("pointer":"/password")"));
  EXPECT_EQ((co_await accept(token)).status, 201);
}

TASK_TEST_F(InvitationTest, UsedTwiceAtOnceMakesOneAccount) {
  const auto admin = co_await make("ann", Role::admin);
  const auto token = co_await invited(admin, R"({"email":"new@example.org","role":"viewer"})");
  int made = 0;
  const auto once = [](InvitationTest& self, std::string with, int& count) -> Task<> {
    count += (co_await self.accept(std::move(with))).status == 201 ? 1 : 0;
  };
  std::vector<Task<>> both;
  both.push_back(once(*this, token, made));
  both.push_back(once(*this, token, made));
  co_await all(std::move(both));
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace temps::access
