#include "access/module.hpp"

#include "access/gate.hpp"
#include "access/routes.hpp"
#include "projects/errors.hpp"

namespace temps::access {

namespace {
constexpr char access_0001[] = {
#embed "migrations/0001_access.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "access", .number = 1, .name = "access", .text = access_0001}};
}

const Module module{
    .name = "access",
    .provide =
        [](Registry& registry) {
          registry.provide<Grants>(from<sql::Database, Clock>);
          registry.provide<Teams>(from<sql::Database, Clock>);
          registry.provide<Tokens>(from<sql::Database, Clock>);
          registry.provide<Invitations>(from<sql::Database, identity::Identity, Clock>);
          registry.provide<Keys>(from<sql::Database, identity::Identity, projects::Projects>);
          registry.provide_as<http::Authenticator, Gate>(
              from<sql::Database, Grants, Tokens, identity::Authentication>);
          registry.provide<Api>(from<Grants, Teams, Tokens, Invitations, Keys, identity::Identity,
                                     identity::ServiceAccounts, projects::Projects>);
        },
    .start =
        [](Services& services) {
          auto& router = services.get<http::Router>();
          router.hide_projects_as(projects::errors::no_such_project);
          add_routes(router, services.get<Api>());
        },
};

}  // namespace temps::access
