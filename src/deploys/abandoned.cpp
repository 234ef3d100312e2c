// What is left when a job ends for good and the deployment it carried on has not ended.
#include "core/log.hpp"
#include "deploys/errors.hpp"
#include "deploys/pipeline.hpp"
#include "jobs/errors.hpp"

namespace temps::deploys {

namespace {

bool is_open(const jobs::JobRecord& job) {
  return job.status == jobs::Status::waiting || job.status == jobs::Status::running;
}

Error reason(const std::optional<jobs::JobRecord>& job) {
  if (job && job->status == jobs::Status::cancelled) {
    return cancellation_of({});
  }
  const auto detail = job ? job->error_detail.value_or("") : "";
  return {errors::given_up, fmt::format("Temps could not carry it on{}{}; push again",
                                        detail.empty() ? "" : ": ", detail)};
}

}  // namespace

Task<std::optional<jobs::JobRecord>> Pipeline::job_record(jobs::JobId id) {
  auto found = co_await attempt(queue_.get(id));
  if (!found && found.error().is(jobs::errors::no_such_job)) co_return std::nullopt;
  co_return co_await std::move(found);
}

Task<> Pipeline::end_abandoned() {
  for (const auto& deployment : co_await store_.unended()) {
    if (!deployment.job) continue;
    auto job = co_await job_record(*deployment.job);
    if (job && is_open(*job) && !deployment.cancelled_by.empty()) {
      // Temps may have been ended between the wish and this.
      co_await queue_.cancel(*deployment.job);
      job = co_await job_record(*deployment.job);
    }
    if (job && is_open(*job)) continue;
    co_await end_without_job(deployment.id, reason(job));
  }
}

// It may have ended, and then its job, since somebody looked; or somebody else ends it.
Task<> Pipeline::end_without_job(DeploymentId id, Error reason) {
  if (ending_.contains(id.value)) co_return;
  const Mark mark(ending_, id.value);
  const auto now = co_await store_.get(id);
  if (has_ended(now.status)) co_return;
  log::info("a deployment without a job is ended", {{"deployment", id.value}});
  co_await shielded(fail_deployment(id, std::move(reason)));
}

Task<> Pipeline::retire_forgotten() {
  for (const auto& deployment : co_await store_.with_instance()) {
    const auto live = co_await store_.live_of(deployment.environment);
    if (deployment.status != Status::live || !live || live == deployment.id) continue;
    if (co_await store_.is_served(deployment)) continue;
    auto job = retire_job_of({.fresh = *live, .old = deployment.id});
    if (!co_await queue_.has_open(job.key)) co_await queue_.add(std::move(job));
  }
}

}  // namespace temps::deploys
