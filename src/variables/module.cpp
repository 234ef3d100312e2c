#include "variables/module.hpp"

#include "variables/routes.hpp"
#include "variables/variables.hpp"

namespace temps::variables {

namespace {
constexpr char variables_0001[] = {
#embed "migrations/0001_variables.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "variables", .number = 1, .name = "variables", .text = variables_0001}};
}

const Module module{
    .name = "variables",
    .provide =
        [](Registry& registry) {
          registry.provide<Variables>(from<sql::Database, vault::Vault, Clock>);
          registry.provide<Api>(from<Variables, projects::Projects>);
        },
    .start =
        [](Services& services) { add_routes(services.get<http::Router>(), services.get<Api>()); },
};

}  // namespace temps::variables
