// The API of users and rights as programs see it: a real server, a real PostgreSQL, and two routes
// that deploy nothing. For tests only.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "access/gate.hpp"
#include "access/module.hpp"
#include "access/routes.hpp"
#include "core/testing.hpp"
#include "files/files.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "identity/module.hpp"
#include "identity/routes.hpp"
#include "json/json.hpp"
#include "projects/module.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"
#include "vault/vault.hpp"

namespace temps::access {

struct AccessTest : testbed::DatabaseTest {
  FakeClock clock;
  identity::Identity identity{database, clock, loop};
  identity::Authentication authentication{identity};
  identity::ServiceAccounts services{database, clock};
  files::TemporaryFolder folder;
  vault::Options vault_options{.key_file = folder.path() / "secrets.key"};
  vault::Vault vault{vault_options};
  identity::Sessions sessions{database, clock};
  identity::SecondFactors factors{database, clock, vault};
  identity::PendingLogins pending{database, clock};
  identity::Logins logins{identity, factors, pending, sessions};
  identity::PasswordResets resets{database, clock, identity};
  projects::Projects projects{database, clock};
  Grants grants{database, clock};
  Teams teams{database, clock};
  Tokens tokens{database, clock};
  Invitations invitations{database, identity, clock};
  Keys keys{database, identity, projects};
  Gate gate{database, grants, tokens, authentication};
  Api api{grants, teams, tokens, invitations, keys, identity, services, projects};
  http::Router router;
  http::Server server{loop, router, gate};
  TaskGroup group{loop};
  net::Address address;

  static constexpr auto deploying =
      Permission{"probe.deploy", Role::developer, Scope::project}.deploying();
  static constexpr Permission reading{"probe.read", Role::viewer, Scope::project};

  AccessTest() {
    auto all = projects::migrations();
    for (auto& migration : identity::migrations()) all.push_back(migration);
    for (auto& migration : migrations()) all.push_back(migration);
    EXPECT_TRUE(loop.run(sql::migrate(database, all)).has_value());
    identity::add_routes(router, logins, resets);
    add_routes(router, api);
    const auto done = [](http::Request&) -> Task<http::Response> {
      co_return http::Response{.body = "{}"};
    };
    router.raw("GET", "/api/v1/projects/{project}/probe", reading, done);
    router.raw("POST", "/api/v1/projects/{project}/deploy", deploying, done);
    router.raw("POST", "/api/v1/projects/{project}/environments/{environment}/deploy", deploying,
               done);
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    address = listener->address();
    group.start("server", server.serve(std::move(*listener)));
  }
  ~AccessTest() override { EXPECT_TRUE(loop.run(group.close()).has_value()); }

  Task<http::ClientResponse> send(std::string key, std::string method, std::string path,
                                  std::string body = {}, std::string invitation = {}) {
    http::Client client(loop, address);
    http::ClientRequest request{
        .method = std::move(method), .target = "/api/v1" + path, .body = std::move(body)};
    if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
    if (!key.empty()) request.headers.add("Authorization", "Bearer " + key);
    if (!invitation.empty()) request.headers.add("Invitation-Token", invitation);
    co_return co_await client.send(std::move(request));
  }
  Task<int> status(std::string key, std::string method, std::string path, std::string body = {}) {
    const auto response =
        co_await send(std::move(key), std::move(method), std::move(path), std::move(body));
    co_return response.status;
  }
  static std::string text_at(const http::ClientResponse& response, std::string_view key) {
    const auto document = json::decode<json::Value>(response.body);
    return document ? std::string((*document)[key].as_string().value_or("")) : response.body;
  }
  // Yields a key of the new user.
  Task<std::string> make(std::string name, Role role) {
    const auto id = co_await identity.create_user(
        {.email = name + "@example.org", .password = Secret("correct horse"), .role = role});
    ids[name] = id.value;
    const auto issued = co_await identity.issue_key(id, {.name = "test"});
    co_return issued.token.reveal();
  }
  // Yields a limited key, made through the API with another one; else the answer's error code.
  Task<std::string> key_from(std::string key, std::string limits) {
    const auto made = co_await send(std::move(key), "POST", "/api-keys",
                                    R"({"name":"limited",)" + std::move(limits) + "}");
    co_return text_at(made, made.status == 201 ? "token" : "code");
  }
  Task<> add_environment(std::string project, std::string name) {
    constexpr sql::Command<std::string, std::string> insert{
        "access_test.environment",
        "insert into environments (project_id, name, settings, slug) "
        "select id, $2, '{}'::jsonb, $1 || '-' || $2 from projects where name = $1"};
    co_await database.run(insert, std::move(project), std::move(name));
  }
  std::string path_of(const std::string& name) const {
    return "/users/" + std::to_string(ids.at(name));
  }

  std::map<std::string, std::int64_t> ids;
};

}  // namespace temps::access
