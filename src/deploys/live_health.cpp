#include "deploys/live_health.hpp"

#include <algorithm>

#include "core/log.hpp"
#include "deploys/health.hpp"
#include "deploys/instances.hpp"

namespace temps::deploys {

namespace {

using namespace std::chrono_literals;

constexpr auto answer_time = 5s;
constexpr auto stop_grace = 10s;

std::chrono::minutes pause_after(int restarts) {
  auto pause = restart_pause_first;
  for (int i = 1; i < restarts && pause < restart_pause_max; ++i) pause *= 2;
  return std::min(pause, restart_pause_max);
}

bool may_restart(const LiveHealth& health, Instant now) {
  return health.restarts == 0 || now - health.restarted_at >= pause_after(health.restarts);
}

}  // namespace

LiveDecision decide(LiveHealth health, bool answers, Instant now) {
  if (answers) {
    const bool failed = is_failing(health);
    health.failures = 0;
    if (now - health.restarted_at >= well_for_long) health.restarts = 0;
    return {health, failed ? LiveStep::recovered : LiveStep::none};
  }
  ++health.failures;
  if (health.failures >= failures_until_restart && may_restart(health, now)) {
    // It stays a failing one until it answers, and gets time to start.
    return {
        {.failures = failures_until_warning, .restarts = health.restarts + 1, .restarted_at = now},
        LiveStep::restart};
  }
  return {health, health.failures == failures_until_warning ? LiveStep::warn : LiveStep::none};
}

bool Instances::is_failing(DeploymentId id) const {
  const auto found = health_.find(id);
  return found != health_.end() && deploys::is_failing(found->second);
}

// Beside the app's own lines, where its owner looks first.
void Instances::tell_app(const Deployment& deployment, std::string text) {
  const logs::Line line{.time = clock_.now(),
                        .stream = logs::Stream::system,
                        .text = std::move(text),
                        .source = deployment.number};
  (void)journal_.logs().append(app_channel(deployment.environment), std::span(&line, 1));
}

Task<> Instances::restart(const Deployment& deployment) {
  log::warning("a live app that does not answer is started again",
               {{"deployment", deployment.id.value}, {"instance", deployment.instance}});
  tell_app(deployment,
           fmt::format("Temps starts the app again: it has not answered {} times in a row",
                       failures_until_restart));
  co_await runtime_.stop(deployment.instance, stop_grace);
  co_await bring_back(deployment);
  co_await publish();
}

Task<> Instances::check_one(Deployment deployment) {
  const auto environment = co_await projects_.environment(deployment.environment);
  const auto project = co_await projects_.get(environment.project);
  const auto answer = co_await ask_health(loop_, deployment.address,
                                          {.path = environment.settings.health_path,
                                           .host = publisher_.host(project, environment),
                                           .answer_time = answer_time,
                                           .protocol = environment.settings.protocol});
  // Without a path of its own any answer shows that the app is alive: what it says on / is its own
  // affair once it is live.
  const bool answers =
      answer.status > 0 && (environment.settings.health_path.empty() ||
                            is_healthy(environment.settings.health_path, answer.status));
  // The answer took its time: another release may be the live one by now.
  if (!co_await store_.is_served(deployment)) co_return;
  const auto decision = decide(health_[deployment.id], answers, clock_.now());
  health_[deployment.id] = decision.next;
  switch (decision.step) {
    case LiveStep::none:
      break;
    case LiveStep::warn:
      log::warning("a live app fails its health checks",
                   {{"deployment", deployment.id.value}, {"answer", answer.text}});
      tell_app(deployment, fmt::format("Temps: the app fails its health checks ({})", answer.text));
      break;
    case LiveStep::recovered:
      tell_app(deployment, "Temps: the app answers its health checks again");
      break;
    case LiveStep::restart:
      co_await restart(deployment);
      break;
  }
}

Task<> Instances::check_live() {
  std::vector<Task<>> checks;
  std::map<DeploymentId, LiveHealth> kept;
  for (const auto& live : co_await store_.all_served()) {
    auto deployment = co_await store_.get(live.deployment);
    if (deployment.instance.empty() || deployment.address.empty()) continue;
    kept.emplace(deployment.id, health_[deployment.id]);
    checks.push_back([](Instances& self, Deployment which) -> Task<> {
      const auto id = which.id;
      auto checked = co_await attempt(self.check_one(std::move(which)));
      if (checked || checked.error().code().kind == ErrorKind::cancelled) co_return;
      log::warning("a live app could not be checked",
                   {{"deployment", id.value}, {"detail", checked.error().detail()}});
    }(*this, std::move(deployment)));
  }
  health_ = std::move(kept);
  co_await all(std::move(checks));
}

}  // namespace temps::deploys
