// A split while it is being made. What is started for it counts as left over until the split is
// saved, so that a process killed before that leaves nothing behind.
#include "core/log.hpp"
#include "deploys/errors.hpp"
#include "deploys/health.hpp"
#include "deploys/pipeline.hpp"
#include "json/json.hpp"

namespace temps::deploys {

using namespace std::chrono_literals;

Task<> Pipeline::make_split(SplitPayload payload, jobs::Job& job) {
  const Mark mark(splitting_, payload.environment.value);
  auto made = co_await attempt(let_in(payload, job));
  if (made) co_return;
  const auto& error = made.error();
  const bool goes_on = !job.is_cancelled() && is_transient(error) && !job.is_last_attempt();
  if (goes_on) co_await fail(error);
  log::info("a split came to nothing",
            {{"environment", payload.environment.value}, {"detail", error.detail()}});
  co_await shielded(undo_split(payload, job));
  // Whatever kind of error it is, another attempt would end as this one did.
  co_await fail(errors::split_failed, "{}", error.detail());
}

Task<> Pipeline::let_in(const SplitPayload& payload, jobs::Job& job) {
  auto plan = co_await plan_split(payload.environment, payload.wishes);
  const auto beside = plan.beside.id;
  if (job.state()) journal_.say(beside, "going on after a restart of Temps");
  if (!job.state()) {
    while (stopping_.contains(beside.value)) co_await sleep(50ms);
    plan = co_await plan_split(payload.environment, payload.wishes);
    if (plan.beside.release->static_root.empty()) co_await run_beside(plan.beside);
    co_await save_split(plan, job);
  }
  const auto reach = co_await tell_proxy();
  if (reach == gateway::Reach::proxy_away) {
    journal_.say(beside, "the proxy is not running; it lets visitors in when it starts");
  }
  journal_.say(beside, fmt::format("the visitors are shared: {}", in_words(payload.wishes)));
  journal_.changed();
}

// The same that a deployment goes through before it is switched to.
Task<> Pipeline::run_beside(const Deployment& deployment) {
  if (!deployment.instance.empty()) co_return co_await make_ready(deployment);
  const auto where = co_await place(deployment);
  const auto& settings = where.environment.settings;
  journal_.say(deployment.id, "starting it beside the live release");
  const auto instance = co_await instances_.start(deployment);
  journal_.say(deployment.id,
               fmt::format("started on port {}, waiting for it to answer", instance.port));
  const auto healthy =
      co_await wait_until_healthy(loop_, runtime_, instance,
                                  {.path = settings.health_path,
                                   .host = publisher_.host(where.project, where.environment),
                                   .total = std::chrono::seconds(settings.health_seconds),
                                   .protocol = settings.protocol});
  if (healthy.other_port) {
    co_await store_.set_instance(deployment.id, instance.id, healthy.address, instance.port);
  }
  co_await runtime_.set_restart_policy(instance.id, runtime::RestartPolicy::unless_stopped);
  journal_.say(deployment.id, fmt::format("healthy ({})", healthy.answer));
}

// What was so before goes into the job together with the split, so that it can be had back.
Task<> Pipeline::save_split(const SplitPlan& plan, jobs::Job& job) {
  co_await store_.database().transact<void>(
      [this, &plan, &job](this auto, sql::Transaction& tx) -> Task<> {
        const auto environment = plan.beside.environment;
        if (co_await store_.lock_live(environment, tx) != plan.live) {
          co_await fail(errors::cannot_split, "another release has gone live meanwhile");
        }
        const auto former = co_await retire_split(environment, plan.live, plan.beside.id, tx);
        co_await store_.add_split(plan.parts, tx);
        co_await job.save(json::encode(SplitState{.live = plan.live, .former = former}), tx);
      });
}

Task<> Pipeline::undo_split(const SplitPayload& payload, const jobs::Job& job) {
  const auto last = co_await store_.split_attempt(payload.environment);
  if (!last) co_return;
  if (job.state()) {
    auto state = co_await json::decode<SplitState>(*job.state());
    co_return co_await restore_split(payload.environment, std::move(state));
  }
  const auto beside = co_await store_.get(last->beside);
  // One that is live drains, and has a job that sees to its end.
  if (beside.status == Status::live) co_return;
  auto stopped = co_await attempt(within(options_.clean_up_time, instances_.stop(beside, 2s)));
  // A start that was cut off may have got further than we know.
  if (!stopped || job.is_cancelled()) instances_.look_again();
}

// Served is again what was before, where another release has not gone live meanwhile.
Task<> Pipeline::restore_split(projects::EnvironmentId environment, SplitState state) {
  co_await store_.database().transact<void>(
      [this, environment, &state](this auto, sql::Transaction& tx) -> Task<> {
        const auto live = co_await store_.lock_live(environment, tx);
        if (!live) co_return;
        const auto ended = co_await store_.end_split(environment, tx);
        const bool has_shared = has_part(state.former, *live);
        if (*live != state.live && has_shared) {
          co_await store_.swap_live(environment, *live, state.live, tx);
        }
        if (*live == state.live || has_shared) co_await store_.add_split(state.former, tx);
        for (const auto& part : ended) {
          const auto id = part.deployment;
          if (id == *live || has_part(state.former, id)) continue;
          co_await queue_.add(retire_job_of({.fresh = *live, .old = id, .after_split = true}), tx);
        }
      });
  // The file must not keep what is not in force.
  auto told = co_await attempt(publisher_.publish());
  if (!told) instances_.look_again();
}

}  // namespace temps::deploys
