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
    return {errors::cancelled, "the deployment was cancelled"};
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
    const auto job = co_await job_record(*deployment.job);
    if (job && is_open(*job)) continue;
    // The deployment may have ended, and then its job, since the list was read.
    const auto now = co_await store_.get(deployment.id);
    if (has_ended(now.status)) continue;
    log::warning("a deployment without a job is ended", {{"deployment", deployment.id.value}});
    co_await shielded(fail_deployment(deployment.id, reason(job)));
  }
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

Task<> Pipeline::cancel(projects::EnvironmentId environment) {
  const auto split = co_await give_up_split(environment, "the project is being deleted");
  if (split) co_await within(cancel_time, queue_.wait(*split));
  for (const auto& deployment : co_await store_.unended()) {
    if (deployment.environment != environment || !deployment.job) continue;
    co_await queue_.cancel(*deployment.job);
    co_await within(cancel_time, queue_.wait(*deployment.job));
    // One that waited has never run: nothing ended its deployment.
    const auto now = co_await store_.get(deployment.id);
    if (has_ended(now.status)) continue;
    co_await fail_deployment(deployment.id,
                             Error(errors::cancelled, "the deployment was cancelled"));
  }
}

}  // namespace temps::deploys
