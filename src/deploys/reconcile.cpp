// The instances of the database against those of the runtime.
#include <set>

#include "core/log.hpp"
#include "deploys/errors.hpp"
#include "deploys/instances.hpp"

namespace temps::deploys {

namespace {

using namespace std::chrono_literals;

constexpr auto check_time = 5s;

// Its instance should be gone: the runtime was away when it was to be stopped, or it was started
// for a split that came to nothing.
bool is_left_over(const Deployment& deployment) {
  return deployment.status == Status::failed || deployment.status == Status::retired ||
         deployment.status == Status::cancelled || deployment.status == Status::superseded;
}

bool is_away(const Error& error) {
  return error.is(runtime::errors::unavailable) || error.is(temps::errors::timed_out);
}

}  // namespace

Task<bool> Instances::bring_back(Deployment deployment) {
  auto state = co_await runtime_.inspect(deployment.instance);
  const bool ran = state.status == runtime::Status::running;
  if (state.status == runtime::Status::exited) {
    auto again = co_await attempt(runtime_.start_again(deployment.instance));
    if (again) state = co_await runtime_.inspect(deployment.instance);
  }
  if (state.status != runtime::Status::running) {
    log::info("starting a live release again", {{"instance", deployment.instance}});
    const auto instance = co_await start(deployment);
    co_await runtime_.set_restart_policy(instance.id, runtime::RestartPolicy::unless_stopped);
    co_return true;
  }
  co_await runtime_.set_restart_policy(deployment.instance, runtime::RestartPolicy::unless_stopped);
  collect(deployment, deployment.instance, Output::where_it_ended);
  co_await follow_move(deployment, state.address);
  co_return !ran;
}

Task<> Instances::bring_back_all() {
  for (const auto& live : co_await store_.all_served()) {
    auto deployment = co_await store_.get(live.deployment);
    if (deployment.instance.empty() || !deployment.release) continue;
    if (deployment.release->runtime != runtime_.name()) {
      log::error("a live release was made for another runtime; push again, or start with that one",
                 {{"deployment", deployment.id.value},
                  {"made_for", deployment.release->runtime},
                  {"runtime", runtime_.name()}});
      continue;
    }
    auto result = co_await attempt(bring_back(deployment));
    if (result) continue;
    if (is_away(result.error())) co_await fail(result.error());
    log::error("a live release could not be started again",
               {{"deployment", deployment.id.value}, {"detail", result.error().detail()}});
  }
}

// The deployment that an instance was started for. Numbers alone do not tell: a database that was
// lost and made anew counts from 1 again.
Task<std::optional<Deployment>> Instances::deployment_of(const runtime::Listed& listed) {
  auto deployment = co_await store_.find(DeploymentId{listed.deployment});
  if (!deployment) co_return std::nullopt;
  const auto environment = co_await projects_.environment(deployment->environment);
  const auto project = co_await projects_.get(environment.project);
  const auto name = instance_name(project, environment, deployment->number);
  if (listed.project != project.name || listed.name != name) co_return std::nullopt;
  co_return deployment;
}

// What no deployment knows is left alone: it may be all that is left of a lost database.
Task<> Instances::remove_strangers() {
  std::set<std::string> known;
  for (const auto& deployment : co_await store_.with_instance()) {
    if (is_left_over(deployment)) {
      co_await stop(deployment, 0s);
    } else {
      known.insert(deployment.instance);
    }
  }
  for (const auto& listed : co_await runtime_.list()) {
    if (known.contains(listed.id) || known.contains(listed.name)) continue;
    const auto deployment = co_await deployment_of(listed);
    if (!deployment) {
      if (!strangers_.insert(listed.id).second) continue;
      log::warning(
          "an instance that the database does not know is left running; list such with: temps "
          "instances list, remove one with: temps instances remove NAME",
          {{"instance", listed.name}, {"project", listed.project}});
    } else if (has_ended(deployment->status)) {
      log::info("removing what is left of a deployment", {{"instance", listed.name}});
      co_await runtime_.stop_and_remove(listed.id, 0s);
    }
    // Else it is being started.
  }
}

void Instances::put_off(const Error& error) {
  settled_ = false;
  if (told_ == error.detail()) return;
  told_ = error.detail();
  log::error("apps cannot be looked after; what runs goes on, and this is tried again until it can",
             {{"detail", error.detail()}, {"cause", error.cause()}});
}

// The table is written in any case; a proxy that does not take it must not end us.
Task<> Instances::publish() {
  auto told = co_await attempt(publisher_.publish());
  if (told) co_return;
  if (!told.error().code().code.starts_with("gateway.")) co_await fail(told.error());
  put_off(told.error());
}

Task<> Instances::reconcile() {
  settled_ = true;
  if (!orphans_) {
    orphans_ = co_await routes_without_project();
    publisher_.keep(*orphans_);
  }
  auto done = co_await attempt(within(check_time, runtime_.check()));
  if (done) done = co_await attempt(bring_back_all());
  if (done) done = co_await attempt(remove_strangers());
  if (done) done = co_await attempt(keep_orphans());
  if (!done) {
    settled_ = false;
    if (!is_away(done.error())) co_await fail(done.error());
    put_off(done.error());
  }
  co_await publish();
  if (!settled_ || told_.empty()) co_return;
  log::info("apps are looked after again");
  told_.clear();
}

Task<> Instances::refresh() {
  if (!settled_) co_return co_await reconcile();
  auto done = co_await attempt(follow_moves());
  if (done) co_return;
  if (!is_away(done.error())) co_await fail(done.error());
  put_off(done.error());
}

Task<std::vector<FoundInstance>> Instances::found() {
  std::vector<FoundInstance> all;
  for (auto& listed : co_await runtime_.list()) {
    auto deployment = co_await deployment_of(listed);
    all.push_back({std::move(listed), std::move(deployment)});
  }
  co_return all;
}

Task<> Instances::remove_all_of(std::string project) {
  for (const auto& listed : co_await runtime_.list()) {
    if (listed.project == project) co_await runtime_.stop_and_remove(listed.id, 0s);
  }
}

Task<> Instances::remove_unknown(std::string name) {
  for (const auto& [listed, deployment] : co_await found()) {
    if (listed.name != name) continue;
    if (deployment) {
      co_await fail(errors::instance_in_use,
                    "{} belongs to deployment #{} of {}; to take the app down: temps project "
                    "delete {}",
                    name, deployment->number, listed.project, listed.project);
    }
    co_await runtime_.stop_and_remove(listed.id, 10s);
    co_await keep_orphans();
    co_return co_await publish();
  }
  co_await fail(runtime::errors::no_such_instance,
                "there is no instance \"{}\"; see: temps instances list", name);
}

}  // namespace temps::deploys
