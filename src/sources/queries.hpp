#pragma once
#include "sources/sources.hpp"
#include "sql/catalogue.hpp"
#include "sql/database.hpp"

namespace temps::sources::queries {

using projects::ProjectId;

struct RepositoryRow {
  std::string url;
  Credential credential;
  std::string user;
  sql::Bytes sealed;
  std::string public_key;
  Instant changed_at;
};
struct RegistryRow {
  std::string host;
  std::string user;
  sql::Bytes sealed;
  Instant changed_at;
};

inline constexpr sql::Query<RepositoryRow, ProjectId> repository_of{
    "sources.repository_of",
    "select url, credential, user_name, sealed, public_key, changed_at from source_repositories "
    "where project_id = $1"};
inline constexpr sql::Command<ProjectId, std::string, Credential, std::string, sql::Bytes,
                              std::string, Instant>
    set_repository{
        "sources.set_repository",
        "insert into source_repositories (project_id, url, credential, user_name, sealed, "
        "public_key, changed_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict (project_id) do "
        "update set url = $2, credential = $3, user_name = $4, sealed = $5, public_key = $6, "
        "changed_at = $7"};
inline constexpr sql::Command<ProjectId> delete_repository{
    "sources.delete_repository", "delete from source_repositories where project_id = $1"};
inline constexpr sql::Query<RegistryRow, ProjectId> registries_of{
    "sources.registries_of",
    "select host, user_name, sealed, changed_at from source_registries where project_id = $1 "
    "order by host"};
inline constexpr sql::Command<ProjectId, std::string, std::string, sql::Bytes, Instant>
    set_registry{"sources.set_registry",
                 "insert into source_registries (project_id, host, user_name, sealed, changed_at) "
                 "values ($1, $2, $3, $4, $5) on conflict (project_id, host) do update set "
                 "user_name = $3, sealed = $4, changed_at = $5"};
inline constexpr sql::Command<ProjectId, std::string> delete_registry{
    "sources.delete_registry", "delete from source_registries where project_id = $1 and host = $2"};

inline sql::Catalogue catalogue() {
  return sql::catalogue("sources", repository_of, set_repository, delete_repository, registries_of,
                        set_registry, delete_registry);
}

}  // namespace temps::sources::queries
