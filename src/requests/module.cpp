#include "requests/module.hpp"

#include "requests/requests.hpp"
#include "requests/routes.hpp"

namespace temps::requests {

namespace {
constexpr char requests_0001[] = {
#embed "migrations/0001_requests.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {{.module = "requests", .number = 1, .name = "requests", .text = requests_0001}};
}

const Module module{
    .name = "requests",
    .provide =
        [](Registry& registry) {
          registry.provide<Requests>(
              from<sql::Database, projects::Projects, net::Loop, Options, Clock>);
        },
    .start =
        [](Services& services) {
          add_routes(services.get<http::Router>(), services.get<Requests>());
        },
};

}  // namespace temps::requests
