// The part of the queue that runs jobs.
#include <algorithm>

#include "core/log.hpp"
#include "core/random.hpp"
#include "jobs/jobs.hpp"
#include "jobs/outcome.hpp"
#include "jobs/queries.hpp"
#include "jobs/running.hpp"

namespace temps::jobs {

namespace {

constexpr std::chrono::hours sweep_every{1};
constexpr std::int64_t sweep_rows_max = 1000;
constexpr int record_tries = 3;
constexpr std::chrono::seconds record_again{1};

double chance() { return static_cast<unsigned char>(random_bytes(1).front()) / 255.0; }

}  // namespace

Task<> Queue::work() {
  Cancellation& scope = co_await current_scope();
  for (;;) {
    has_work_ = false;
    auto rest = co_await attempt(pass());
    if (scope.reason()) co_return;
    if (!rest) {
      log::warning("jobs cannot be looked up; trying again",
                   {{"code", rest.error().code().code}, {"detail", rest.error().detail()}});
    }
    if (has_work_) continue;
    (void)co_await attempt(within(rest.value_or(options_.poll), awake_.next()));
  }
}

// Starts all jobs that are due and have a place; yields how long to wait for the next one.
Task<std::chrono::milliseconds> Queue::pass() {
  co_await take_up_abandoned();
  auto now = clock_.now();
  for (;;) {
    auto kinds = free_kinds();
    if (kinds.empty()) break;
    now = clock_.now();
    // Shielded: a claim whose answer nobody hears would be a job that nobody runs.
    auto claimed = co_await shielded(claim(std::move(kinds), now));
    if (!claimed) break;
    runs_.start("jobs.run", run(std::move(*claimed), now + options_.lease));
  }
  co_await sweep();
  // As of the last claim: what became due since then must not be left to the next poll.
  const auto due = co_await database_.one(queries::next_due, free_kinds(), now);
  if (!due) co_return options_.poll;
  const auto until = std::chrono::ceil<std::chrono::milliseconds>(*due - clock_.now());
  co_return std::clamp(until, std::chrono::milliseconds{0}, options_.poll);
}

Task<> Queue::take_up_abandoned() {
  const auto taken = co_await database_.run(
      queries::take_up, options_.worker, running_ids(), clock_.now(), options_.interruptions_max,
      std::string(errors::interrupted.code),
      fmt::format("its process ended {} times while it ran; look into the log for why",
                  options_.interruptions_max + 1));
  if (taken > 0) log::info("jobs are taken up again", {{"jobs", taken}});
}

Task<std::optional<Claimed>> Queue::claim(std::vector<std::string> kinds, Instant now) {
  auto claimed = co_await attempt(database_.maybe(queries::claim, std::move(kinds), now,
                                                  options_.worker, now + options_.lease));
  // Another process has just claimed a job of the same key.
  if (!claimed && claimed.error().is(sql::errors::conflict)) co_return std::nullopt;
  co_return co_await std::move(claimed);
}

Task<> Queue::run(Claimed claimed, Instant lease_until) {
  Cancellation& group = co_await current_scope();
  Cancellation scope(group);
  Running running{.claimed = claimed, .scope = scope, .lease_until = lease_until};
  running_.emplace(claimed.id, &running);
  Kind& kind = kinds_.find(claimed.kind)->second;
  ++kind.running;
  Job job(*this, claimed);
  auto result = co_await attempt(in_scope(scope, within(kind.limits.run_max, kind.handler(job))));
  if (!result && scope.reason() && scope.reason()->is(errors::lease_lost)) {
    result = fail(*scope.reason());
  }
  auto recorded = co_await attempt(shielded(record(running, std::move(result))));
  --kind.running;
  running_.erase(claimed.id);
  ended_.notify();
  wake();  // the place is free, and so is the key
  co_await std::move(recorded);
}

Task<> Queue::record(const Running& running, Result<> result) {
  const Claimed& claimed = running.claimed;
  const auto outcome = decide(result, {.is_closing = closing_,
                                       .cancel_requested = running.cancel_requested,
                                       .attempt = claimed.attempt,
                                       .attempts_max = claimed.attempts_max});
  if (!result && outcome != Outcome::release && outcome != Outcome::cancel) {
    log::warning("job failed", {{"job", claimed.id.value},
                                {"kind", claimed.kind},
                                {"attempt", claimed.attempt},
                                {"final", outcome == Outcome::retry ? "no" : "yes"},
                                {"code", result.error().code().code},
                                {"detail", result.error().detail()},
                                {"cause", result.error().cause()}});
  }
  for (int tries = 1;; ++tries) {
    auto stored = co_await attempt(store(claimed, outcome, result));
    if (stored) co_return;
    // Not stored: the job counts as abandoned, and is taken up again.
    if (tries == record_tries) co_await fail(stored.error());
    co_await sleep(record_again);
  }
}

Task<> Queue::store(const Claimed& claimed, Outcome outcome, const Result<>& result) {
  const auto now = clock_.now();
  std::optional<std::string> code;
  std::optional<std::string> detail;
  if (!result) {
    code = result.error().code().code;
    detail = sql::storable(result.error().detail());
  }
  switch (outcome) {
    case Outcome::succeed:
      co_await database_.run(queries::finish, claimed.id, claimed.run, Status::succeeded,
                             std::nullopt, std::nullopt, now);
      break;
    case Outcome::fail:
      co_await database_.run(queries::finish, claimed.id, claimed.run, Status::failed, code, detail,
                             now);
      break;
    case Outcome::cancel:
      co_await database_.run(queries::finish, claimed.id, claimed.run, Status::cancelled,
                             std::nullopt, std::nullopt, now);
      break;
    case Outcome::retry:
      co_await database_.run(
          queries::retry, claimed.id, claimed.run, code.value_or(""), detail.value_or(""),
          now + pause_after(claimed.attempt, options_.retry_first, options_.retry_max, chance()));
      break;
    case Outcome::release:
      co_await database_.run(queries::release, claimed.id, claimed.run);
      break;
    case Outcome::forget:
      break;
  }
}

Task<> Queue::beat() {
  for (;;) {
    co_await sleep(options_.lease / 3);
    auto renewed = co_await attempt(renew_leases());
    if (!renewed) {
      log::warning("leases of jobs cannot be renewed", {{"detail", renewed.error().detail()}});
    }
    for (const auto& [id, running] : running_) {
      if (running->lease_until > clock_.now()) continue;
      running->scope.cancel(Error(errors::lease_lost, "the job's lease could not be renewed"));
    }
  }
}

Task<> Queue::renew_leases() {
  if (running_.empty()) co_return;
  const auto until = clock_.now() + options_.lease;
  const auto asked = running_ids();
  const auto held = co_await database_.all(queries::renew, asked, options_.worker, until);
  for (const auto id : asked) {
    const auto found = running_.find(id);
    if (found == running_.end()) continue;  // ended meanwhile
    Running& running = *found->second;
    const auto lease = std::ranges::find(held, id, &queries::Lease::id);
    if (lease == held.end() || lease->run != running.claimed.run) {
      running.scope.cancel(Error(errors::lease_lost, std::string(errors::lease_lost.title)));
      continue;
    }
    running.lease_until = until;
    if (!lease->cancel_requested) continue;
    running.cancel_requested = true;
    running.scope.cancel(Error(errors::cancelled, "the job was cancelled"));
  }
}

Task<> Queue::sweep() {
  const auto now = clock_.now();
  if (swept_at_ && now - *swept_at_ < sweep_every) co_return;
  swept_at_ = now;
  co_await database_.run(queries::sweep, now - options_.keep_finished, sweep_rows_max);
}

}  // namespace temps::jobs
