#pragma once
#include "domains/domains.hpp"
#include "sql/catalogue.hpp"
#include "sql/database.hpp"

namespace temps::domains::queries {

using projects::EnvironmentId;
using projects::ProjectId;

#define TEMPS_DOMAIN_COLUMNS                                                                \
  "d.id, d.name, d.environment_id, d.role, d.redirect_to, d.redirect_status, d.keep_path, " \
  "d.https_only, d.created_at, d.dns, d.dns_seen, d.dns_detail, d.checked_at"

inline constexpr sql::Query<Domain, std::string, EnvironmentId, Role, std::string, std::int32_t,
                            bool, bool, Instant>
    insert_domain{"domains.insert_domain",
                  "insert into domains as d (name, environment_id, role, redirect_to, "
                  "redirect_status, keep_path, https_only, created_at) "
                  "values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (name) do nothing "
                  "returning " TEMPS_DOMAIN_COLUMNS};
inline constexpr sql::Query<Domain, ProjectId, std::string> by_name{
    "domains.by_name", "select " TEMPS_DOMAIN_COLUMNS
                       " from domains d join environments e on e.id = d.environment_id "
                       "where e.project_id = $1 and d.name = $2"};
inline constexpr sql::Query<ProjectId, std::string> project_of{
    "domains.project_of",
    "select e.project_id from domains d join environments e on e.id = d.environment_id "
    "where d.name = $1"};
inline constexpr sql::Query<Domain, ProjectId, std::string, std::int64_t> domains_after{
    "domains.domains_after", "select " TEMPS_DOMAIN_COLUMNS
                             " from domains d join environments e on e.id = d.environment_id "
                             "where e.project_id = $1 and d.name > $2 order by d.name limit $3"};
inline constexpr sql::Query<Domain, DomainId> by_id{
    "domains.by_id", "select " TEMPS_DOMAIN_COLUMNS " from domains d where d.id = $1"};
inline constexpr sql::Query<Domain> all_domains{
    "domains.all_domains",
    "select " TEMPS_DOMAIN_COLUMNS " from domains d order by d.environment_id, d.name"};
inline constexpr sql::Query<Domain, DomainId, EnvironmentId, Role, std::string, std::int32_t, bool,
                            bool>
    change_domain{"domains.change_domain",
                  "update domains d set environment_id = $2, role = $3, redirect_to = $4, "
                  "redirect_status = $5, keep_path = $6, https_only = $7 where d.id = $1 "
                  "returning " TEMPS_DOMAIN_COLUMNS};
inline constexpr sql::Query<Domain, DomainId, Dns, std::vector<std::string>, std::string, Instant>
    set_dns{"domains.set_dns",
            "update domains d set dns = $2, dns_seen = $3, dns_detail = $4, checked_at = $5 "
            "where d.id = $1 returning " TEMPS_DOMAIN_COLUMNS};
inline constexpr sql::Command<DomainId> delete_domain{"domains.delete_domain",
                                                      "delete from domains where id = $1"};

#undef TEMPS_DOMAIN_COLUMNS

inline sql::Catalogue catalogue() {
  return sql::catalogue("domains", insert_domain, by_name, project_of, domains_after, by_id,
                        all_domains, change_domain, set_dns, delete_domain);
}

}  // namespace temps::domains::queries
