// The module's API as a browser sees it: a real server, a real PostgreSQL, and the small issuer.
// For tests only.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "access/fixture_for_tests.hpp"
#include "crypto/crypto.hpp"
#include "identity/fixture_for_tests.hpp"
#include "identity/totp.hpp"
#include "oidc/module.hpp"
#include "oidc/routes.hpp"
#include "oidc/small_issuer_for_tests.hpp"

namespace temps::oidc {

struct OidcTest : access::AccessTest {
  SmallIssuer issuer{loop, clock};
  Options options{.loopback_http = true};
  Issuers issuers{loop, clock, options};
  Providers providers{database, clock, vault, issuers};
  Flows flows{clock};
  ProviderLogins provider_logins{providers, issuers, flows};
  People people{database, clock, identity, invitations};
  Api api{providers, issuers, provider_logins, people, logins};
  std::map<std::string, std::string> cookies;  // of the browser

  OidcTest() {
    auto all = projects::migrations();
    for (auto& migration : identity::migrations()) all.push_back(migration);
    for (auto& migration : access::migrations()) all.push_back(migration);
    for (auto& migration : migrations()) all.push_back(migration);
    EXPECT_TRUE(loop.run(sql::migrate(database, all)).has_value());
    add_routes(router, api);
  }
  ~OidcTest() override { EXPECT_TRUE(loop.run(issuer.close()).has_value()); }

  NewProvider wanted() const {
    return {.name = "corp",
            .label = "Corp",
            .issuer = issuer.url,
            .client_id = "temps",
            .client_secret = Secret("the client's own secret")};
  }
  Task<> add(UnknownPeople unknown = UnknownPeople::refused) {
    auto provider = wanted();
    provider.unknown_people = unknown;
    co_await providers.add(std::move(provider));
  }
  Task<http::ClientResponse> browse(std::string method, std::string path, std::string body = {}) {
    http::Client client(loop, address);
    http::ClientRequest request{
        .method = std::move(method), .target = "/api/v1" + path, .body = std::move(body)};
    if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
    std::string sent;
    for (const auto& [name, value] : cookies)
      sent += (sent.empty() ? "" : "; ") + name + "=" + value;
    if (!sent.empty()) request.headers.add("Cookie", sent);
    request.headers.add("Origin", "http://" + address.text());
    auto response = co_await client.send(std::move(request));
    for (const auto& [name, value] : response.headers.all()) {
      if (!equal_ignoring_case(name, "set-cookie")) continue;
      const auto [cookie, set] = cut(std::string_view(value).substr(0, value.find(';')), "=");
      if (set.empty()) {
        cookies.erase(std::string(cookie));
      } else {
        cookies[std::string(cookie)] = set;
      }
    }
    co_return response;
  }
  // A parameter of the address that a browser is sent to.
  static std::string parameter(std::string_view url, std::string_view name) {
    const auto [before, query] = cut(url, "?");
    for (const auto pair : split(query, '&')) {
      const auto [key, value] = cut(pair, "=");
      if (key == name) return percent_decoded(value).value_or("");
    }
    return {};
  }
  // Off to the provider; yields the state.
  Task<std::string> leave(std::string provider = "corp", std::string return_path = "/") {
    const auto begun = co_await browse(
        "POST", "/provider-logins",
        fmt::format(R"({{"provider":"{}","return_path":"{}"}})", provider, return_path));
    const auto url = text_at(begun, "url");
    issuer.nonce = parameter(url, "nonce");
    issuer.challenge = parameter(url, "code_challenge");
    co_return parameter(url, "state");
  }
  Task<http::ClientResponse> come_back(std::string state, std::string more = R"("code":"c-1")",
                                       std::string provider = "corp") {
    co_return co_await browse("POST", "/provider-logins/complete",
                              fmt::format(R"({{"provider":"{}","state":"{}"{}{}}})", provider,
                                          state, more.empty() ? "" : ",", more));
  }
  Task<http::ClientResponse> log_in() { co_return co_await come_back(co_await leave()); }
  Task<std::string> code_of_login() {
    const auto response = co_await log_in();
    co_return response.status == 201 ? "ok" : text_at(response, "code");
  }
  Task<identity::UserId> user(std::string name, Role role) {
    co_await make(name, role);
    co_return identity::UserId{ids.at(name)};
  }
  // Links the login of the small issuer with a user, as if they had done so before.
  Task<> link(identity::UserId id) {
    co_await people.link(id, co_await providers.get("corp"),
                         {.subject = "s-1", .email = "ann@example.org", .email_verified = true});
  }
};

}  // namespace temps::oidc
