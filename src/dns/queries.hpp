#pragma once
#include "dns/dns.hpp"
#include "sql/catalogue.hpp"
#include "sql/database.hpp"

namespace temps::dns::queries {

#define TEMPS_PROVIDER_COLUMNS "id, zone, kind, server, key_name, created_at"

inline constexpr sql::Query<Provider, std::string, Kind, std::string, std::string, sql::Bytes,
                            Instant>
    insert_provider{"dns.insert_provider",
                    "insert into dns_providers (zone, kind, server, key_name, sealed_key, "
                    "created_at) values ($1, $2, $3, $4, $5, $6) on conflict (zone) do nothing "
                    "returning " TEMPS_PROVIDER_COLUMNS};
inline constexpr sql::Query<Provider> all_providers{
    "dns.all_providers", "select " TEMPS_PROVIDER_COLUMNS " from dns_providers order by zone"};
inline constexpr sql::Query<Provider, std::vector<std::string>> longest_of{
    "dns.longest_of",
    "select " TEMPS_PROVIDER_COLUMNS
    " from dns_providers where zone = any($1) order by length(zone) desc limit 1"};
inline constexpr sql::Query<sql::Bytes, ProviderId> key_of{
    "dns.key_of", "select sealed_key from dns_providers where id = $1"};
inline constexpr sql::Command<std::string> delete_provider{
    "dns.delete_provider", "delete from dns_providers where zone = $1"};

#undef TEMPS_PROVIDER_COLUMNS

inline sql::Catalogue catalogue() {
  return sql::catalogue("dns", insert_provider, all_providers, longest_of, key_of, delete_provider);
}

}  // namespace temps::dns::queries
