#include "oidc/module.hpp"

#include "oidc/routes.hpp"

namespace temps::oidc {

namespace {
constexpr char oidc_0001[] = {
#embed "migrations/0001_oidc.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "oidc", .number = 1, .name = "oidc", .text = oidc_0001}};
}

const Module module{
    .name = "oidc",
    .provide =
        [](Registry& registry) {
          registry.provide<Issuers>(from<net::Loop, Clock, Options>);
          registry.provide<Providers>(from<sql::Database, Clock, vault::Vault, Issuers>);
          registry.provide<Flows>(from<Clock>);
          registry.provide<ProviderLogins>(from<Providers, Issuers, Flows>);
          registry.provide<People>(
              from<sql::Database, Clock, identity::Identity, access::Invitations>);
          registry.provide<Api>(from<Providers, Issuers, ProviderLogins, People, identity::Logins>);
        },
    .start =
        [](Services& services) { add_routes(services.get<http::Router>(), services.get<Api>()); },
};

}  // namespace temps::oidc
