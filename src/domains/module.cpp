#include "domains/module.hpp"

#include "domains/domains.hpp"
#include "domains/routes.hpp"

namespace temps::domains {

namespace {
constexpr char domains_0001[] = {
#embed "migrations/0001_domains.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "domains", .number = 1, .name = "domains", .text = domains_0001}};
}

const Module module{
    .name = "domains",
    .provide =
        [](Registry& registry) {
          registry.provide<Domains>(
              from<sql::Database, projects::Projects, net::Loop, Options, Clock>);
        },
    .start =
        [](Services& services) {
          add_routes(services.get<http::Router>(), services.get<Domains>());
        },
};

}  // namespace temps::domains
