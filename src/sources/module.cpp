#include "sources/module.hpp"

#include "sources/routes.hpp"
#include "sources/sources.hpp"

namespace temps::sources {

namespace {
constexpr char sources_0001[] = {
#embed "migrations/0001_sources.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "sources", .number = 1, .name = "sources", .text = sources_0001}};
}

const Module module{
    .name = "sources",
    .provide =
        [](Registry& registry) {
          registry.provide<Sources>(
              from<net::Loop, sql::Database, vault::Vault, Clock, projects::Projects,
                   deploys::Deploys, git::Endpoint, jobs::Queue, Options>);
        },
    .start =
        [](Services& services) {
          auto& sources = services.get<Sources>();
          services.get<deploys::Deploys>().supplied_by(sources);
          add_routes(services.get<http::Router>(), sources);
        },
};

}  // namespace temps::sources
