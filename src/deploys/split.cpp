#include "deploys/split.hpp"

#include <algorithm>
#include <numeric>

#include "core/log.hpp"
#include "deploys/errors.hpp"
#include "deploys/health.hpp"
#include "deploys/pipeline.hpp"

namespace temps::deploys {

namespace {

using namespace std::chrono_literals;

// Whoever asks for a split waits for it over one connection.
constexpr std::chrono::seconds start_limit{50};

}  // namespace

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

double share_in_percent(std::int32_t weight, const std::vector<std::int32_t>& all) {
  const auto sum = std::accumulate(all.begin(), all.end(), std::int64_t{0});
  return sum == 0 ? 0 : 100.0 * weight / static_cast<double>(sum);
}

// Fails where the release cannot run beside another.
Task<> Pipeline::check_runnable(const Deployment& deployment) {
  if (!deployment.live_at || !deployment.release) {
    co_await fail(errors::cannot_split,
                  "deployment #{} was never live, or its build is no longer kept",
                  deployment.number);
  }
  const auto& release = *deployment.release;
  if (!release.static_root.empty()) {
    co_await fail(errors::cannot_split,
                  "#{} is a static site; only apps that run can share their visitors",
                  deployment.number);
  }
  if (release.runtime != runtime_.name() || !co_await runtime_.has_artifact(release.artifact)) {
    co_await fail(errors::cannot_split,
                  "the build of deployment #{} is gone from this machine; push that commit again",
                  deployment.number);
  }
}

// The same that a deployment goes through before it is switched to. An instance whose release is
// not served counts as left over until the split is saved.
Task<> Pipeline::run_beside(const Deployment& deployment) {
  if (!deployment.instance.empty()) co_return co_await make_ready(deployment);
  const auto where = co_await place(deployment);
  const auto& settings = where.environment.settings;
  const auto instance = co_await instances_.start(deployment);
  const auto healthy = co_await wait_until_healthy(
      loop_, runtime_, instance,
      {.path = settings.health_path,
       .host = publisher_.host(where.project, where.environment),
       .total = std::min(std::chrono::seconds(settings.health_seconds), start_limit),
       .protocol = settings.protocol});
  if (healthy.other_port) {
    co_await store_.set_instance(deployment.id, instance.id, healthy.address, instance.port);
  }
  co_await runtime_.set_restart_policy(instance.id, runtime::RestartPolicy::unless_stopped);
}

Task<> Pipeline::split(projects::EnvironmentId environment, std::vector<SplitWish> wishes) {
  co_await check_split(wishes);
  if (splitting_.contains(environment.value)) {
    co_await fail(errors::cannot_split, "another split is being made; try again in a moment");
  }
  const Mark mark(splitting_, environment.value);
  const auto live = co_await store_.live_of(environment);
  std::vector<SplitPart> parts;
  std::optional<Deployment> other;
  for (const auto& wish : wishes) {
    auto deployment = co_await store_.get(environment, wish.number);
    co_await check_runnable(deployment);
    parts.push_back({environment, deployment.id, wish.weight});
    if (deployment.id != live) other = std::move(deployment);
  }
  const bool has_live = std::ranges::find(parts, live, [](const SplitPart& part) {
                          return std::optional(part.deployment);
                        }) != parts.end();
  if (!has_live || !other) {
    co_await fail(errors::cannot_split,
                  "one of the two must be the live release; see: temps deployments NAME");
  }
  if (stopping_.contains(other->id.value)) {
    co_await fail(errors::cannot_split, "#{} is just being stopped; try again in a moment",
                  other->number);
  }
  const bool ran = !other->instance.empty();
  auto ready = co_await attempt(run_beside(*other));
  if (ready) ready = co_await attempt(save_split(environment, *live, parts));
  if (!ready && !ran) co_await shielded(instances_.stop(*other, 2s));
  co_await std::move(ready);
  journal_.say(other->id,
               fmt::format("shares its visitors with the live release: weight {}",
                           parts[0].deployment == other->id ? parts[0].weight : parts[1].weight));
  co_await tell_proxy();
}

Task<> Pipeline::save_split(projects::EnvironmentId environment, DeploymentId live,
                            std::vector<SplitPart> parts) {
  co_await store_.database().transact<void>(
      [this, environment, live, &parts](this auto, sql::Transaction& tx) -> Task<> {
        if (co_await store_.lock_live(environment, tx) != live) {
          co_await fail(errors::cannot_split, "another release has gone live meanwhile");
        }
        for (const auto& left : co_await store_.end_split(environment, tx)) {
          const bool stays = std::ranges::find(parts, left, &SplitPart::deployment) != parts.end();
          if (stays || left == live) continue;
          co_await queue_.add(retire_job_of({.fresh = live, .old = left, .after_split = true}), tx);
        }
        co_await store_.add_split(parts, tx);
      });
}

Task<> Pipeline::end_split(projects::EnvironmentId environment) {
  if (splitting_.contains(environment.value)) {
    co_await fail(errors::cannot_split, "a split is being made; try again in a moment");
  }
  co_await store_.database().transact<void>(
      [this, environment](this auto, sql::Transaction& tx) -> Task<> {
        const auto live = co_await store_.lock_live(environment, tx);
        if (live) co_await retire_split(environment, *live, *live, tx);
      });
  co_await tell_proxy();
}

// Those that have shared the visitors go, but for the live one and the one that `kept` says.
Task<> Pipeline::retire_split(projects::EnvironmentId environment, DeploymentId live,
                              DeploymentId kept, sql::Transaction& tx) {
  for (const auto& left : co_await store_.end_split(environment, tx)) {
    if (left == live || left == kept) continue;
    co_await queue_.add(retire_job_of({.fresh = live, .old = left, .after_split = true}), tx);
  }
}

}  // namespace temps::deploys
