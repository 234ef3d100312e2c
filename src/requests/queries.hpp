#pragma once
#include "requests/requests.hpp"
#include "sql/catalogue.hpp"
#include "sql/database.hpp"

namespace temps::requests::queries {

using projects::EnvironmentId;
using projects::ProjectId;

// As it is loaded: all but the id, which the database gives.
struct Row {
  Instant began_at;
  ProjectId project;
  EnvironmentId environment;
  std::int64_t deployment;
  std::int16_t status;
  std::int16_t protocol;
  bool tls;
  std::chrono::microseconds duration;
  std::optional<std::chrono::microseconds> upstream;
  std::int64_t sent_bytes;
  std::int64_t received_bytes;
  std::string method, host, path, client, user_agent, referrer, request_id, visitor;
};

#define TEMPS_REQUEST_COLUMNS                                                                 \
  "environment_id, deployment, status, protocol, tls, duration_us, upstream_us, sent_bytes, " \
  "received_bytes, method, host, path, client, user_agent, referrer, request_id, visitor"
#define TEMPS_REQUEST_FILTER                                                             \
  " from requests where project_id = $1 and ($2::bigint is null or environment_id = $2)" \
  " and status between $3 and $4 and starts_with(path, $5)"                              \
  " and began_at >= $6 and began_at < $7"

inline constexpr sql::Copy<Row> copy_requests{"requests.copy_requests", "requests",
                                              "began_at, project_id, " TEMPS_REQUEST_COLUMNS};
inline constexpr sql::Query<Request, ProjectId, std::optional<EnvironmentId>, std::int16_t,
                            std::int16_t, std::string, Instant, Instant, Instant, std::int64_t,
                            std::int64_t>
    newest{"requests.newest",
           "select id, began_at, " TEMPS_REQUEST_COLUMNS TEMPS_REQUEST_FILTER
           " and (began_at, id) < ($8, $9) order by began_at desc, id desc limit $10"};
inline constexpr sql::Query<Request, ProjectId, std::optional<EnvironmentId>, std::int16_t,
                            std::int16_t, std::string, Instant, Instant, std::int64_t, std::int64_t>
    newer{"requests.newer", "select id, began_at, " TEMPS_REQUEST_COLUMNS TEMPS_REQUEST_FILTER
                            " and id > $8 order by id limit $9"};

#undef TEMPS_REQUEST_COLUMNS
#undef TEMPS_REQUEST_FILTER

inline constexpr sql::Command<std::string, Instant> note_segment{
    "requests.note_segment",
    "insert into requests_segments (id, loaded_at) values ($1, $2) on conflict do nothing"};
inline constexpr sql::Command<Instant, std::vector<std::string>> forget_segments{
    "requests.forget_segments",
    "delete from requests_segments where loaded_at < $1 and id <> all ($2)"};

// Jumps from project to project through the index.
inline constexpr sql::Query<ProjectId> logged_projects{
    "requests.logged_projects",
    "with recursive found as ("
    "(select project_id from requests order by project_id limit 1) union all "
    "select (select r.project_id from requests r where r.project_id > f.project_id "
    "order by r.project_id limit 1) from found f where f.project_id is not null) "
    "select project_id from found where project_id is not null"};
inline constexpr sql::Command<ProjectId> delete_of_project{
    "requests.delete_of_project", "delete from requests where project_id = $1"};

inline sql::Catalogue catalogue() {
  return sql::catalogue("requests", copy_requests, newest, newer, note_segment, forget_segments,
                        logged_projects, delete_of_project);
}

}  // namespace temps::requests::queries
