#include "deploys/deploys.hpp"

#include <limits>

#include "core/log.hpp"
#include "deploys/errors.hpp"
#include "files/files.hpp"
#include "json/json.hpp"
#include "projects/errors.hpp"

namespace temps::deploys {

using namespace std::chrono_literals;
using projects::EnvironmentId;

namespace {
constexpr auto supervision_pause = 5s;
constexpr auto live_check_pause = 10s;

// A rollback takes the place of what it has brought back, so that the next one walks further.
std::int64_t stands_for(const Deployment& deployment) {
  return deployment.restores == 0 ? deployment.number : deployment.restores;
}

Task<> repeat(std::chrono::seconds pause, std::function<Task<>()> round) {
  for (;;) {
    co_await sleep(pause);
    auto result = co_await attempt(round());
    if (result || result.error().code().kind == ErrorKind::cancelled) continue;
    log::warning("deployments could not be looked after", {{"detail", result.error().detail()}});
  }
}
// Most of these wait: for a turn to build, for an app to become healthy, for requests to end.
constexpr jobs::KindLimits deploy_limits{.running_max = 64};
constexpr jobs::KindLimits rollback_limits{.running_max = 16};
constexpr jobs::KindLimits split_limits{.running_max = 64};
constexpr jobs::KindLimits retire_limits{.running_max = 512};
}  // namespace

Deploys::Deploys(net::Loop& loop, runtime::Runtime& runtime, builds::Builder& builder,
                 sql::Database& database, projects::Projects& projects,
                 variables::Variables& variables, domains::Domains& domains,
                 gateway::Gateway& gateway, logs::Store& logs, jobs::Queue& queue,
                 const Options& options, const Clock& clock)
    : loop_(loop),
      runtime_(runtime),
      projects_(projects),
      variables_(variables),
      queue_(queue),
      options_(options),
      clock_(clock),
      store_(database, clock),
      journal_(logs, clock),
      publisher_(store_, projects, domains, gateway, options),
      instances_(loop, runtime, store_, publisher_, projects, variables, journal_, clock),
      pipeline_(loop, runtime, builder, store_, publisher_, instances_, projects, variables,
                journal_, queue, options) {}

void Deploys::start() {
  const auto deploy = [this](jobs::Job& job) -> Task<> {
    return [](Pipeline& pipeline, const jobs::Job& running) -> Task<> {
      auto decoded = co_await json::decode<DeployPayload>(running.payload());
      co_await pipeline.deploy(decoded.deployment, running);
    }(pipeline_, job);
  };
  const auto retire = [this](jobs::Job& job) -> Task<> {
    return [](Pipeline& pipeline, std::string payload) -> Task<> {
      auto decoded = co_await json::decode<RetirePayload>(payload);
      co_await pipeline.retire(decoded);
    }(pipeline_, std::string(job.payload()));
  };
  const auto split = [this](jobs::Job& job) -> Task<> {
    return [](Pipeline& pipeline, jobs::Job& running) -> Task<> {
      auto decoded = co_await json::decode<SplitPayload>(running.payload());
      co_await pipeline.make_split(std::move(decoded), running);
    }(pipeline_, job);
  };
  queue_.handle(std::string(split_job), split, split_limits);
  queue_.handle(std::string(deploy_job), deploy, deploy_limits);
  queue_.handle(std::string(rollback_job), deploy, rollback_limits);
  queue_.handle(std::string(retire_job), retire, retire_limits);
}

// Row, tree and job belong together: the tree gets its place before the transaction that makes the
// job visible ends.
Task<Deployment> Deploys::enqueue(NewDeployment wanted, std::optional<std::filesystem::path> tree,
                                  std::filesystem::path sources) {
  wanted.number_min = co_await instances_.free_number(wanted.environment);
  auto made = co_await store_.database().transact<Deployment>(
      [this, &wanted, &tree, &sources](this auto, sql::Transaction& tx) -> Task<Deployment> {
        if (!wanted.variables) {
          wanted.variables = co_await variables_.newest(wanted.environment, tx);
        }
        auto deployment = co_await store_.insert(wanted, tx);
        if (tree) {
          deployment.source = (sources / fmt::format("{}.tar", deployment.id.value)).string();
          co_await files::move(*tree, deployment.source);
          co_await store_.set_source(deployment.id, deployment.source, tx);
        }
        const DeployPayload payload{deployment.id};
        const bool builds = wanted.origin == 0;
        const auto kind = builds ? deploy_job : rollback_job;
        deployment.job = co_await queue_.add({.kind = std::string(kind),
                                              .key = turn_of(deployment.environment),
                                              .payload = json::encode(payload),
                                              .attempts_max = deploy_attempts_max},
                                             tx);
        co_await store_.set_job(deployment.id, *deployment.job, tx);
        co_return deployment;
      });
  // Where that fails, the deployment has to wait for it.
  co_await attempt(pipeline_.give_up_split(
      made.environment, fmt::format("deployment #{} came meanwhile", made.number)));
  co_return made;
}

Task<Deployment> Deploys::deploy(Push push, std::filesystem::path tree,
                                 std::filesystem::path sources) {
  co_return co_await enqueue(
      {.environment = push.environment,
       .trigger = push.trigger,
       .commit = push.commit,
       .message = push.message,
       .branch = push.branch,
       .arriving_since = push.arriving_since,
       .source_kind = push.trigger == Trigger::upload ? SourceKind::upload : SourceKind::push},
      tree, sources);
}

// The build of a release may be gone from the machine without our doing.
Task<bool> Deploys::has_build(const Release& release) {
  std::error_code ignored;
  if (!release.static_root.empty()) {
    co_return std::filesystem::exists(release.static_root, ignored);
  }
  co_return co_await runtime_.has_artifact(release.artifact);
}

Task<Deployment> Deploys::rollback(EnvironmentId environment, std::optional<std::int64_t> to,
                                   WithVariables with) {
  std::optional<Deployment> target;
  if (to) {
    target = co_await store_.get(environment, *to);
    if (!target->live_at || !target->release) {
      co_await fail(errors::nothing_to_roll_back_to,
                    "deployment #{} was never live, or its build is no longer kept", *to);
    }
  } else {
    auto current = co_await live(environment);
    if (current) target = co_await store_.rollback_target(environment, stands_for(*current));
  }
  if (!target || !target->release) {
    co_await fail(errors::nothing_to_roll_back_to,
                  "there is no earlier release that was live and is still kept; see: temps "
                  "deployments NAME");
  }
  if (!co_await has_build(*target->release)) {
    co_await fail(errors::nothing_to_roll_back_to,
                  "the build of deployment #{} is gone from this machine; push that commit again",
                  target->number);
  }
  const bool keeps = with == WithVariables::of_release;
  co_return co_await enqueue({.environment = environment,
                              .trigger = Trigger::rollback,
                              .origin = target->origin,
                              .commit = target->commit,
                              .message = target->message,
                              .branch = target->branch,
                              .release = target->release,
                              .variables = keeps ? std::optional(target->variables) : std::nullopt,
                              .restores = stands_for(*target),
                              .source_kind = target->source_kind,
                              .image = target->image},
                             std::nullopt, {});
}

Task<Deployment> Deploys::restart(EnvironmentId environment) {
  const auto current = co_await live(environment);
  if (!current || !current->release) {
    co_await fail(errors::nothing_to_restart, "push something first: git push temps main");
  }
  if (!current->release->static_root.empty()) {
    co_await fail(errors::nothing_to_restart,
                  "a static site does not run; to build it with the newest variables: temps "
                  "redeploy NAME");
  }
  if (!co_await has_build(*current->release)) {
    co_await fail(errors::nothing_to_restart,
                  "the build of deployment #{} is gone from this machine; build it again: temps "
                  "redeploy NAME",
                  current->number);
  }
  co_return co_await enqueue({.environment = environment,
                              .trigger = Trigger::restart,
                              .origin = current->origin,
                              .commit = current->commit,
                              .message = current->message,
                              .branch = current->branch,
                              .release = current->release,
                              .source_kind = current->source_kind,
                              .image = current->image},
                             std::nullopt, {});
}

Task<Deployment> Deploys::redeploy(EnvironmentId environment, std::filesystem::path sources) {
  auto latest = co_await store_.latest_source(environment);
  if (!latest) {
    const auto place = co_await projects_.environment(environment);
    auto stored = stored_ ? co_await stored_(place) : std::nullopt;
    if (!stored) {
      co_await fail(errors::nothing_to_redeploy, "push something first: git push temps {}",
                    place.settings.branch);
    }
    co_return co_await deploy(std::move(stored->push), std::move(stored->tree), std::move(sources));
  }
  NewDeployment wanted{.environment = environment,
                       .trigger = Trigger::redeploy,
                       .commit = latest->commit,
                       .message = latest->message,
                       .branch = latest->branch,
                       .source_kind = latest->source_kind,
                       .image = latest->image};
  if (!wanted.image.empty()) co_return co_await enqueue(std::move(wanted), std::nullopt, {});
  const auto copy = sources / fmt::format("redeploy-{}.tar", latest->id.value);
  auto copied =
      co_await loop_.offload([from = latest->source, copy] { return files::copy(from, copy); });
  co_await std::move(copied);
  co_return co_await enqueue(std::move(wanted), copy, std::move(sources));
}

Task<Deployment> Deploys::cancel(EnvironmentId environment, std::int64_t number, std::string by) {
  auto deployment = co_await store_.get(environment, number);
  const auto id = deployment.id;
  co_await pipeline_.cancel(std::move(deployment), std::move(by));
  co_return co_await get(id);
}

Deployment Deploys::as_served(Deployment deployment) const {
  if (pipeline_.is_switching(deployment.id)) deployment.status = Status::checking;
  return deployment;
}

Task<Deployment> Deploys::get(DeploymentId id) { co_return as_served(co_await store_.get(id)); }

Task<Deployment> Deploys::get(EnvironmentId environment, std::int64_t number) {
  co_return as_served(co_await store_.get(environment, number));
}

Task<std::vector<Deployment>> Deploys::list(EnvironmentId environment, std::int64_t before,
                                            std::int64_t limit) {
  auto found = co_await store_.before(environment, before, limit);
  for (auto& deployment : found) deployment = as_served(std::move(deployment));
  co_return found;
}

Task<std::optional<Deployment>> Deploys::live(EnvironmentId environment) {
  auto id = co_await store_.live_of(environment);
  if (!id) co_return std::nullopt;
  co_return co_await store_.get(*id);
}

Task<Deployment> Deploys::follow(DeploymentId id, std::function<Task<>(const logs::Line&)> sink) {
  const auto channel = build_channel(id);
  std::int64_t seen = 0;
  for (;;) {
    auto deployment = co_await get(id);
    const bool ended = has_ended(deployment.status);
    auto lines = co_await journal_.logs().read(channel, {.after_sequence = seen});
    for (const auto& line : lines) {
      seen = line.sequence;
      co_await sink(line);
    }
    if (ended && lines.empty()) co_return deployment;
    if (!lines.empty()) continue;
    co_await attempt(within(1s, journal_.logs().wait(channel, seen)));
    co_await check_cancelled();
  }
}

Task<std::optional<SplitAttempt>> Deploys::split_attempt(EnvironmentId environment) {
  auto last = co_await store_.split_attempt(environment);
  // Jobs are forgotten some weeks after their end.
  if (last) last->record = co_await pipeline_.job_record(last->job);
  if (last && !last->record) last.reset();
  co_return last;
}

Task<SplitAttempt> Deploys::follow_split(EnvironmentId environment,
                                         std::function<Task<>(const logs::Line&)> sink) {
  auto followed = co_await split_attempt(environment);
  if (!followed) co_await fail(errors::no_split, "no split was asked for lately");
  const auto channel = build_channel(followed->beside);
  auto seen = followed->first_line;
  for (;;) {
    followed->record = co_await queue_.get(followed->job);
    auto lines = co_await journal_.logs().read(channel, {.after_sequence = seen});
    for (const auto& line : lines) {
      seen = line.sequence;
      co_await sink(line);
    }
    if (followed->record->finished_at && lines.empty()) co_return std::move(*followed);
    if (!lines.empty()) continue;
    co_await attempt(within(1s, journal_.logs().wait(channel, seen)));
    co_await check_cancelled();
  }
}

Task<gateway::Reach> Deploys::publish() {
  auto told = co_await attempt(publisher_.publish());
  // The table is in the file; instances_.refresh() tells the proxy again.
  if (!told && told.error().is(gateway::errors::no_answer)) {
    instances_.look_again();
    co_return gateway::Reach::proxy_away;
  }
  co_return co_await std::move(told);
}

// Everything of the environment outside the database.
Task<> Deploys::take_down(projects::Project project, EnvironmentId environment) {
  co_await pipeline_.cancel(environment);
  co_await store_.unpoint(environment);
  co_await publish();
  constexpr auto all_of_them = std::numeric_limits<std::int64_t>::max();
  for (auto& deployment : co_await store_.before(environment, all_of_them, 100'000)) {
    if (!deployment.instance.empty()) co_await instances_.stop(deployment, options_.stop_grace);
    co_await pipeline_.forget(project, deployment);
    (void)journal_.logs().remove(build_channel(deployment.id));
  }
  (void)journal_.logs().remove(app_channel(environment));
}

Task<> Deploys::remove(projects::Project project) {
  for (const auto& environment : co_await projects_.environments(project.id)) {
    co_await take_down(project, environment.id);
  }
  co_await instances_.remove_all_of(project.name);
  for (const auto& forget : forgetters_) co_await forget(project);
}

Task<> Deploys::remove_environment(projects::Project project, projects::Environment environment) {
  if (environment.name == projects::production_name) {
    co_await fail(projects::errors::production_stays,
                  "production goes with its project only; to take that down: temps project delete "
                  "{}",
                  project.name);
  }
  co_await take_down(project, environment.id);
  co_await projects_.remove_environment(environment.id);
  co_await publish();
}

Task<> Deploys::reconcile() {
  co_await pipeline_.retire_forgotten();
  co_await instances_.reconcile();
  co_await pipeline_.end_abandoned();
}

Task<> Deploys::look_after() {
  co_await pipeline_.end_abandoned();
  co_await instances_.refresh();
}

Task<> Deploys::supervise() {
  std::vector<Task<>> loops;
  loops.push_back(repeat(supervision_pause, [this] { return look_after(); }));
  loops.push_back(repeat(live_check_pause, [this] { return instances_.check_live(); }));
  co_await all(std::move(loops));
}

Task<> Deploys::close(Apps apps) {
  if (apps == Apps::stop) co_await instances_.stop_all(10s);
  co_await instances_.close();
}

}  // namespace temps::deploys
