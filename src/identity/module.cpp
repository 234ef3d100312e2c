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
constexpr char roles_0002[] = {
#embed "migrations/0002_roles.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "identity", .number = 1, .name = "identity", .text = identity_0001},
          {.module = "identity", .number = 2, .name = "roles", .text = roles_0002}};
}

const Module module{
    .name = "identity",
    .provide =
        [](Registry& registry) {
          registry.provide<Identity>(from<sql::Database, Clock, net::Loop>);
          registry.provide<Authentication>(from<Identity>);
          registry.provide<ServiceAccounts>(from<sql::Database, Clock>);
        },
    .start =
        [](Services& services) {
          add_routes(services.get<http::Router>(), services.get<Identity>());
        },
};

}  // namespace temps::identity
