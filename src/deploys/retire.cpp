// The second half of a switch: the old release goes only when the fresh one has held.
#include "core/log.hpp"
#include "deploys/errors.hpp"
#include "deploys/health.hpp"
#include "deploys/pipeline.hpp"
#include "deploys/watch.hpp"

namespace temps::deploys {

using namespace std::chrono_literals;

Task<> Pipeline::retire(RetirePayload payload) {
  // As long as the proxy has not taken the new table, it sends requests to the old release.
  while (is_switching(payload.fresh)) co_await sleep(50ms);
  const auto fresh = co_await store_.get(payload.fresh);
  const auto old = co_await store_.get(payload.old);
  // Cut off by a restart of Temps after it had gone back.
  if (fresh.status == Status::rolled_back) co_return co_await leave(fresh);
  const auto objection =
      payload.after_split.value_or(false) ? std::nullopt : co_await watch(fresh, old);
  if (objection && co_await go_back(fresh, old, *objection)) co_return co_await leave(fresh);
  // A switch that was undone, a rollback or a split may have it served again.
  if (co_await store_.is_served(old)) co_return;
  co_await stop_old(old);
}

Task<> Pipeline::stop_old(Deployment old) {
  const auto where = co_await place(old);
  co_await drain(old, std::chrono::seconds(where.environment.settings.drain_seconds));
  if (co_await is_wanted(old)) co_return;
  const Mark mark(stopping_, old.id.value);
  co_await instances_.stop(old, options_.stop_grace);
  co_await store_.set_status(old.id, Status::retired);
  co_await remove_surplus(where);
  journal_.changed();
}

// Has it been made ready for a split meanwhile?
Task<bool> Pipeline::is_wanted(const Deployment& old) {
  for (;;) {
    while (splitting_.contains(old.environment.value)) co_await sleep(50ms);
    if (co_await store_.is_served(old)) co_return true;
    if (!splitting_.contains(old.environment.value)) co_return false;
  }
}

// What speaks against the fresh release at the moment.
Task<std::optional<Error>> Pipeline::objection(const Deployment& fresh, const Deployment& old) {
  if (has_crashed(co_await runtime_.inspect(fresh.instance)))
    co_return Error(errors::crashed, "it crashed right after it went live");
  const auto record = co_await publisher_.record(fresh);
  if (!record || record->failed < failed_answers_min) co_return std::nullopt;
  const auto before = (co_await publisher_.record(old)).value_or(Record{});
  if (!has_error_jump(*record, before)) co_return std::nullopt;
  co_return Error(errors::failing,
                  fmt::format("{} of its first {} answers were errors (5xx, or none at all); "
                              "before the switch it was {} of {}",
                              record->failed, record->answers, before.failed, before.answers));
}

// Why the old release should come back, or nothing. Ends early when a newer release is live.
Task<std::optional<Error>> Pipeline::watch(const Deployment& fresh, const Deployment& old) {
  if (fresh.instance.empty() || !fresh.live_at) co_return std::nullopt;
  const SystemClock clock;
  const auto end = end_of_watch(*fresh.live_at, clock.now(), options_.watch);
  for (;;) {
    if (co_await store_.live_of(fresh.environment) != fresh.id) co_return std::nullopt;
    if (auto found = co_await objection(fresh, old)) co_return found;
    if (clock.now() >= end) co_return std::nullopt;
    co_await sleep(500ms);
  }
}

// An old instance may have ended since the switch, with the machine or by itself.
Task<> Pipeline::make_ready(const Deployment& old) {
  if (old.instance.empty() || !co_await instances_.bring_back(old)) co_return;
  const auto where = co_await place(old);
  const auto& settings = where.environment.settings;
  const auto now = co_await store_.get(old.id);
  co_await wait_until_healthy(
      loop_, runtime_,
      {.id = now.instance, .address = now.address, .port = static_cast<std::uint16_t>(now.port)},
      {.path = settings.health_path,
       .host = publisher_.host(where.project, where.environment),
       .total = std::chrono::seconds(settings.health_seconds),
       .protocol = settings.protocol});
}

// False when there is nothing to go back to: then the restart policy is all that is left; or when a
// newer release is live by now.
Task<bool> Pipeline::go_back(const Deployment& fresh, const Deployment& old, const Error& reason) {
  const bool can_serve =
      old.release && (!old.instance.empty() || !old.release->static_root.empty());
  if (!can_serve) co_return false;
  auto ready = co_await attempt(make_ready(old));
  if (!ready && ready.error().is(runtime::errors::unavailable)) co_await fail(ready.error());
  if (!ready) {
    log::warning("the release before cannot serve again",
                 {{"deployment", old.id.value}, {"detail", ready.error().detail()}});
    co_return false;
  }
  const auto detail = fmt::format("{}; #{} serves again", reason.detail(), old.number);
  if (!co_await store_.go_back(fresh, old, Error(reason.code(), detail))) co_return false;
  co_await store_.database().transact<void>(
      [this, &fresh, &old](this auto, sql::Transaction& tx) -> Task<> {
        co_await retire_split(old.environment, old.id, fresh.id, tx);
      });
  journal_.say(fresh.id, "rolled back: " + detail);
  log::warning("a fresh release was rolled back",
               {{"deployment", fresh.id.value}, {"reason", reason.detail()}});
  co_return true;
}

Task<> Pipeline::leave(const Deployment& fresh) {
  co_await publisher_.publish();
  co_await instances_.stop(fresh, options_.stop_grace);
  journal_.changed();
}

// Nothing new goes to the old release any more; what it has may end. A proxy that does not say what
// that is may have all of it still.
Task<> Pipeline::drain(const Deployment& old, std::chrono::seconds limit) {
  if (old.instance.empty()) co_return;
  const SystemClock clock;
  const auto end = clock.now() + limit;
  while (clock.now() < end) {
    if (co_await publisher_.in_flight(old) == 0) co_return;
    co_await sleep(100ms);
  }
}

Task<> Pipeline::forget(projects::Project project, Deployment deployment) {
  if (deployment.release && deployment.origin == deployment.number) {
    if (!deployment.release->artifact.empty()) {
      co_await runtime_.remove_artifact(deployment.release->artifact);
    }
    co_await builder_.remove_static(project.name, deployment.id.value);
  }
  co_await forget_source(deployment);
}

Task<> Pipeline::remove_surplus(const Place& where) {
  const auto surplus =
      co_await store_.surplus_builds(where.environment.id, options_.builds_kept + 1);
  for (const auto& deployment : surplus) {
    auto removed = co_await attempt(forget(where.project, deployment));
    if (removed) {
      co_await store_.clear_release(deployment.id);
    } else {
      log::warning("an old build could not be removed",
                   {{"deployment", deployment.id.value}, {"detail", removed.error().detail()}});
    }
  }
}

}  // namespace temps::deploys
