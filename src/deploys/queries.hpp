#pragma once
#include "deploys/deployment.hpp"
#include "sql/catalogue.hpp"
#include "sql/database.hpp"

namespace temps::deploys::queries {

using projects::EnvironmentId;

// Deployment with the release still as JSON text.
struct Row {
  DeploymentId id;
  EnvironmentId environment;
  std::int64_t number;
  std::int64_t origin;
  Trigger trigger;
  Status status;
  std::string commit;
  std::string message;
  std::string branch;
  std::string source;
  std::optional<sql::Json> release;
  std::string instance;
  std::string address;
  std::int32_t port;
  std::string error_code;
  std::string error_detail;
  Instant created_at;
  std::optional<Instant> live_at;
  std::optional<Instant> finished_at;
  std::optional<jobs::JobId> job;
  std::int64_t variables;
  std::int64_t restores;
  std::string cancelled_by;
  SourceKind source_kind;
  std::string image;
};

struct Live {
  EnvironmentId environment;
  DeploymentId deployment;
};

struct Split {
  EnvironmentId environment;
  DeploymentId deployment;
  std::int32_t weight;
};

struct Wish {
  EnvironmentId environment;
  DeploymentId beside;
  sql::Json wishes;
  std::int64_t first_line;
  jobs::JobId job;
};

#define TEMPS_DEPLOYMENT_COLUMNS                                                              \
  "id, environment_id, number, origin, trigger, status, commit_id, commit_message, branch, "  \
  "source, release, instance, address, port, error_code, error_detail, created_at, live_at, " \
  "finished_at, job_id, variables, restores, cancelled_by, source_kind, image"

// Numbers count up without gaps because the environment's row is locked by the caller's
// transaction.
inline constexpr sql::Query<EnvironmentId, EnvironmentId> lock_environment{
    "deploys.lock_environment", "select id from environments where id = $1 for update"};
inline constexpr sql::Query<Row, EnvironmentId, std::int64_t, Trigger, std::string, std::string,
                            std::string, std::optional<sql::Json>, Instant, std::int64_t,
                            std::int64_t, std::int64_t, SourceKind, std::string>
    insert_deployment{
        "deploys.insert_deployment",
        "insert into deployments (environment_id, number, origin, trigger, status, commit_id, "
        "commit_message, branch, release, created_at, variables, restores, source_kind, image) "
        "select $1::bigint, n, case when $2::bigint = 0 then n else $2::bigint end, $3::text, "
        "'queued', $4::text, $5::text, $6::text, $7::jsonb, $8::timestamptz, "
        "$10::bigint, $11::bigint, $12::text, $13::text "
        "from (select greatest(coalesce(max(number), 0) + 1, $9::bigint) as n from deployments "
        "where environment_id = $1) "
        "as next returning " TEMPS_DEPLOYMENT_COLUMNS};
inline constexpr sql::Command<DeploymentId, std::string> set_source{
    "deploys.set_source", "update deployments set source = $2 where id = $1"};
inline constexpr sql::Query<Row, DeploymentId> by_id{
    "deploys.by_id", "select " TEMPS_DEPLOYMENT_COLUMNS " from deployments where id = $1"};
inline constexpr sql::Query<Row, EnvironmentId, std::int64_t> by_number{
    "deploys.by_number", "select " TEMPS_DEPLOYMENT_COLUMNS
                         " from deployments where environment_id = $1 and number = $2"};
inline constexpr sql::Query<Row, EnvironmentId, std::int64_t, std::int64_t> before{
    "deploys.before",
    "select " TEMPS_DEPLOYMENT_COLUMNS
    " from deployments where environment_id = $1 and number < $2 order by number desc limit $3"};
inline constexpr sql::Query<Row> with_instance{
    "deploys.with_instance",
    "select " TEMPS_DEPLOYMENT_COLUMNS " from deployments where instance <> '' order by id"};
inline constexpr sql::Query<Row> unended{
    "deploys.unended", "select " TEMPS_DEPLOYMENT_COLUMNS
                       " from deployments where status in "
                       "('queued', 'building', 'starting', 'checking') order by id"};
inline constexpr sql::Query<std::int64_t, EnvironmentId, std::int64_t> newer_queued{
    "deploys.newer_queued",
    "select number from deployments where environment_id = $1 and number > $2 and "
    "status = 'queued' and cancelled_by = '' order by number desc limit 1"};
// What was live before deployment `$2` and can be again: its build, which may be an older one's, is
// still here.
inline constexpr sql::Query<Row, EnvironmentId, std::int64_t> rollback_target{
    "deploys.rollback_target",
    "select " TEMPS_DEPLOYMENT_COLUMNS
    " from deployments where environment_id = $1 and number = ("
    "select d.number from deployments d join deployments b "
    "on b.environment_id = d.environment_id and b.number = d.origin "
    "where d.environment_id = $1 and d.number < $2 and d.live_at is not null "
    "and d.status <> 'rolled_back' and b.live_at is not null and b.release is not null "
    "and b.status <> 'rolled_back' order by d.number desc limit 1)"};
inline constexpr sql::Query<Row, EnvironmentId> latest_source{
    "deploys.latest_source",
    "select " TEMPS_DEPLOYMENT_COLUMNS
    " from deployments where environment_id = $1 and (source <> '' or (image <> '' and "
    "origin = number)) order by number desc limit 1"};
inline constexpr sql::Command<DeploymentId, std::string, std::string, std::string> set_fetched{
    "deploys.set_fetched",
    "update deployments set commit_id = $2, commit_message = $3, source = $4 where id = $1"};

inline constexpr sql::Command<DeploymentId, jobs::JobId> set_job{
    "deploys.set_job", "update deployments set job_id = $2 where id = $1"};
inline constexpr sql::Command<DeploymentId, Status> set_status{
    "deploys.set_status", "update deployments set status = $2 where id = $1"};
inline constexpr sql::Command<DeploymentId, sql::Json> set_release{
    "deploys.set_release", "update deployments set release = $2 where id = $1"};
inline constexpr sql::Command<DeploymentId> clear_release{
    "deploys.clear_release", "update deployments set release = null where id = $1"};
inline constexpr sql::Command<DeploymentId, std::string, std::string, std::int32_t> set_instance{
    "deploys.set_instance",
    "update deployments set instance = $2, address = $3, port = $4 where id = $1"};
inline constexpr sql::Command<DeploymentId, Status, std::string, std::string, Instant> finish{
    "deploys.finish",
    "update deployments set status = $2, error_code = $3, error_detail = $4, finished_at = $5 "
    "where id = $1"};
inline constexpr sql::Command<DeploymentId, Instant> set_live{
    "deploys.set_live",
    "update deployments set status = 'live', live_at = $2, finished_at = $2 where id = $1 and "
    "cancelled_by = ''"};
// Nothing where it has ended, or is switched to. Who asked first stays the one who did.
inline constexpr sql::Query<DeploymentId, DeploymentId, std::string> ask_to_cancel{
    "deploys.ask_to_cancel",
    "update deployments set cancelled_by = case when cancelled_by = '' then $2::text "
    "else cancelled_by end where id = $1 and status in "
    "('queued', 'building', 'starting', 'checking') returning id"};
inline constexpr sql::Command<DeploymentId> clear_live{
    "deploys.clear_live",
    "update deployments set status = 'checking', live_at = null, finished_at = null where id = $1"};

// One after the other: what it was in ends with that.
inline constexpr sql::Command<DeploymentId, Stage, Instant> enter_stage{
    "deploys.enter_stage",
    "with left_one as (update deployment_stages set ended_at = $3 where deployment_id = $1 and "
    "ended_at is null) insert into deployment_stages (deployment_id, stage, began_at) "
    "values ($1, $2, $3)"};
inline constexpr sql::Command<DeploymentId, Instant> leave_stage{
    "deploys.leave_stage",
    "update deployment_stages set ended_at = $2 where deployment_id = $1 and ended_at is null"};
// The newest of a deployment that was taken up again many times.
inline constexpr sql::Query<StageTime, DeploymentId, std::int64_t> stages_of{
    "deploys.stages_of",
    "select stage, began_at, ended_at from (select id, stage, began_at, ended_at from "
    "deployment_stages where deployment_id = $1 order by id desc limit $2) as newest order by id"};

inline constexpr sql::Query<Live> all_served{
    "deploys.all_served",
    "select environment_id, deployment_id from live_releases union "
    "select environment_id, deployment_id from release_splits order by 1, 2"};
inline constexpr sql::Query<Row> served_deployments{
    "deploys.served_deployments",
    "select " TEMPS_DEPLOYMENT_COLUMNS
    " from deployments where id in (select deployment_id from live_releases union "
    "select deployment_id from release_splits)"};
inline constexpr sql::Query<Live> all_live{
    "deploys.all_live",
    "select environment_id, deployment_id from live_releases order by environment_id"};
inline constexpr sql::Query<Split> all_splits{
    "deploys.all_splits",
    "select environment_id, deployment_id, weight from release_splits order by 1, 2"};
inline constexpr sql::Query<Split, EnvironmentId> split_of{
    "deploys.split_of",
    "select environment_id, deployment_id, weight from release_splits where environment_id = $1 "
    "order by 2"};
inline constexpr sql::Command<EnvironmentId, DeploymentId, std::int32_t> add_to_split{
    "deploys.add_to_split",
    "insert into release_splits (environment_id, deployment_id, weight) values ($1, $2, $3)"};
inline constexpr sql::Query<Split, EnvironmentId> end_split{
    "deploys.end_split",
    "delete from release_splits where environment_id = $1 "
    "returning environment_id, deployment_id, weight"};
inline constexpr sql::Command<EnvironmentId, DeploymentId, sql::Json, std::int64_t, jobs::JobId>
    set_wish{"deploys.set_wish",
             "insert into split_wishes (environment_id, deployment_id, wishes, first_line, job_id) "
             "values ($1, $2, $3, $4, $5) on conflict (environment_id) do update set "
             "deployment_id = $2, wishes = $3, first_line = $4, job_id = $5"};
inline constexpr sql::Query<Wish, EnvironmentId> wish_of{
    "deploys.wish_of",
    "select environment_id, deployment_id, wishes, first_line, job_id from split_wishes "
    "where environment_id = $1"};
inline constexpr sql::Query<DeploymentId, EnvironmentId> live_of{
    "deploys.live_of", "select deployment_id from live_releases where environment_id = $1"};
inline constexpr sql::Query<DeploymentId, EnvironmentId> lock_live{
    "deploys.lock_live",
    "select deployment_id from live_releases where environment_id = $1 for update"};
inline constexpr sql::Command<EnvironmentId, DeploymentId, DeploymentId, Instant> swap_live{
    "deploys.swap_live",
    "update live_releases set deployment_id = $3, switched_at = $4 "
    "where environment_id = $1 and deployment_id = $2"};
inline constexpr sql::Command<EnvironmentId, DeploymentId, Instant> point_to{
    "deploys.point_to",
    "insert into live_releases (environment_id, deployment_id, switched_at) values ($1, $2, $3) "
    "on conflict (environment_id) do update set deployment_id = $2, switched_at = $3"};
inline constexpr sql::Command<EnvironmentId> unpoint{
    "deploys.unpoint", "delete from live_releases where environment_id = $1"};

// Builds beyond the newest `$2` that were live, of which no deployment is live or runs.
inline constexpr sql::Query<Row, EnvironmentId, std::int64_t> surplus_builds{
    "deploys.surplus_builds",
    "select " TEMPS_DEPLOYMENT_COLUMNS
    " from deployments d where environment_id = $1 and origin = number and release is not null "
    "and not exists (select from deployments r where r.environment_id = $1 and "
    "r.origin = d.number and (r.instance <> '' or r.status in "
    "('queued', 'building', 'starting', 'checking', 'live'))) and (live_at is null or number not "
    "in "
    "(select number from deployments k where k.environment_id = $1 and k.origin = k.number and "
    "k.live_at is not null order by k.number desc limit $2)) order by number"};

inline sql::Catalogue catalogue() {
  return sql::catalogue("deploys", set_fetched, lock_environment, insert_deployment, set_source,
                        by_id, by_number, before, with_instance, unended, newer_queued,
                        rollback_target, latest_source, set_job, set_status, set_release,
                        clear_release, set_instance, finish, set_live, ask_to_cancel, enter_stage,
                        leave_stage, stages_of, clear_live, all_served, served_deployments,
                        all_live, all_splits, split_of, add_to_split, end_split, set_wish, wish_of,
                        live_of, lock_live, swap_live, point_to, unpoint, surplus_builds);
}

}  // namespace temps::deploys::queries
