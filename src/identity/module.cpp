#include "identity/module.hpp"

#include "core/clock.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "identity/authentication.hpp"
#include "identity/identity.hpp"
#include "identity/routes.hpp"
#include "identity/service_accounts.hpp"
#include "net/loop.hpp"
#include "sql/database.hpp"

namespace temps::identity {

namespace {
constexpr char identity_0001[] = {
#embed "migrations/0001_identity.sql"
    , '\0'};
constexpr char identity_0002[] = {
#embed "migrations/0002_roles.sql"
    , '\0'};
constexpr char identity_0003[] = {
#embed "migrations/0003_sign_in.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "identity", .number = 1, .name = "identity", .text = identity_0001},
          {.module = "identity", .number = 2, .name = "roles", .text = identity_0002},
          {.module = "identity", .number = 3, .name = "sign_in", .text = identity_0003}};
}

const Module module{
    .name = "identity",
    .provide =
        [](Registry& registry) {
          registry.provide<Identity>(from<sql::Database, Clock, net::Loop, Options>);
          registry.provide<ServiceAccounts>(from<sql::Database, Clock>);
          registry.provide<Sessions>(from<sql::Database, Clock>);
          registry.provide<SecondFactors>(from<sql::Database, Clock, vault::Vault>);
          registry.provide<PendingLogins>(from<sql::Database, Clock>);
          registry.provide<PasswordResets>(from<sql::Database, Clock, Identity>);
          registry.provide<Logins>(from<Identity, SecondFactors, PendingLogins, Sessions>);
          registry.provide<Authentication>(from<Identity, SecondFactors, Options>);
        },
    .start =
        [](Services& services) {
          add_routes(services.get<http::Router>(), services.get<Logins>(),
                     services.get<PasswordResets>());
        },
};

}  // namespace temps::identity
