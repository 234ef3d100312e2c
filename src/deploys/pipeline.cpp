#include "deploys/pipeline.hpp"

#include <algorithm>

#include "core/log.hpp"
#include "core/text.hpp"
#include "deploys/errors.hpp"
#include "deploys/health.hpp"
#include "deploys/provided.hpp"
#include "files/files.hpp"
#include "jobs/outcome.hpp"
#include "json/json.hpp"

namespace temps::deploys {

namespace {

constexpr std::uint16_t default_port = 3000;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

detect::Settings detect_settings(const projects::Settings& settings) {
  return {.dockerfile = settings.dockerfile,
          .root_directory = settings.root_directory,
          .install_command = settings.install_command,
          .build_command = settings.build_command,
          .start_command = settings.start_command,
          .output_directory = settings.output_directory};
}

// "shop", and "shop (staging)" for what is not production.
std::string name_of(const projects::Project& project, const projects::Environment& environment) {
  if (environment.name == projects::production_name) return project.name;
  return fmt::format("{} ({})", project.name, environment.name);
}

std::uint16_t choose_port(const projects::Settings& settings, const builds::Built& built) {
  if (settings.port != 0) return settings.port;
  if (built.exposed_ports.size() == 1) return built.exposed_ports.front();
  return default_port;
}

}  // namespace

bool is_transient(const Error& error) {
  const auto& code = error.code();
  return code.kind == ErrorKind::cancelled ||
         (code.code.starts_with("sql.") && jobs::is_retryable(code.kind));
}

Error cancellation_of(const Deployment& deployment) {
  if (deployment.cancelled_by.empty()) return {errors::cancelled, "the deployment was cancelled"};
  return {errors::cancelled, "cancelled by " + deployment.cancelled_by};
}

std::string turn_of(projects::EnvironmentId environment) {
  return fmt::format("environment-{}", environment.value);
}

jobs::NewJob retire_job_of(RetirePayload payload) {
  return {.kind = std::string(retire_job),
          .key = fmt::format("retire-{}", payload.old.value),
          .payload = json::encode(payload),
          .attempts_max = retire_attempts_max};
}

Task<Pipeline::Place> Pipeline::place(const Deployment& deployment) {
  auto environment = co_await projects_.environment(deployment.environment);
  auto project = co_await projects_.get(environment.project);
  co_return Place{std::move(project), std::move(environment)};
}

Task<> Pipeline::deploy(DeploymentId id, const jobs::Job& job) {
  auto deployment = co_await store_.get(id);
  if (has_ended(deployment.status)) co_return;
  if (!deployment.cancelled_by.empty()) {
    co_return co_await shielded(fail_deployment(id, cancellation_of(deployment)));
  }
  if (const auto newer = co_await store_.newer_queued(deployment)) {
    co_return co_await supersede(std::move(deployment), *newer);
  }
  auto result = co_await attempt(advance(std::move(deployment)));
  if (!result && job.is_cancelled()) {
    co_return co_await shielded(fail_deployment(id, cancellation_of({})));
  }
  if (!result && is_transient(result.error())) co_await fail(result.error());
  if (!result) co_await shielded(fail_deployment(id, result.error()));
}

// It may have come as far as its health check before a restart of Temps.
Task<> Pipeline::supersede(Deployment deployment, std::int64_t newer) {
  const auto id = deployment.id;
  co_await instances_.stop(deployment, std::chrono::seconds(2));
  journal_.say(id, fmt::format("superseded by deployment #{}", newer));
  co_await store_.finish(id, Status::superseded, std::string(errors::superseded.code),
                         fmt::format("deployment #{} was pushed meanwhile", newer));
  co_await forget_source(deployment);
  journal_.changed();
}

Task<> Pipeline::advance(Deployment deployment) {
  const auto where = co_await place(deployment);
  if (deployment.status == Status::queued) {
    journal_.say(deployment.id, fmt::format("deployment #{} of {} begins", deployment.number,
                                            name_of(where.project, where.environment)));
    co_await say_variables(deployment, where);
  } else {
    journal_.say(deployment.id, "going on after a restart of Temps");
  }
  if (!deployment.release) {
    co_await store_.set_status(deployment.id, Status::building);
    deployment.release = co_await obtain(deployment, where);
    co_await store_.set_release(deployment.id, *deployment.release);
  }
  if (deployment.release->static_root.empty()) co_await start_and_check(deployment, where);
  co_await switch_to(co_await store_.get(deployment.id), where);
}

Task<> Pipeline::say_variables(const Deployment& deployment, const Place& where) {
  const auto newest = co_await variables_.newest(where.environment.id);
  if (newest == 0) co_return;
  journal_.say(deployment.id,
               fmt::format("it runs with version {} of the variables{}", deployment.variables,
                           newest == deployment.variables
                               ? std::string{}
                               : fmt::format("; the newest is version {}", newest)));
}

// What a build gets may stay in what it leaves: plain ones only.
Task<std::map<std::string, std::string>> Pipeline::build_variables(const Deployment& deployment,
                                                                   const Place& where) {
  std::map<std::string, std::string> plain;
  std::vector<std::string> kept_back;
  for (const auto& own : co_await variables_.at(where.environment.id, deployment.variables)) {
    // With it package managers leave out what builds need; frameworks set it themselves.
    if (own.name == "NODE_ENV") continue;
    if (own.kind == variables::Kind::plain) {
      plain[own.name] = own.value.reveal();
    } else if (is_public_name(own.name)) {
      kept_back.push_back(own.name);
    }
  }
  if (!kept_back.empty()) {
    journal_.say(deployment.id,
                 fmt::format("note: builds get no secrets, so this one goes without {}, which "
                             "looks meant for browsers; make it plain if it is",
                             join(kept_back, ", ")));
  }
  co_return plain;
}

Task<Release> Pipeline::build(const Deployment& deployment, const Place& where) {
  const auto begin = std::chrono::steady_clock::now();
  const auto id = deployment.id;
  auto built = co_await builder_.build(
      {.project = where.project.name,
       .project_id = where.project.id.value,
       .deployment = id.value,
       .source = deployment.source,
       .settings = detect_settings(where.environment.settings),
       .arguments = where.environment.settings.build_arguments,
       .variables = co_await build_variables(deployment, where),
       .provided = provided_variables(
           deployment,
           {where.project, where.environment, publisher_.url(where.project, where.environment)}),
       .reached =
           [this, id](builds::Step step) {
             const bool detects = step == builds::Step::detecting;
             return store_.enter_stage(id, detects ? Stage::detecting : Stage::building);
           }},
      [this, id](std::string_view line) { journal_.say(id, line); },
      [this, id](std::string_view line) { journal_.output(id, line); });
  journal_.say(id, fmt::format("built in {:.1f} s", seconds_since(begin)));
  co_return Release{.provider = built.provider,
                    .runtime = std::string(runtime_.name()),
                    .artifact = built.artifact,
                    .static_root = built.static_root.string(),
                    .single_page = built.single_page,
                    .start_command = built.start_command,
                    .variables = built.variables,
                    .port = choose_port(where.environment.settings, built)};
}

Task<> Pipeline::start_and_check(const Deployment& deployment, const Place& where) {
  co_await store_.set_status(deployment.id, Status::starting);
  co_await store_.enter_stage(deployment.id, Stage::starting);
  const auto begin = std::chrono::steady_clock::now();
  auto instance = co_await instances_.start(deployment);
  journal_.say(deployment.id,
               fmt::format("started on port {}, waiting for it to answer", instance.port));
  co_await store_.set_status(deployment.id, Status::checking);
  co_await store_.enter_stage(deployment.id, Stage::checking);
  const auto& settings = where.environment.settings;
  auto healthy = co_await attempt(
      wait_until_healthy(loop_, runtime_, instance,
                         {.path = settings.health_path,
                          .host = publisher_.host(where.project, where.environment),
                          .total = std::chrono::seconds(settings.health_seconds),
                          .protocol = settings.protocol}));
  if (!healthy) {
    if (!is_transient(healthy.error())) {
      co_await show_last_lines(deployment);
    }
    co_await fail(healthy.error());
  }
  if (healthy->other_port) {
    journal_.say(deployment.id,
                 fmt::format("the app listens at {}, not on port {} as PORT says; serving it there",
                             healthy->address, instance.port));
    co_await store_.set_instance(deployment.id, instance.id, healthy->address, instance.port);
  }
  co_await runtime_.set_restart_policy(instance.id, runtime::RestartPolicy::unless_stopped);
  journal_.say(deployment.id,
               fmt::format("healthy after {:.1f} s ({})", seconds_since(begin), healthy->answer));
}

// The app's own words on why it is not ready, into the deployment's log. The live release writes to
// the same channel: what that says is no part of it.
Task<> Pipeline::show_last_lines(const Deployment& deployment) {
  constexpr std::size_t shown = 100;
  co_await sleep(std::chrono::milliseconds(300));  // the collector may be a moment behind
  auto lines = journal_.logs().read(app_channel(deployment.environment),
                                    {.last = shown, .source = deployment.number});
  if (!lines || lines->empty()) co_return;
  journal_.say(deployment.id, "the app's last lines:");
  for (const auto& line : *lines) journal_.output(deployment.id, line.text);
}

Task<> Pipeline::switch_to(const Deployment& deployment, const Place& where) {
  // It is live in the database before the proxy serves it; whoever waits for its end waits for
  // both.
  const Mark mark(switching_, deployment.id.value);
  co_await store_.enter_stage(deployment.id, Stage::switching);
  std::optional<DeploymentId> previous;
  std::vector<SplitPart> split;
  co_await store_.database().transact<void>(
      [this, &deployment, &previous, &split](this auto, sql::Transaction& tx) -> Task<> {
        previous = co_await store_.go_live(deployment, tx);
        split = co_await retire_split(deployment.environment, deployment.id,
                                      previous.value_or(deployment.id), tx);
        if (!previous) co_return;
        co_await queue_.add(retire_job_of({.fresh = deployment.id, .old = *previous}), tx);
      });
  auto told = co_await attempt(tell_proxy());
  if (!told && !is_transient(told.error())) {
    co_await store_.undo_live(deployment, previous, split);
    co_await attempt(publisher_.publish());  // the file must not keep what is not in force
  }
  const auto reach = co_await std::move(told);
  co_await attempt(store_.leave_stage(deployment.id));
  if (reach == gateway::Reach::proxy_away) {
    journal_.say(deployment.id, "the proxy is not running; it serves this release when it starts");
  }
  journal_.say(deployment.id,
               fmt::format("live at {}", publisher_.url(where.project, where.environment)));
  journal_.changed();
}

// From the switch in the database on a deployment cannot fail because that is away for a while:
// the old release is about to be stopped.
Task<gateway::Reach> Pipeline::tell_proxy() {
  for (;;) {
    auto reach = co_await attempt(publisher_.publish());
    if (reach || !reach.error().code().code.starts_with("sql.")) {
      co_return co_await std::move(reach);
    }
    log::warning("the routes are not published yet", {{"detail", reach.error().detail()}});
    co_await sleep(std::chrono::seconds(1));
  }
}

// The tree of a deployment that can never be built again need not be kept.
Task<> Pipeline::forget_source(const Deployment& deployment) {
  if (deployment.source.empty()) co_return;
  co_await files::remove_all(deployment.source);
  co_await store_.set_source(deployment.id, {});
}

// The push hears of its end whatever the runtime does: an engine that is away is cleaned up after
// when it is back.
Task<> Pipeline::fail_deployment(DeploymentId id, Error error) {
  auto deployment = co_await store_.get(id);
  // Whatever it failed with: it was to end.
  if (!deployment.cancelled_by.empty()) error = cancellation_of(deployment);
  if (!error.cause().empty()) {
    log::warning("deployment failed", {{"deployment", id.value}, {"cause", error.cause()}});
  }
  auto stopped = co_await attempt(
      within(options_.clean_up_time, instances_.stop(deployment, std::chrono::seconds(2))));
  const bool cancelled = error.is(errors::cancelled);
  journal_.say(id,
               cancelled ? std::string(error.detail()) : fmt::format("failed: {}", error.detail()));
  co_await store_.finish(id, cancelled ? Status::cancelled : Status::failed,
                         std::string(error.code().code), std::string(error.detail()));
  journal_.changed();
  // A start that was cut off may have got further than we know.
  if (!stopped || cancelled || error.is(runtime::errors::unavailable)) {
    log::warning(
        "an instance may be left of a failed deployment; it goes as soon as that is possible",
        {{"deployment", id.value},
         {"detail", stopped ? error.detail() : stopped.error().detail()}});
    instances_.look_again();
  }
  co_await clean_up(std::move(deployment));
}

// A build that never went live cannot be gone back to.
Task<> Pipeline::clean_up(Deployment deployment) {
  const auto where = co_await place(deployment);
  auto forgotten =
      co_await attempt(within(options_.clean_up_time, forget(where.project, deployment)));
  if (forgotten && deployment.release) co_await store_.clear_release(deployment.id);
  // What is left goes with the next release, see remove_surplus().
  if (!forgotten) co_await forget_source(deployment);
}

}  // namespace temps::deploys
