#include "jobs/jobs.hpp"
#include "jobs/queries.hpp"
#include "jobs/running.hpp"

namespace temps::jobs {

namespace {

constexpr std::size_t document_max = 1 << 20;
constexpr std::chrono::seconds wait_poll{1};

bool has_ended(Status status) { return status != Status::waiting && status != Status::running; }

}  // namespace

Result<> check_size(std::string_view document) {
  if (document.size() <= document_max) return {};
  return fail(errors::too_large, "a job's document may have {} bytes, this one has {}",
              document_max, document.size());
}

Queue::Queue(sql::Database& database, Timers& timers, const Clock& clock, Options options)
    : database_(database),
      clock_(clock),
      options_(std::move(options)),
      loops_(timers),
      runs_(timers) {}
Queue::~Queue() = default;

Task<JobId> Queue::add(NewJob job) { co_return co_await add(std::move(job), database_); }

Task<JobId> Queue::add(NewJob job, sql::Executor& executor) {
  co_await check_size(job.payload);
  const auto now = clock_.now();
  auto key = job.key.empty() ? std::nullopt : std::optional(std::move(job.key));
  const auto id = co_await executor.one(queries::insert, std::move(job.kind), std::move(key),
                                        sql::Json{std::move(job.payload)}, job.attempts_max, now,
                                        job.run_at.value_or(now));
  executor.when_committed([this] { wake(); });
  co_return id;
}

Task<bool> Queue::cancel(JobId id) {
  const auto status = co_await database_.maybe(queries::cancel, id, clock_.now());
  if (!status) co_return false;
  if (const auto running = running_.find(id); running != running_.end()) {
    running->second->cancel_requested = true;
    running->second->scope.cancel(Error(errors::cancelled, "the job was cancelled"));
  }
  ended_.notify();
  wake();  // the next of its key may run
  co_return true;
}

Task<bool> Queue::has_open(std::string key) {
  co_return co_await database_.one(queries::has_open, std::move(key));
}

Task<JobRecord> Queue::get(JobId id) {
  auto found = co_await database_.maybe(queries::by_id, id);
  if (!found) co_await fail(errors::no_such_job, "there is no job {}", id.value);
  co_return std::move(*found);
}

Task<std::vector<JobRecord>> Queue::list(std::optional<Status> status, JobId before,
                                         std::int64_t limit) {
  co_return co_await database_.all(queries::list, status, before, limit);
}

Task<JobRecord> Queue::wait(JobId id) {
  for (;;) {
    auto record = co_await get(id);
    if (has_ended(record.status)) co_return record;
    // Jobs of other processes end without a signal here.
    (void)co_await attempt(within(wait_poll, ended_.next()));
  }
}

void Queue::handle(std::string kind, Handler handler, KindLimits limits) {
  const bool added = kinds_.try_emplace(kind, std::move(handler), limits).second;
  ensure(added, "two handlers for one kind of job");
}

void Queue::start() {
  loops_.start("jobs.work", work());
  loops_.start("jobs.beat", beat());
}

Task<> Queue::close() {
  closing_ = true;
  co_await loops_.close();
  co_await runs_.close();
}

void Queue::wake() {
  has_work_ = true;
  awake_.notify();
}

std::vector<std::string> Queue::free_kinds() const {
  std::vector<std::string> kinds;
  for (const auto& [name, kind] : kinds_) {
    if (kind.running < kind.limits.running_max) kinds.push_back(name);
  }
  return kinds;
}

std::vector<JobId> Queue::running_ids() const {
  std::vector<JobId> ids;
  for (const auto& [id, running] : running_) ids.push_back(id);
  return ids;
}

}  // namespace temps::jobs
