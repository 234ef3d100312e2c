#include "certificates/module.hpp"

#include "certificates/certificates.hpp"
#include "certificates/routes.hpp"

namespace temps::certificates {

namespace {
constexpr char certificates_0001[] = {
#embed "migrations/0001_certificates.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {
      {.module = "certificates", .number = 1, .name = "certificates", .text = certificates_0001}};
}

const Module module{
    .name = "certificates",
    .provide =
        [](Registry& registry) {
          registry.provide<Certificates>(from<sql::Database, vault::Vault, domains::Domains,
                                              gateway::Gateway, Options, Clock>);
        },
    .start =
        [](Services& services) {
          auto& certificates = services.get<Certificates>();
          add_routes(services.get<http::Router>(), certificates);
          services.get<domains::Domains>().certificates_from(
              [&certificates](std::vector<std::string> names) {
                return certificates.states(std::move(names));
              });
        },
};

}  // namespace temps::certificates
