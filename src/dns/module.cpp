#include "dns/module.hpp"

#include "dns/dns.hpp"
#include "dns/routes.hpp"

namespace temps::dns {

namespace {
constexpr char providers_0001[] = {
#embed "migrations/0001_providers.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "dns", .number = 1, .name = "providers", .text = providers_0001}};
}

const Module module{
    .name = "dns",
    .provide =
        [](Registry& registry) {
          registry.provide<Dns>(from<net::Loop, sql::Database, vault::Vault, Clock>);
        },
    .start =
        [](Services& services) { add_routes(services.get<http::Router>(), services.get<Dns>()); },
};

}  // namespace temps::dns
