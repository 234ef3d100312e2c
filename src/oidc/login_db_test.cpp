#include "oidc/fixture_for_tests.hpp"

namespace temps::oidc {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct LoginTest : OidcTest {
  // What a login of Ann's comes to when the small issuer says something else.
  Task<std::string> code_with(std::map<std::string, std::string> claims) {
    issuer.claims = std::move(claims);
    auto code = co_await code_of_login();
    issuer.claims = {};
    co_return code;
  }
};

TASK_TEST_F(LoginTest, WhoIsLinkedIsLoggedIn) {
  co_await add();
  co_await link(co_await user("ann", Role::developer));
  const auto begun = co_await browse("POST", "/provider-logins",
                                     R"({"provider":"corp","return_path":"/projects/shop"})");
  const auto url = text_at(begun, "url");
  EXPECT_TRUE(url.starts_with(issuer.url + "/login?")) << url;
  EXPECT_EQ(parameter(url, "response_type"), "code");
  EXPECT_EQ(parameter(url, "scope"), "openid email");
  EXPECT_EQ(parameter(url, "client_id"), "temps");
  EXPECT_EQ(parameter(url, "code_challenge_method"), "S256");
  EXPECT_EQ(parameter(url, "redirect_uri"), "http://" + address.text() + "/login/callback/corp");
  EXPECT_THAT(std::string(begun.headers.find("set-cookie").value_or("")),
              AllOf(HasSubstr("HttpOnly"), HasSubstr("SameSite=Strict"), HasSubstr("Max-Age=600")));
  issuer.nonce = parameter(url, "nonce");
  const auto done = co_await come_back(parameter(url, "state"));
  EXPECT_EQ(done.status, 201) << done.body;
  EXPECT_EQ(text_at(done, "return_path"), "/projects/shop");
  EXPECT_THAT((co_await browse("GET", "/me")).body, HasSubstr("ann@example.org"));
  EXPECT_FALSE(cookies.contains("temps_login"));
  // The client has named itself, and PKCE's secret fits what was asked with.
  EXPECT_EQ(issuer.authorization, "Basic " + to_base64("temps:the%20client%27s%20own%20secret"));
  const auto verifier = parameter("?" + issuer.redeemed, "code_verifier");
  EXPECT_EQ(to_base64url(crypto::sha256(verifier)), parameter(url, "code_challenge"));
}

TASK_TEST_F(LoginTest, ATokenThatIsNotForThisLoginIsRefused) {
  co_await add();
  co_await link(co_await user("ann", Role::developer));
  const auto refused = "oidc.not_proved";
  EXPECT_EQ(co_await code_with({{"iss", R"("https://evil.example.org")"}}), refused);
  EXPECT_EQ(co_await code_with({{"aud", R"("other")"}}), refused);
  EXPECT_EQ(co_await code_with({{"aud", R"(["temps","other"])"}}), refused);
  EXPECT_EQ(co_await code_with({{"azp", R"("other")"}}), refused);
  EXPECT_EQ(co_await code_with({{"nonce", R"("of another login")"}}), refused);
  EXPECT_EQ(co_await code_with({{"nonce", ""}}), refused);
  EXPECT_EQ(co_await code_with({{"exp", "1600000000"}}), refused);
  EXPECT_EQ(co_await code_with({{"iat", "1900000000"}}), refused);
  EXPECT_EQ(co_await code_with({{"sub", ""}}), refused);
  EXPECT_EQ(co_await code_with({{"sub", "7"}}), refused);
  EXPECT_EQ(co_await code_with({}), "ok");
}

TASK_TEST_F(LoginTest, ATokenThatNobodyHasSignedIsRefused) {
  co_await add();
  co_await link(co_await user("ann", Role::developer));
  for (const auto* header : {R"({"alg":"none"})", R"({"alg":"HS256","kid":"first"})",
                             R"({"alg":"RS256","kid":"first"})"}) {
    issuer.header = header;
    EXPECT_EQ(co_await code_of_login(), "oidc.not_proved") << header;
  }
  issuer.header = R"({"alg":"ES256","kid":"first"})";
  EXPECT_EQ(co_await code_of_login(), "ok");
  issuer.key = acme::Key::generate();
  EXPECT_EQ(co_await code_of_login(), "oidc.not_proved");
  issuer.id_token = "not.a.token";
  EXPECT_EQ(co_await code_of_login(), "oidc.not_proved");
}

TASK_TEST_F(LoginTest, NewKeysAreFetchedButNotAtAnybodysWill) {
  co_await add();
  co_await link(co_await user("ann", Role::developer));
  issuer.asked.clear();
  EXPECT_EQ(co_await code_of_login(), "ok");
  EXPECT_EQ(co_await code_of_login(), "ok");
  EXPECT_EQ(issuer.asked["/keys"], 1);
  EXPECT_EQ(issuer.asked["/.well-known/openid-configuration"], 1);
  issuer.key = acme::Key::generate();
  issuer.key_id = "second";
  issuer.header = R"({"alg":"ES256","kid":"second"})";
  EXPECT_EQ(co_await code_of_login(), "oidc.not_proved") << "just asked";
  EXPECT_EQ(issuer.asked["/keys"], 1);
  clock.advance(Issuers::keys_pause);
  EXPECT_EQ(co_await code_of_login(), "ok");
  for (int i = 0; i < 5; ++i) {
    issuer.header = fmt::format(R"({{"alg":"ES256","kid":"made up {}"}})", i);
    EXPECT_EQ(co_await code_of_login(), "oidc.not_proved");
  }
  EXPECT_EQ(issuer.asked["/keys"], 2);
}

TASK_TEST_F(LoginTest, AStateIsGoodOnceInItsBrowserAtItsProvider) {
  co_await add();
  co_await link(co_await user("ann", Role::developer));
  auto state = co_await leave();
  EXPECT_EQ((co_await come_back(state)).status, 201);
  EXPECT_EQ(text_at(co_await come_back(state), "code"), "oidc.login_over");
  EXPECT_EQ(text_at(co_await come_back("made up"), "code"), "oidc.login_over");
  // Login CSRF: an attacker's own state and code, brought to somebody else's browser.
  state = co_await leave();
  cookies.erase("temps_login");
  EXPECT_EQ(text_at(co_await come_back(state), "code"), "oidc.other_browser");
  state = co_await leave();
  cookies["temps_login"] = "planted";
  EXPECT_EQ(text_at(co_await come_back(state), "code"), "oidc.other_browser");
  state = co_await leave();
  clock.advance(Flows::lifetime);
  EXPECT_EQ(text_at(co_await come_back(state), "code"), "oidc.login_over");
}

TASK_TEST_F(LoginTest, ProvidersAreNotMixedUp) {
  co_await add();
  SmallIssuer other(loop, clock);
  auto second = wanted();
  second.name = "evil";
  second.issuer = other.url;
  co_await providers.add(std::move(second));
  co_await link(co_await user("ann", Role::developer));
  const auto code = R"("code":"c-1")";
  EXPECT_EQ(text_at(co_await come_back(co_await leave(), code, "evil"), "code"), "oidc.mixed_up");
  const auto named = fmt::format(R"({},"iss":"{}")", code, other.url);
  EXPECT_EQ(text_at(co_await come_back(co_await leave(), named), "code"), "oidc.mixed_up");
  EXPECT_EQ(other.asked["/token"], 0) << "no code has gone to the wrong provider";
  EXPECT_EQ(issuer.asked["/token"], 0);
  const auto right = fmt::format(R"({},"iss":"{}")", code, issuer.url);
  EXPECT_EQ((co_await come_back(co_await leave(), right)).status, 201);
  issuer.more = R"(,"authorization_response_iss_parameter_supported":true)";
  clock.advance(Issuers::kept);
  EXPECT_EQ(text_at(co_await come_back(co_await leave()), "code"), "oidc.mixed_up");
  co_await other.close();
}

TASK_TEST_F(LoginTest, ItLeadsToNoOtherSite) {
  co_await add();
  for (const auto* path : {"https://evil.example.org", "//evil.example.org",
                           "/\\\\evil.example.org", "javascript:alert(1)", "/api/v1/me"}) {
    const auto begun =
        co_await browse("POST", "/provider-logins",
                        fmt::format(R"({{"provider":"corp","return_path":"{}"}})", path));
    EXPECT_EQ(text_at(begun, "code"), "oidc.bad_return_path") << path;
  }
}

TASK_TEST_F(LoginTest, WhatAProviderWritesIsNotShown) {
  co_await add();
  const auto with = [this](std::string error) -> Task<http::ClientResponse> {
    const auto state = co_await leave();
    co_return co_await come_back(state, R"("error":")" + error + "\"");
  };
  const auto denied = co_await with("access_denied");
  EXPECT_EQ(text_at(denied, "code"), "oidc.denied");
  EXPECT_THAT(text_at(denied, "detail"), HasSubstr("try again"));
  EXPECT_EQ(text_at(co_await with("server_error"), "code"), "oidc.provider_failed");
  const auto made_up = co_await with("<img src=x>");
  EXPECT_EQ(text_at(made_up, "code"), "oidc.provider_failed");
  EXPECT_THAT(made_up.body, Not(HasSubstr("img")));
  issuer.refusal = R"({"error":"invalid_client","error_description":"<b>call 0900</b>"})";
  const auto refused = co_await log_in();
  EXPECT_THAT(refused.body, AllOf(HasSubstr("its secret"), Not(HasSubstr("0900"))));
  EXPECT_EQ(text_at(co_await come_back(co_await leave(), ""), "code"), "oidc.provider_failed");
}

// Session fixation: what somebody has planted before is worth nothing afterwards.
TASK_TEST_F(LoginTest, ALoginEndsTheSessionThatTheBrowserHadBefore) {
  co_await add();
  co_await link(co_await user("ann", Role::developer));
  EXPECT_EQ(co_await code_of_login(), "ok");
  const auto planted = cookies.at("temps_session");
  EXPECT_EQ(co_await code_of_login(), "ok");
  EXPECT_NE(cookies.at("temps_session"), planted);
  EXPECT_FALSE((co_await identity.find_session(planted)).has_value());
}

TASK_TEST_F(LoginTest, TheSecondFactorIsAskedForUnlessTheProviderIsTrustedWithIt) {
  co_await add();
  const auto ann = co_await user("ann", Role::developer);
  co_await link(ann);
  const auto enrolment = co_await factors.enrol(co_await identity.user(ann));
  const auto key = identity::SignInFixture::key_of(enrolment.secret.reveal());
  const auto code = [&] {
    clock.advance(30s);
    return identity::totp_code(key, identity::totp_step(clock.now()));
  };
  co_await factors.confirm(ann, Secret(code()));
  const auto half = co_await log_in();
  EXPECT_EQ(half.status, 202);
  EXPECT_EQ((co_await browse("GET", "/me")).status, 401);
  const auto whole =
      co_await browse("POST", "/sessions/second-factor",
                      fmt::format(R"({{"token":"{}","code":"{}"}})",
                                  identity::SignInApiFixture::pending_token(half), code()));
  EXPECT_EQ(whole.status, 201) << whole.body;
  EXPECT_EQ((co_await browse("GET", "/me")).status, 200);
  cookies.clear();
  co_await providers.change("corp", {.trusted_second_factor = true});
  EXPECT_EQ(co_await code_of_login(), "ok");
  EXPECT_EQ((co_await browse("GET", "/me")).status, 200);
}

TASK_TEST_F(LoginTest, WhoIsGoneStaysOut) {
  co_await add();
  const auto ann = co_await user("ann", Role::developer);
  co_await link(ann);
  EXPECT_EQ(co_await code_of_login(), "ok");
  co_await identity.remove_user(ann);
  EXPECT_EQ(co_await code_of_login(), "oidc.unknown_person");
  EXPECT_EQ((co_await browse("GET", "/me")).status, 401);
}

}  // namespace
}  // namespace temps::oidc
