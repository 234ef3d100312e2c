#include "deploys/split.hpp"

#include <algorithm>
#include <numeric>

#include "core/text.hpp"
#include "deploys/errors.hpp"
#include "deploys/pipeline.hpp"
#include "json/json.hpp"

namespace temps::deploys {

Result<> check_split(const std::vector<SplitWish>& wishes) {
  constexpr std::string_view form =
      "name two releases with their weights, such as 12=90 13=10; see: temps deployments NAME";
  if (wishes.size() != 2) return fail(errors::bad_split, "{}", form);
  if (wishes[0].number == wishes[1].number) {
    return fail(errors::bad_split, "#{} is named twice; {}", wishes[0].number, form);
  }
  for (const auto& wish : wishes) {
    if (wish.weight < 0 || wish.weight > split_weight_max) {
      return fail(errors::bad_split, "the weight of #{} is not between 0 and {}", wish.number,
                  split_weight_max);
    }
  }
  if (wishes[0].weight + wishes[1].weight == 0) {
    return fail(errors::bad_split, "one of the weights must be more than 0");
  }
  return {};
}

std::string in_words(const std::vector<SplitWish>& wishes) {
  std::vector<std::string> words;
  for (const auto& wish : wishes) words.push_back(fmt::format("#{}={}", wish.number, wish.weight));
  return join(words, " ");
}

double share_in_percent(std::int32_t weight, const std::vector<std::int32_t>& all) {
  const auto sum = std::accumulate(all.begin(), all.end(), std::int64_t{0});
  return sum == 0 ? 0 : 100.0 * weight / static_cast<double>(sum);
}

// Fails where the release cannot be served beside another.
Task<> Pipeline::check_runnable(const Deployment& deployment) {
  if (!deployment.live_at || !deployment.release) {
    co_await fail(errors::cannot_split,
                  "deployment #{} was never live, or its build is no longer kept",
                  deployment.number);
  }
  const auto& release = *deployment.release;
  const auto& tree = release.static_root;
  std::error_code ignored;
  const bool is_here = tree.empty() ? release.runtime == runtime_.name() &&
                                          co_await runtime_.has_artifact(release.artifact)
                                    : std::filesystem::exists(tree, ignored);
  if (!is_here) {
    co_await fail(errors::cannot_split,
                  "the build of deployment #{} is gone from this machine; push that commit again",
                  deployment.number);
  }
}

Task<Pipeline::SplitPlan> Pipeline::plan_split(projects::EnvironmentId environment,
                                               std::vector<SplitWish> wishes) {
  const auto live = co_await store_.live_of(environment);
  std::vector<SplitPart> parts;
  std::optional<Deployment> beside;
  for (const auto& wish : wishes) {
    auto deployment = co_await store_.get(environment, wish.number);
    co_await check_runnable(deployment);
    parts.push_back({environment, deployment.id, wish.weight});
    if (deployment.id != live) beside = std::move(deployment);
  }
  const bool has_live =
      std::ranges::any_of(parts, [live](const SplitPart& part) { return part.deployment == live; });
  if (!has_live || !beside) {
    co_await fail(errors::cannot_split,
                  "one of the two must be the live release; see: temps deployments NAME");
  }
  co_return SplitPlan{.live = *live, .beside = std::move(*beside), .parts = std::move(parts)};
}

// What can be said at once is said at once; the job looks again when its turn has come.
Task<> Pipeline::split(projects::EnvironmentId environment, std::vector<SplitWish> wishes) {
  co_await check_split(wishes);
  const auto plan = co_await plan_split(environment, wishes);
  auto held = co_await asking_.lock();
  if (const auto last = co_await store_.split_attempt(environment)) {
    const auto job = co_await job_record(last->job);
    if (job && !job->finished_at) {
      co_await fail(errors::cannot_split,
                    "another split is being made; to give it up: temps release split NAME --clear");
    }
  }
  const auto lines = co_await journal_.logs().read(build_channel(plan.beside.id), {.last = 1});
  const std::int64_t first_line = lines.empty() ? 0 : lines.back().sequence;
  journal_.say(plan.beside.id, fmt::format("asked to share the visitors: {}", in_words(wishes)));
  co_await store_.database().transact<void>(
      [this, environment, &plan, &wishes, first_line](this auto, sql::Transaction& tx) -> Task<> {
        const SplitPayload payload{environment, wishes};
        const auto job = co_await queue_.add({.kind = std::string(split_job),
                                              .key = turn_of(environment),
                                              .payload = json::encode(payload),
                                              .attempts_max = deploy_attempts_max},
                                             tx);
        const SplitAttempt attempt{
            .beside = plan.beside.id, .wishes = wishes, .first_line = first_line, .job = job};
        co_await store_.set_split_attempt(environment, attempt, tx);
      });
}

Task<std::optional<jobs::JobId>> Pipeline::give_up_split(projects::EnvironmentId environment,
                                                         std::string why) {
  auto held = co_await asking_.lock();
  const auto last = co_await store_.split_attempt(environment);
  if (!last) co_return std::nullopt;
  const auto job = co_await job_record(last->job);
  if (!job || job->finished_at) co_return std::nullopt;
  journal_.say(last->beside, fmt::format("the split is given up: {}", why));
  co_await queue_.cancel(last->job);
  co_return last->job;
}

Task<> Pipeline::end_split(projects::EnvironmentId environment, std::optional<std::int64_t> kept) {
  const auto unmade = co_await give_up_split(environment, "somebody wants it so");
  if (unmade) co_await within(cancel_time, queue_.wait(*unmade));
  std::optional<DeploymentId> winner;
  if (kept) winner = (co_await store_.get(environment, *kept)).id;
  co_await keep_one(environment, winner);
}

Task<> Pipeline::keep_one(projects::EnvironmentId environment, std::optional<DeploymentId> kept) {
  // Nothing is stopped before the proxy has the new table, or will not have it.
  const Mark mark(splitting_, environment.value);
  std::optional<SplitState> before;
  co_await store_.database().transact<void>(
      [this, environment, kept, &before](this auto, sql::Transaction& tx) -> Task<> {
        const auto live = co_await store_.lock_live(environment, tx);
        if (!live) co_return;
        const auto fresh = kept.value_or(*live);
        if (fresh != *live) co_await store_.swap_live(environment, *live, fresh, tx);
        before = SplitState{*live, co_await retire_split(environment, fresh, fresh, tx)};
        if (fresh != *live && !has_part(before->former, fresh)) {
          co_await fail(errors::cannot_split,
                        "that release shares no visitors; see: temps release split NAME");
        }
      });
  auto told = co_await attempt(tell_proxy());
  if (!told && !is_transient(told.error()) && before) {
    co_await restore_split(environment, std::move(*before));
  }
  // Whoever asked has gone: the table is published by those who look after it.
  if (!told && is_transient(told.error())) instances_.look_again();
  co_await std::move(told);
}

// Those that have shared the visitors go, but for the live one and the one that `kept` says.
Task<std::vector<SplitPart>> Pipeline::retire_split(projects::EnvironmentId environment,
                                                    DeploymentId live, DeploymentId kept,
                                                    sql::Transaction& tx) {
  auto former = co_await store_.end_split(environment, tx);
  for (const auto& part : former) {
    if (part.deployment == live || part.deployment == kept) continue;
    co_await queue_.add(retire_job_of({.fresh = live, .old = part.deployment, .after_split = true}),
                        tx);
  }
  co_return former;
}

}  // namespace temps::deploys
