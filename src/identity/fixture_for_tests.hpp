// The whole module on a fresh database, with a server for its API.
#pragma once
#include <gtest/gtest.h>

#include <string>

#include "core/testing.hpp"
#include "files/files.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "identity/authentication.hpp"
#include "identity/logins.hpp"
#include "identity/module.hpp"
#include "identity/password_resets.hpp"
#include "identity/routes.hpp"
#include "identity/totp.hpp"
#include "json/json.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"
#include "vault/vault.hpp"

namespace temps::identity {

struct SignInFixture : testbed::DatabaseTest {
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

  SignInFixture() { EXPECT_TRUE(loop.run(sql::migrate(database, migrations())).has_value()); }

  Task<User> make(std::string email, Role role = Role::developer) {
    const auto id = co_await identity.create_user(
        {.email = std::move(email), .password = Secret("correct horse"), .role = role});
    co_return co_await identity.user(id);
  }
  // The code that a phone shows now. A step of its own each time, as no code is taken twice.
  std::string code_of(const Secret& key) {
    clock.advance(std::chrono::seconds{30});
    return totp_code(key, totp_step(clock.now()));
  }
  // What the app knows of an enrolment.
  static Secret key_of(std::string_view base32) {
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : base32) {
      const auto value = c >= 'A' ? c - 'A' : c - '2' + 26;
      bits = (bits << 5U | static_cast<std::uint32_t>(value)) & 0xfffffU;
      if ((count += 5) < 8) continue;
      count -= 8;
      bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xffU);
    }
    return Secret(bytes);
  }
  struct Factor {
    Secret key;
    RecoveryCodes recovery;
  };
  Task<Factor> turn_on(User user) {
    const auto id = user.id;
    const auto enrolment = co_await factors.enrol(std::move(user));
    auto key = key_of(enrolment.secret.reveal());
    auto recovery = co_await factors.confirm(id, Secret(code_of(key)));
    co_return Factor{std::move(key), std::move(recovery)};
  }
};

// With a browser: it keeps one cookie.
struct SignInApiFixture : SignInFixture {
  Options options;
  http::Router router;
  Authentication authentication{identity};
  http::Server server{loop, router, authentication};
  TaskGroup group{loop};
  net::Address address;
  std::string cookie;

  SignInApiFixture() {
    add_routes(router, logins, resets);
    address = serve(server);
  }
  ~SignInApiFixture() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  net::Address serve(http::Server& which) {
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    auto where = listener->address();
    group.start("server", which.serve(std::move(*listener)));
    return where;
  }
  Task<http::ClientResponse> send(std::string method, std::string path, std::string body = {},
                                  std::string key = {}) {
    http::Client client(loop, address);
    http::ClientRequest request{
        .method = std::move(method), .target = "/api/v1" + path, .body = std::move(body)};
    request.headers.add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Gecko Firefox/128.0");
    if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
    if (!key.empty()) request.headers.add("Authorization", "Bearer " + key);
    if (key.empty() && !cookie.empty()) {
      request.headers.add("Cookie", cookie);
      request.headers.add("Origin", "http://" + address.text());
    }
    co_return co_await client.send(std::move(request));
  }
  // The cookie's name and value, without its attributes.
  static std::string cookie_in(const http::ClientResponse& response) {
    const auto field = response.headers.find("set-cookie").value_or("");
    return std::string(field.substr(0, field.find(';')));
  }
  static std::string text_at(const http::ClientResponse& response, std::string_view key) {
    const auto document = json::decode<json::Value>(response.body);
    return document ? std::string((*document)[key].as_string().value_or("")) : response.body;
  }
  static std::string pending_token(const http::ClientResponse& response) {
    const auto document = json::decode<json::Value>(response.body);
    return std::string((*document)["second_factor"]["token"].as_string().value_or(""));
  }
  Task<std::string> log_in() {
    const auto response = co_await send("POST", "/sessions", login);
    co_return cookie_in(response);
  }
  static std::string code_body(std::string_view token, std::string_view code) {
    return fmt::format(R"({{"token":"{}","code":"{}"}})", token, code);
  }
  static constexpr const char* login = R"({"email":"ann@example.org","password":"correct horse"})";
  static constexpr const char* token_login =
      R"({"email":"ann@example.org","password":"correct horse","token":true,"device":"laptop"})";
};

}  // namespace temps::identity
