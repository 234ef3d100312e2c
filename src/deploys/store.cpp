#include "deploys/store.hpp"

#include <algorithm>

#include "deploys/errors.hpp"
#include "deploys/queries.hpp"
#include "json/json.hpp"

namespace temps::deploys {

namespace {

using projects::EnvironmentId;

Result<Deployment> to_deployment(queries::Row row) {
  std::optional<Release> release;
  if (row.release) {
    auto decoded = json::decode<Release>(row.release->text);
    if (!decoded) return fail(decoded.error());
    release = std::move(*decoded);
  }
  return Deployment{.id = row.id,
                    .environment = row.environment,
                    .number = row.number,
                    .origin = row.origin,
                    .trigger = row.trigger,
                    .status = row.status,
                    .commit = std::move(row.commit),
                    .message = std::move(row.message),
                    .branch = std::move(row.branch),
                    .source = std::move(row.source),
                    .release = std::move(release),
                    .instance = std::move(row.instance),
                    .address = std::move(row.address),
                    .port = row.port,
                    .error_code = std::move(row.error_code),
                    .error_detail = std::move(row.error_detail),
                    .created_at = row.created_at,
                    .live_at = row.live_at,
                    .finished_at = row.finished_at,
                    .job = row.job,
                    .variables = row.variables,
                    .restores = row.restores,
                    .cancelled_by = std::move(row.cancelled_by),
                    .source_kind = row.source_kind,
                    .image = std::move(row.image)};
}

Result<std::optional<Deployment>> to_deployment(std::optional<queries::Row> row) {
  if (!row) return std::nullopt;
  auto deployment = to_deployment(std::move(*row));
  if (!deployment) return fail(deployment.error());
  return std::optional(std::move(*deployment));
}

Result<std::vector<Deployment>> to_deployments(std::vector<queries::Row> rows) {
  std::vector<Deployment> deployments;
  for (auto& row : rows) {
    auto deployment = to_deployment(std::move(row));
    if (!deployment) return fail(deployment.error());
    deployments.push_back(std::move(*deployment));
  }
  return deployments;
}

// Commands and variables come out of users' files, which may hold any bytes.
sql::Json to_json(Release release) {
  for (auto* text : {&release.provider, &release.start_command}) *text = sql::storable(*text);
  std::map<std::string, std::string> variables;
  for (const auto& [name, value] : release.variables) {
    variables.emplace(sql::storable(name), sql::storable(value));
  }
  release.variables = std::move(variables);
  return {json::encode(release)};
}

}  // namespace

bool has_part(const std::vector<SplitPart>& parts, DeploymentId deployment) {
  return std::ranges::find(parts, deployment, &SplitPart::deployment) != parts.end();
}

Task<Deployment> Store::insert(NewDeployment deployment, sql::Transaction& transaction) {
  co_await transaction.one(queries::lock_environment, deployment.environment);
  auto row = co_await transaction.one(
      queries::insert_deployment, deployment.environment, deployment.origin, deployment.trigger,
      deployment.commit, sql::storable(deployment.message), sql::storable(deployment.branch),
      deployment.release.transform(to_json), clock_.now(), deployment.number_min,
      deployment.variables.value_or(0), deployment.restores, deployment.source_kind,
      deployment.image);
  if (deployment.arriving_since) {
    co_await transaction.run(queries::enter_stage, row.id, Stage::receiving,
                             *deployment.arriving_since);
  }
  co_await transaction.run(queries::enter_stage, row.id, Stage::waiting, clock_.now());
  co_return co_await to_deployment(std::move(row));
}

Task<std::optional<Deployment>> Store::find(DeploymentId id) {
  co_return co_await to_deployment(co_await database_.maybe(queries::by_id, id));
}

Task<Deployment> Store::get(DeploymentId id) {
  auto found = co_await find(id);
  if (!found) co_await fail(errors::no_such_deployment, "there is no deployment {}", id.value);
  co_return std::move(*found);
}

Task<Deployment> Store::get(EnvironmentId environment, std::int64_t number) {
  auto row = co_await database_.maybe(queries::by_number, environment, number);
  if (!row) co_await fail(errors::no_such_deployment, "there is no deployment #{}", number);
  co_return co_await to_deployment(std::move(*row));
}

Task<std::vector<Deployment>> Store::before(EnvironmentId environment, std::int64_t number,
                                            std::int64_t limit) {
  co_return co_await to_deployments(
      co_await database_.all(queries::before, environment, number, limit));
}

Task<std::vector<Deployment>> Store::with_instance() {
  co_return co_await to_deployments(co_await database_.all(queries::with_instance));
}

Task<std::vector<Deployment>> Store::unended() {
  co_return co_await to_deployments(co_await database_.all(queries::unended));
}

Task<std::optional<std::int64_t>> Store::newer_queued(const Deployment& deployment) {
  co_return co_await database_.maybe(queries::newer_queued, deployment.environment,
                                     deployment.number);
}

Task<std::optional<Deployment>> Store::rollback_target(EnvironmentId environment,
                                                       std::int64_t number) {
  co_return co_await to_deployment(
      co_await database_.maybe(queries::rollback_target, environment, number));
}

Task<std::optional<Deployment>> Store::latest_source(EnvironmentId environment) {
  co_return co_await to_deployment(co_await database_.maybe(queries::latest_source, environment));
}

Task<std::vector<Deployment>> Store::surplus_builds(EnvironmentId environment, std::int64_t kept) {
  co_return co_await to_deployments(
      co_await database_.all(queries::surplus_builds, environment, kept));
}

Task<> Store::set_source(DeploymentId id, std::string source) {
  co_await database_.run(queries::set_source, id, std::move(source));
}

Task<> Store::set_source(DeploymentId id, std::string source, sql::Transaction& transaction) {
  co_await transaction.run(queries::set_source, id, std::move(source));
}

Task<> Store::set_fetched(const Deployment& deployment) {
  co_await database_.run(queries::set_fetched, deployment.id, deployment.commit,
                         sql::storable(deployment.message), deployment.source);
}

Task<> Store::set_job(DeploymentId id, jobs::JobId job, sql::Transaction& transaction) {
  co_await transaction.run(queries::set_job, id, job);
}

Task<> Store::set_status(DeploymentId id, Status status) {
  co_await database_.run(queries::set_status, id, status);
}

Task<> Store::set_release(DeploymentId id, Release release) {
  co_await database_.run(queries::set_release, id, to_json(std::move(release)));
}

Task<> Store::clear_release(DeploymentId id) { co_await database_.run(queries::clear_release, id); }

Task<> Store::set_instance(DeploymentId id, std::string instance, std::string address,
                           std::int32_t port) {
  co_await database_.run(queries::set_instance, id, std::move(instance), std::move(address), port);
}

Task<bool> Store::ask_to_cancel(DeploymentId id, std::string by) {
  const auto asked = co_await database_.maybe(queries::ask_to_cancel, id, sql::storable(by));
  co_return asked.has_value();
}

Task<> Store::enter_stage(DeploymentId id, Stage stage) {
  co_await database_.run(queries::enter_stage, id, stage, clock_.now());
}

Task<> Store::leave_stage(DeploymentId id) {
  co_await database_.run(queries::leave_stage, id, clock_.now());
}

Task<std::vector<StageTime>> Store::stages_of(const Deployment& deployment) {
  constexpr std::int64_t shown_max = 100;
  auto stages = co_await database_.all(queries::stages_of, deployment.id, shown_max);
  // Temps may have been ended between the two.
  for (auto& stage : stages) {
    if (!stage.ended_at && has_ended(deployment.status)) stage.ended_at = deployment.finished_at;
  }
  co_return stages;
}

Task<> Store::finish(DeploymentId id, Status status, std::string code, std::string detail) {
  co_await leave_stage(id);
  co_await database_.run(queries::finish, id, status, std::move(code), sql::storable(detail),
                         clock_.now());
}

Task<std::vector<LiveRelease>> Store::all_live() {
  std::vector<LiveRelease> live;
  for (const auto& row : co_await database_.all(queries::all_live)) {
    live.push_back({row.environment, row.deployment});
  }
  co_return live;
}

Task<std::vector<LiveRelease>> Store::all_served() {
  std::vector<LiveRelease> served;
  for (const auto& row : co_await database_.all(queries::all_served)) {
    served.push_back({row.environment, row.deployment});
  }
  co_return served;
}

Task<std::vector<Deployment>> Store::served_deployments() {
  co_return co_await to_deployments(co_await database_.all(queries::served_deployments));
}

Task<bool> Store::is_served(const Deployment& deployment) {
  if (co_await live_of(deployment.environment) == deployment.id) co_return true;
  for (const auto& part : co_await split_of(deployment.environment)) {
    if (part.deployment == deployment.id) co_return true;
  }
  co_return false;
}

Task<std::vector<SplitPart>> Store::splits() {
  std::vector<SplitPart> parts;
  for (const auto& row : co_await database_.all(queries::all_splits)) {
    parts.push_back({row.environment, row.deployment, row.weight});
  }
  co_return parts;
}

Task<std::vector<SplitPart>> Store::split_of(EnvironmentId environment) {
  std::vector<SplitPart> parts;
  for (const auto& row : co_await database_.all(queries::split_of, environment)) {
    parts.push_back({row.environment, row.deployment, row.weight});
  }
  co_return parts;
}

Task<std::optional<DeploymentId>> Store::lock_live(EnvironmentId environment,
                                                   sql::Transaction& transaction) {
  co_return co_await transaction.maybe(queries::lock_live, environment);
}

Task<> Store::add_split(const std::vector<SplitPart>& parts, sql::Transaction& transaction) {
  for (const auto& part : parts) {
    co_await transaction.run(queries::add_to_split, part.environment, part.deployment, part.weight);
    co_await transaction.run(queries::set_status, part.deployment, Status::live);
  }
}

Task<std::vector<SplitPart>> Store::end_split(EnvironmentId environment,
                                              sql::Transaction& transaction) {
  std::vector<SplitPart> parts;
  for (const auto& row : co_await transaction.all(queries::end_split, environment)) {
    parts.push_back({row.environment, row.deployment, row.weight});
  }
  co_return parts;
}

Task<> Store::swap_live(EnvironmentId environment, DeploymentId from, DeploymentId to,
                        sql::Transaction& transaction) {
  co_await transaction.run(queries::swap_live, environment, from, to, clock_.now());
  co_await transaction.run(queries::set_status, to, Status::live);
}

Task<std::optional<SplitAttempt>> Store::split_attempt(EnvironmentId environment) {
  auto row = co_await database_.maybe(queries::wish_of, environment);
  if (!row) co_return std::nullopt;
  co_return SplitAttempt{.beside = row->beside,
                         .wishes = co_await json::decode<std::vector<SplitWish>>(row->wishes.text),
                         .first_line = row->first_line,
                         .job = row->job};
}

Task<> Store::set_split_attempt(EnvironmentId environment, SplitAttempt attempt,
                                sql::Transaction& transaction) {
  co_await transaction.run(queries::set_wish, environment, attempt.beside,
                           sql::Json{json::encode(attempt.wishes)}, attempt.first_line,
                           attempt.job);
}

Task<std::optional<DeploymentId>> Store::live_of(EnvironmentId environment) {
  co_return co_await database_.maybe(queries::live_of, environment);
}

Task<std::optional<DeploymentId>> Store::go_live(const Deployment& deployment,
                                                 sql::Transaction& transaction) {
  auto previous = co_await transaction.maybe(queries::lock_live, deployment.environment);
  if (co_await transaction.run(queries::set_live, deployment.id, clock_.now()) == 0) {
    co_await fail(errors::cancelled, "the deployment was cancelled");
  }
  co_await transaction.run(queries::point_to, deployment.environment, deployment.id, clock_.now());
  if (previous == deployment.id) previous.reset();
  co_return previous;
}

Task<> Store::undo_live(const Deployment& deployment, std::optional<DeploymentId> previous,
                        const std::vector<SplitPart>& split) {
  co_await database_.transact<void>(
      [this, &deployment, previous, &split](this auto, sql::Transaction& tx) -> Task<> {
        co_await tx.run(queries::clear_live, deployment.id);
        co_await add_split(split, tx);
        if (previous) {
          co_await tx.run(queries::swap_live, deployment.environment, deployment.id, *previous,
                          clock_.now());
        } else {
          co_await tx.run(queries::unpoint, deployment.environment);
        }
      });
}

Task<bool> Store::go_back(const Deployment& fresh, const Deployment& old, Error reason) {
  co_return co_await database_.transact<bool>(
      [this, &fresh, &old, &reason](this auto, sql::Transaction& tx) -> Task<bool> {
        const auto now = clock_.now();
        if (co_await tx.run(queries::swap_live, fresh.environment, fresh.id, old.id, now) == 0) {
          co_return false;
        }
        co_await tx.run(queries::set_status, old.id, Status::live);
        co_await tx.run(queries::finish, fresh.id, Status::rolled_back,
                        std::string(reason.code().code), std::string(reason.detail()), now);
        co_return true;
      });
}

Task<> Store::unpoint(EnvironmentId environment) {
  co_await database_.run(queries::unpoint, environment);
}

}  // namespace temps::deploys
