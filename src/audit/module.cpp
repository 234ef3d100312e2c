#include "audit/module.hpp"

#include "audit/audit.hpp"
#include "audit/routes.hpp"
#include "audit/trail.hpp"
#include "http/router.hpp"

namespace temps::audit {

namespace {
constexpr char audit_0001[] = {
#embed "migrations/0001_audit.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "audit", .number = 1, .name = "audit", .text = audit_0001}};
}

const Module module{
    .name = "audit",
    .provide =
        [](Registry& registry) {
          registry.provide<Audit>(from<sql::Database, Clock, Options>);
          registry.provide_as<http::Journal, Trail>(from<Audit, Clock>);
        },
    .start =
        [](Services& services) { add_routes(services.get<http::Router>(), services.get<Audit>()); },
};

}  // namespace temps::audit
