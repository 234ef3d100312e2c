#include "certificates/module.hpp"

#include "certificates/certificates.hpp"
#include "certificates/issuance.hpp"
#include "certificates/routes.hpp"
#include "certificates/stapling.hpp"

namespace temps::certificates {

namespace {
constexpr char certificates_0001[] = {
#embed "migrations/0001_certificates.sql"
    , '\0'};
constexpr char orders_0002[] = {
#embed "migrations/0002_orders.sql"
    , '\0'};
constexpr char own_names_0003[] = {
#embed "migrations/0003_own_names.sql"
    , '\0'};
constexpr char staples_0004[] = {
#embed "migrations/0004_staples.sql"
    , '\0'};
}  // namespace

std::vector<sql::Migration> migrations() {
  return {
      {.module = "certificates", .number = 1, .name = "certificates", .text = certificates_0001},
      {.module = "certificates", .number = 2, .name = "orders", .text = orders_0002},
      {.module = "certificates", .number = 3, .name = "own_names", .text = own_names_0003},
      {.module = "certificates", .number = 4, .name = "staples", .text = staples_0004}};
}

const Module module{
    .name = "certificates",
    .provide =
        [](Registry& registry) {
          registry.provide<Certificates>(from<sql::Database, vault::Vault, domains::Domains,
                                              gateway::Gateway, Options, Clock>);
          registry.provide<Issuance>(
              from<net::Loop, sql::Database, vault::Vault, domains::Domains, dns::Dns, Certificates,
                   gateway::Gateway, jobs::Queue, Options, Clock>);
          registry.provide<Stapling>(from<net::Loop, sql::Database, Certificates, Issuance, Clock>);
        },
    .start =
        [](Services& services) {
          auto& certificates = services.get<Certificates>();
          auto& issuance = services.get<Issuance>();
          auto& domains = services.get<domains::Domains>();
          auto& router = services.get<http::Router>();
          add_routes(router, certificates);
          add_issuance_routes(router, issuance);
          add_own_routes(router, issuance);
          issuance.start();
          services.get<gateway::Gateway>().watch_with([&issuance] { issuance.wake(); });
          domains.certificates_from([&certificates](std::vector<std::string> names) {
            return certificates.states(std::move(names));
          });
          domains.orders_from([&issuance](std::vector<domains::Domain> all) {
            return issuance.states(std::move(all));
          });
          domains.watch_with(
              [&issuance](domains::Domain domain) { return issuance.want(std::move(domain)); });
        },
};

}  // namespace temps::certificates
