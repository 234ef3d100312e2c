#include "oidc/fixture_for_tests.hpp"
#include "oidc/queries.hpp"

namespace temps::oidc {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct ProvidersTest : OidcTest {
  Task<std::string> refusal(NewProvider provider) {
    const auto added = co_await attempt(providers.add(std::move(provider)));
    if (added) co_return "";
    const auto& fields = added.error().fields();
    co_return std::string(fields.empty() ? added.error().code().code : fields.front().pointer);
  }
};

TASK_TEST_F(ProvidersTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), IsEmpty());
}

TASK_TEST_F(ProvidersTest, AnAdminAddsChangesAndRemovesOne) {
  const auto admin = co_await make("olga", Role::admin);
  const auto body =
      fmt::format(R"({{"name":"corp","label":"Corp","issuer":"{}","client_id":"temps",)"
                  R"("client_secret":"the client's own secret","email_domains":["@Example.org"]}})",
                  issuer.url);
  const auto added = co_await send(admin, "POST", "/login-providers", body);
  EXPECT_EQ(added.status, 201) << added.body;
  EXPECT_THAT(
      added.body,
      AllOf(HasSubstr(R"("email_domains":["example.org"])"), HasSubstr("/login/callback/corp"),
            HasSubstr(R"("unknown_people":"refused")"), Not(HasSubstr("own secret"))));
  EXPECT_EQ((co_await send(admin, "POST", "/login-providers", body)).status, 409);
  const auto changed = co_await send(
      admin, "PATCH", "/login-providers/corp",
      R"({"label":"Corporation","client_secret":"another","unknown_people":"guests"})");
  EXPECT_THAT(changed.body, AllOf(HasSubstr(R"("label":"Corporation")"),
                                  HasSubstr(R"("unknown_people":"guests")"),
                                  HasSubstr(R"("email_domains":["example.org"])")));
  EXPECT_EQ((co_await providers.secret(co_await providers.get("corp"))).reveal(), "another");
  EXPECT_THAT((co_await send(admin, "GET", "/login-providers")).body,
              AllOf(HasSubstr("Corporation"), Not(HasSubstr("another"))));
  EXPECT_EQ((co_await send(admin, "DELETE", "/login-providers/corp")).status, 204);
  EXPECT_EQ((co_await send(admin, "DELETE", "/login-providers/corp")).status, 404);
}

TASK_TEST_F(ProvidersTest, ItsSecretLiesSealed) {
  co_await add();
  constexpr sql::Query<std::string> rows{
      "test.rows", "select p::text || encode(p.sealed_secret, 'escape') from oidc_providers p"};
  EXPECT_THAT(co_await database.one(rows), Not(HasSubstr("own secret")));
  const auto provider = co_await providers.get("corp");
  EXPECT_EQ((co_await providers.secret(provider)).reveal(), "the client's own secret");
}

TASK_TEST_F(ProvidersTest, WhoMayNotSetThemUpDoesNotSeeThem) {
  co_await add();
  const auto developer = co_await make("dora", Role::developer);
  EXPECT_EQ(co_await status(developer, "GET", "/login-providers"), 403);
  EXPECT_EQ(co_await status("", "GET", "/login-providers"), 401);
  EXPECT_EQ(co_await status(developer, "POST", "/login-provider-checks",
                            fmt::format(R"({{"issuer":"{}"}})", issuer.url)),
            403);
  const auto options = co_await send("", "GET", "/login-options");
  EXPECT_EQ(options.body, R"({"providers":[{"name":"corp","label":"Corp"}]})");
}

TASK_TEST_F(ProvidersTest, WhatCannotWorkIsNotSaved) {
  auto bad = wanted();
  bad.name = "Corp!";
  EXPECT_EQ(co_await refusal(bad), "/name");
  bad = wanted();
  bad.client_secret = Secret(" ");
  EXPECT_EQ(co_await refusal(bad), "/client_secret");
  bad = wanted();
  bad.email_domains = {"exa mple.org"};
  EXPECT_EQ(co_await refusal(bad), "/email_domains");
  bad = wanted();
  bad.links_by_email = true;
  EXPECT_EQ(co_await refusal(bad), "/links_by_email");
  bad = wanted();
  bad.issuer = "http://id.example.org";
  EXPECT_EQ(co_await refusal(bad), "/issuer");
  bad.issuer = issuer.url + "/elsewhere";
  EXPECT_EQ(co_await refusal(bad), "/issuer");
  bad.issuer = "http://127.0.0.1:1";
  EXPECT_EQ(co_await refusal(bad), "oidc.unreachable");
  EXPECT_THAT(co_await providers.list(), IsEmpty());
}

TASK_TEST_F(ProvidersTest, TheCheckSaysWhatIsWrongWithAnIssuer) {
  const auto admin = co_await make("olga", Role::admin);
  const auto check = [this](std::string key) {
    return send(std::move(key), "POST", "/login-provider-checks",
                fmt::format(R"({{"issuer":"{}"}})", issuer.url));
  };
  EXPECT_THAT((co_await check(admin)).body, HasSubstr(issuer.url + "/login"));
  issuer.calls_itself = "https://id.example.org";
  EXPECT_THAT((co_await check(admin)).body,
              HasSubstr(R"(calls itself \"https://id.example.org\")"));
  issuer.calls_itself = "";
  issuer.more = R"(,"code_challenge_methods_supported":["plain"])";
  EXPECT_THAT((co_await check(admin)).body, HasSubstr("PKCE"));
}

TASK_TEST_F(ProvidersTest, PlainHttpTakesASetting) {
  options.loopback_http = false;
  const auto added = co_await attempt(providers.add(wanted()));
  EXPECT_THAT(std::string(added.error().detail()), HasSubstr("loopback_http_issuers"));
}

}  // namespace
}  // namespace temps::oidc
