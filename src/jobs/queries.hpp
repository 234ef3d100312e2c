#pragma once
#include "jobs/jobs.hpp"
#include "sql/catalogue.hpp"
#include "sql/database.hpp"

namespace temps::jobs {

// A job that this process has the lease of.
struct Claimed {
  JobId id;
  std::string kind;
  sql::Json payload;
  std::optional<sql::Json> state;
  std::int32_t attempt;
  std::int32_t attempts_max;
  std::int32_t run;
};

namespace queries {

struct Lease {
  JobId id;
  std::int32_t run;
  bool cancel_requested;
};

inline constexpr sql::Query<JobId, std::string, std::optional<std::string>, sql::Json, std::int32_t,
                            Instant, Instant>
    insert{"jobs.insert",
           "insert into jobs (kind, key, payload, attempts_max, created_at, run_at) "
           "values ($1, $2, $3, $4, $5, $6) returning id"};

// A job waits for all older ones of its key, also for those that wait for a retry. The unique
// index on running keys decides between two processes at the same moment.
inline constexpr sql::Query<Claimed, std::vector<std::string>, Instant, std::string, Instant> claim{
    "jobs.claim",
    "with next as ("
    "  select id from jobs job"
    "  where status = 'waiting' and kind = any($1) and run_at <= $2"
    "    and not exists (select from jobs other where other.key = job.key"
    "      and (other.status = 'running' or (other.status = 'waiting' and other.id < job.id)))"
    "  order by run_at, id limit 1 for update skip locked) "
    "update jobs set status = 'running', attempt = attempt + 1, run = run + 1, worker = $3,"
    "  lease_until = $4, started_at = coalesce(started_at, $2)"
    " from next where jobs.id = next.id"
    " returning jobs.id, kind, payload, state, attempt, attempts_max, run"};

inline constexpr sql::Query<std::optional<Instant>, std::vector<std::string>, Instant> next_due{
    "jobs.next_due",
    "select min(run_at) from jobs where status = 'waiting' and kind = any($1) and run_at > $2"};

inline constexpr sql::Query<Lease, std::vector<JobId>, std::string, Instant> renew{
    "jobs.renew",
    "update jobs set lease_until = $3 where id = any($1) and worker = $2 and status = 'running' "
    "returning id, run, cancel_requested"};

// What a dead process left behind: ours that we do not run, others' whose lease has ended.
inline constexpr sql::Command<std::string, std::vector<JobId>, Instant, std::int32_t, std::string,
                              std::string>
    take_up{"jobs.take_up",
            "update jobs set worker = null, lease_until = null, attempt = attempt - 1,"
            "  interruptions = interruptions + 1,"
            "  status = case when cancel_requested then 'cancelled'"
            "    when interruptions >= $4 then 'failed' else 'waiting' end,"
            "  finished_at = case when cancel_requested or interruptions >= $4 then $3 end,"
            "  error_code = case when interruptions >= $4 then $5 else error_code end,"
            "  error_detail = case when interruptions >= $4 then $6 else error_detail end "
            "where status = 'running'"
            "  and case when worker = $1 then id <> all($2) else lease_until < $3 end"};

inline constexpr sql::Command<JobId, std::int32_t, Status, std::optional<std::string>,
                              std::optional<std::string>, Instant>
    finish{"jobs.finish",
           "update jobs set status = $3, error_code = $4, error_detail = $5, finished_at = $6,"
           "  worker = null, lease_until = null where id = $1 and run = $2 and status = 'running'"};

inline constexpr sql::Command<JobId, std::int32_t, std::string, std::string, Instant> retry{
    "jobs.retry",
    "update jobs set status = 'waiting', error_code = $3, error_detail = $4, run_at = $5,"
    "  worker = null, lease_until = null where id = $1 and run = $2 and status = 'running'"};

inline constexpr sql::Command<JobId, std::int32_t> release{
    "jobs.release",
    "update jobs set status = 'waiting', attempt = attempt - 1, worker = null, lease_until = null "
    "where id = $1 and run = $2 and status = 'running'"};

inline constexpr sql::Command<JobId, std::int32_t, sql::Json> save{
    "jobs.save",
    "update jobs set state = $3, interruptions = 0 where id = $1 and run = $2 and status = "
    "'running'"};

inline constexpr sql::Query<Status, JobId, Instant> cancel{
    "jobs.cancel",
    "update jobs set cancel_requested = true,"
    "  status = case when status = 'waiting' then 'cancelled' else status end,"
    "  finished_at = case when status = 'waiting' then $2 end "
    "where id = $1 and status in ('waiting', 'running') returning status"};

inline constexpr sql::Query<bool, std::string> has_open{
    "jobs.has_open",
    "select exists (select from jobs where key = $1 and status in ('waiting', 'running'))"};

inline constexpr sql::Query<JobRecord, JobId> by_id{
    "jobs.by_id",
    "select id, kind, key, status, attempt, run_at, finished_at, error_code, error_detail "
    "from jobs where id = $1"};

inline constexpr sql::Query<JobRecord, std::optional<Status>, JobId, std::int64_t> list{
    "jobs.list",
    "select id, kind, key, status, attempt, run_at, finished_at, error_code, error_detail "
    "from jobs where ($1::text is null or status = $1) and id < $2 order by id desc limit $3"};

inline constexpr sql::Command<Instant, std::int64_t> sweep{
    "jobs.sweep",
    "delete from jobs where id in (select id from jobs where finished_at < $1 limit $2)"};

}  // namespace queries

inline sql::Catalogue statements() {
  using namespace queries;
  return sql::catalogue("jobs", insert, claim, next_due, renew, take_up, finish, retry, release,
                        save, cancel, has_open, by_id, list, sweep);
}

}  // namespace temps::jobs
