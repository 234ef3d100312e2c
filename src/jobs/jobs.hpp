// Durable work: a job is a row in PostgreSQL that is run until it has succeeded, failed for good or
// was cancelled, whatever happens to the process meanwhile.
//
//   queue.handle("deploys.deploy", [this](jobs::Job& job) { return deploy(job); });  // phase two
//
//   co_await database.transact<void>([&](this auto, sql::Transaction& tx) -> Task<> {
//     co_await tx.run(queries::insert_deployment, …);
//     co_await queue.add({.kind = "deploys.deploy", .key = "environment-7", .payload = "{}"}, tx);
//   });
//
// A handler may be run again after it was cut off anywhere: it saves a state before each step that
// must not be repeated, and looks at `state()` first.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/concurrency.hpp"
#include "core/id.hpp"
#include "jobs/errors.hpp"
#include "sql/database.hpp"

namespace temps::jobs {

using JobId = Id<struct JobTag>;

struct NewJob {
  std::string kind;            // "module.action"
  std::string key{};           // jobs of one key run one after the other, in order; empty: no order
  std::string payload = "{}";  // a JSON document of up to 1 MB
  std::optional<Instant> run_at{};  // not before; nothing: at once
  std::int32_t attempts_max = 5;
};

enum class Status : std::uint8_t { waiting, running, succeeded, failed, cancelled };

struct JobRecord {
  JobId id;
  std::string kind;
  std::optional<std::string> key;
  Status status;
  std::int32_t attempt;
  Instant run_at;
  std::optional<Instant> finished_at;
  std::optional<std::string> error_code;  // of the last attempt
  std::optional<std::string> error_detail;
};

class Queue;
struct Claimed;
enum class Outcome : std::uint8_t;

// A job while it runs: what its handler sees. It ends by cancellation (of the handler's scope) when
// the job was cancelled, the process stops or the lease was lost.
class Job {
 public:
  Job(Queue& queue, const Claimed& claimed);

  [[nodiscard]] JobId id() const;
  [[nodiscard]] const std::string& payload() const;
  // What the last save() of this job kept, in whichever attempt.
  [[nodiscard]] const std::optional<std::string>& state() const;
  // From 1. A run that was cut off by the end of its process does not count.
  [[nodiscard]] std::int32_t attempt() const;
  [[nodiscard]] bool is_last_attempt() const;
  // Was it cancelled by request? (Not: does the process stop?)
  [[nodiscard]] bool is_cancelled() const;

  // Keeps `state`, a JSON document. Fails with `lease_lost`, `too_large`.
  Task<> save(std::string state);
  Task<> save(std::string state, sql::Executor& executor);

 private:
  Queue& queue_;
  const Claimed& claimed_;
  std::optional<std::string> state_;
};

using Handler = std::function<Task<>(Job&)>;

// Limits of one kind. Kinds have no place in common: a full one holds up no other.
struct KindLimits {
  std::size_t running_max = 8;             // at the same time
  std::chrono::seconds run_max{2 * 3600};  // then it fails with `core.timed_out`
};

struct Options {
  // Names the process. What a process of this name left running is taken up again at once, so no
  // two may run at the same time.
  std::string worker = "serve";
  std::chrono::milliseconds poll{5'000};    // looks for jobs of other processes
  std::chrono::milliseconds lease{60'000};  // after that without a sign of life others take over
  std::chrono::milliseconds retry_first{2'000};  // doubles with each attempt
  std::chrono::milliseconds retry_max{300'000};
  std::int32_t interruptions_max = 5;
  std::chrono::hours keep_finished{14 * 24};
};

// Owns the table `jobs`. Failed attempts are repeated, with growing pauses, when the error's kind
// is unavailable, timeout or internal; other errors are final.
class Queue {
 public:
  Queue(sql::Database& database, Timers& timers, const Clock& clock, Options options = {});
  ~Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  // In the caller's transaction; the job starts once that has been committed. Fails with
  // `too_large`.
  Task<JobId> add(NewJob job, sql::Executor& executor);
  Task<JobId> add(NewJob job);
  // Ends a waiting job, and asks a running one to end. False when it has ended already.
  Task<bool> cancel(JobId id);
  // Does a job of this key wait or run?
  Task<bool> has_open(std::string key);
  Task<JobRecord> get(JobId id);  // Fails with `no_such_job`.
  // The newest first, those before `before`; of one status, where one is given.
  Task<std::vector<JobRecord>> list(std::optional<Status> status, JobId before, std::int64_t limit);
  // Waits until the job has succeeded, failed or was cancelled.
  Task<JobRecord> wait(JobId id);

  // Before start(). Jobs of a kind without a handler wait.
  void handle(std::string kind, Handler handler, KindLimits limits = {});
  // Begins to run jobs, those that a dead process left first.
  void start();
  // Stops what runs; it goes on at the next start, without having lost an attempt.
  Task<> close();

 private:
  friend class Job;
  struct Kind {
    Handler handler;
    KindLimits limits;
    std::size_t running = 0;
  };
  struct Running;

  void wake();
  Task<> work();
  Task<std::chrono::milliseconds> pass();
  Task<> take_up_abandoned();
  Task<std::optional<Claimed>> claim(std::vector<std::string> kinds, Instant now);
  Task<> run(Claimed claimed, Instant lease_until);
  Task<> record(const Running& running, Result<> result);
  Task<> store(const Claimed& claimed, Outcome outcome, const Result<>& result);
  Task<> beat();
  Task<> renew_leases();
  Task<> sweep();
  [[nodiscard]] std::vector<std::string> free_kinds() const;
  [[nodiscard]] std::vector<JobId> running_ids() const;

  sql::Database& database_;
  const Clock& clock_;
  Options options_;
  std::map<std::string, Kind, std::less<>> kinds_;
  std::map<JobId, Running*> running_;
  Signal awake_;
  Signal ended_;
  bool has_work_ = true;  // something was added since the last look
  bool closing_ = false;
  std::optional<Instant> swept_at_;
  TaskGroup loops_;
  TaskGroup runs_;
};

}  // namespace temps::jobs
