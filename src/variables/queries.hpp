#pragma once
#include "sql/catalogue.hpp"
#include "sql/database.hpp"
#include "variables/variables.hpp"

namespace temps::variables::queries {

using projects::EnvironmentId;

struct ValueRow {
  std::string name;
  Kind kind;
  sql::Bytes sealed;
  std::int64_t bytes;
  std::int64_t since;
};

// Versions count up without gaps because the environment's row is locked.
inline constexpr sql::Query<EnvironmentId, EnvironmentId> lock_environment{
    "variables.lock_environment", "select id from environments where id = $1 for update"};
inline constexpr sql::Query<std::int64_t, EnvironmentId> newest{
    "variables.newest",
    "select coalesce(max(number), 0)::bigint from variable_versions where environment_id = $1"};
inline constexpr sql::Query<ValueRow, EnvironmentId, std::int64_t> values_at{
    "variables.values_at",
    "select name, kind, sealed, bytes, since from variable_values where environment_id = $1 and "
    "since <= $2 and (until is null or until > $2) order by name"};
inline constexpr sql::Command<EnvironmentId, std::int64_t, Instant, std::string,
                              std::vector<std::string>, std::vector<std::string>>
    insert_version{
        "variables.insert_version",
        "insert into variable_versions (environment_id, number, made_at, made_by, set_names, "
        "removed_names) values ($1, $2, $3, $4, $5, $6)"};
inline constexpr sql::Command<EnvironmentId, std::int64_t, std::vector<std::string>> end_values{
    "variables.end_values",
    "update variable_values set until = $2 where environment_id = $1 and until is null and "
    "name = any($3)"};
inline constexpr sql::Command<EnvironmentId, std::string, Kind, sql::Bytes, std::int64_t,
                              std::int64_t>
    insert_value{"variables.insert_value",
                 "insert into variable_values (environment_id, name, kind, sealed, bytes, since) "
                 "values ($1, $2, $3, $4, $5, $6)"};
inline constexpr sql::Query<Version, EnvironmentId, std::int64_t> version{
    "variables.version",
    "select number, made_at, made_by, set_names, removed_names from variable_versions "
    "where environment_id = $1 and number = $2"};
inline constexpr sql::Query<Version, EnvironmentId, std::int64_t, std::int64_t> versions_before{
    "variables.versions_before",
    "select number, made_at, made_by, set_names, removed_names from variable_versions "
    "where environment_id = $1 and number < $2 order by number desc limit $3"};

inline sql::Catalogue catalogue() {
  return sql::catalogue("variables", lock_environment, newest, values_at, insert_version,
                        end_values, insert_value, version, versions_before);
}

}  // namespace temps::variables::queries
