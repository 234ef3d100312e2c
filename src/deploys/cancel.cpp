// The end of deployments that somebody does not want any more.
#include "core/reflect.hpp"
#include "deploys/errors.hpp"
#include "deploys/pipeline.hpp"

namespace temps::deploys {

using namespace std::chrono_literals;

namespace {
// What an answer to the wish may wait for the end; it comes in any case.
constexpr auto answer_time = 10s;
}  // namespace

Task<> Pipeline::cancel(projects::EnvironmentId environment) {
  const auto split = co_await give_up_split(environment, "the project is being deleted");
  if (split) co_await within(cancel_time, queue_.wait(*split));
  for (const auto& deployment : co_await store_.unended()) {
    if (deployment.environment != environment || !deployment.job) continue;
    co_await queue_.cancel(*deployment.job);
    co_await within(cancel_time, queue_.wait(*deployment.job));
    // One that waited has never run: nothing ended its deployment.
    co_await end_without_job(deployment.id, cancellation_of({}));
  }
}

Task<> Pipeline::cancel(Deployment deployment, std::string by) {
  if (!co_await store_.ask_to_cancel(deployment.id, std::move(by))) {
    co_await fail(co_await why_not_cancelled(deployment.id));
  }
  if (!deployment.job) co_return co_await end_without_job(deployment.id, cancellation_of({}));
  co_await queue_.cancel(*deployment.job);
  auto ended = co_await attempt(within(answer_time, queue_.wait(*deployment.job)));
  if (!ended) co_return;
  co_await end_without_job(deployment.id, cancellation_of({}));
}

// And what can be done instead.
Task<Error> Pipeline::why_not_cancelled(DeploymentId id) {
  const auto deployment = co_await store_.get(id);
  if (deployment.status != Status::live) {
    co_return Error(errors::not_running,
                    fmt::format("deployment #{} has ended: it is {}; there is nothing to cancel",
                                deployment.number, reflect::enum_name(deployment.status)));
  }
  const auto where = co_await place(deployment);
  const bool is_production = where.environment.name == projects::production_name;
  co_return Error(
      errors::not_running,
      fmt::format("deployment #{} is switched to already; to go back to the release before it: "
                  "temps rollback {}{}",
                  deployment.number, where.project.name,
                  is_production ? std::string{} : " --environment " + where.environment.name));
}

}  // namespace temps::deploys
