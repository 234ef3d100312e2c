// The life of a deployment, as a durable job: build, start beside the old release, check, switch.
// Each state is saved before it is acted on, and every step may be repeated, so that a process
// killed anywhere ends with the old release serving or the new one.
#pragma once
#include <cstdint>
#include <set>

#include "builds/builds.hpp"
#include "deploys/instances.hpp"
#include "deploys/journal.hpp"
#include "deploys/options.hpp"
#include "deploys/publisher.hpp"
#include "deploys/split.hpp"
#include "deploys/store.hpp"
#include "deploys/supply.hpp"
#include "jobs/jobs.hpp"

namespace temps::deploys {

// Kinds of jobs. A deployment that builds may wait long for its turn, and a drain lasts up to an
// hour: neither must hold up a rollback.
inline constexpr std::string_view deploy_job = "deploys.deploy";
inline constexpr std::string_view rollback_job = "deploys.rollback";
inline constexpr std::string_view retire_job = "deploys.retire";
inline constexpr std::string_view split_job = "deploys.split";

struct DeployPayload {
  DeploymentId deployment;
};
struct RetirePayload {
  DeploymentId fresh;
  DeploymentId old;
  std::optional<bool> after_split{};  // the fresh one was live before: it is not watched
};

struct SplitPayload {
  projects::EnvironmentId environment;
  std::vector<SplitWish> wishes;
};
// What was so before the split that a job has put into the database.
struct SplitState {
  DeploymentId live;
  std::vector<SplitPart> former;
};

// Deployments and splits of an environment are carried out one after the other.
std::string turn_of(projects::EnvironmentId environment);
// The longest that a cancelled deployment takes to stop what it has started.
inline constexpr std::chrono::seconds cancel_time{90};
// Only a failing database repeats a job of these; it may be away for a while.
inline constexpr std::int32_t deploy_attempts_max = 50;
// Errors that say nothing about the deployment itself: the job is tried again. What the queue would
// take for final must end the deployment, or it would stay as it is for ever.
bool is_transient(const Error& error);

// What a deployment that was cancelled ends with: by whom.
Error cancellation_of(const Deployment& deployment);

// An engine may be down for hours; the old instance must go all the same.
inline constexpr std::int32_t retire_attempts_max = 500;
jobs::NewJob retire_job_of(RetirePayload payload);

class Pipeline {
 public:
  Pipeline(net::Loop& loop, runtime::Runtime& runtime, builds::Builder& builder, Store& store,
           Publisher& publisher, Instances& instances, projects::Projects& projects,
           variables::Variables& variables, Journal& journal, jobs::Queue& queue,
           const Options& options)
      : loop_(loop),
        runtime_(runtime),
        builder_(builder),
        store_(store),
        publisher_(publisher),
        instances_(instances),
        projects_(projects),
        variables_(variables),
        journal_(journal),
        queue_(queue),
        options_(options) {}

  // The handler of `deploy_job` and `rollback_job`. A job that is cancelled ends the deployment.
  Task<> deploy(DeploymentId id, const jobs::Job& job);
  // The handler of `retire_job`: watches the fresh release, drains the old one and stops it.
  Task<> retire(RetirePayload payload);

  // Adds the job that lets two releases, one of them the live one, share the requests. Fails with
  // `bad_split`, `cannot_split`.
  Task<> split(projects::EnvironmentId environment, std::vector<SplitWish> wishes);
  // The handler of `split_job`: the other release is started where it does not run, checked, and
  // let in. Fails with `split_failed` when that comes to nothing, and all is as it was then.
  Task<> make_split(SplitPayload payload, jobs::Job& job);
  // One release gets all requests: the live one, or `kept`, which is the live one then. The other
  // drains and stops. A split that is being made is given up. Fails with `cannot_split`.
  Task<> end_split(projects::EnvironmentId environment, std::optional<std::int64_t> kept);
  // Asks a split that is being made to end. Yields its job.
  Task<std::optional<jobs::JobId>> give_up_split(projects::EnvironmentId environment,
                                                 std::string why);

  // Nothing where the job was forgotten, long after its end.
  Task<std::optional<jobs::JobRecord>> job_record(jobs::JobId id);

  // Ends the deployments whose job has ended for good without them: cut off too often, out of
  // attempts. Nothing would ever carry them on, and their pushes would wait for ever.
  Task<> end_abandoned();
  // Makes sure that what is no longer live has a job that stops it.
  Task<> retire_forgotten();
  // Cancels what is under way in the environment, and waits for its end.
  Task<> cancel(projects::EnvironmentId environment);
  // Ends the deployment in the name of `by`, and waits for that, but not for long. What is kept of
  // the wish holds after a restart of Temps. Fails with `not_running`.
  Task<> cancel(Deployment deployment, std::string by);

  // Between the switch in the database and the proxy's word that the release is in force.
  [[nodiscard]] bool is_switching(DeploymentId id) const { return switching_.contains(id.value); }

  // Before any job runs.
  void supplied_by(Supplier& supplier) { supplier_ = &supplier; }
  [[nodiscard]] Supplier* supplier() { return supplier_; }

  // Removes what a deployment left outside the database: build and source.
  Task<> forget(projects::Project project, Deployment deployment);

 private:
  // Of something that is under way.
  class Mark {
   public:
    Mark(std::set<std::int64_t>& all, std::int64_t id) : all_(all), id_(id) { all_.insert(id_); }
    ~Mark() { all_.erase(id_); }
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

   private:
    std::set<std::int64_t>& all_;
    std::int64_t id_;
  };
  struct Place {
    projects::Project project;
    projects::Environment environment;
  };
  Task<Place> place(const Deployment& deployment);
  Task<> advance(Deployment deployment);
  Task<> say_variables(const Deployment& deployment, const Place& place);
  Task<std::map<std::string, std::string>> build_variables(const Deployment& deployment,
                                                           const Place& place);
  // From what the deployment is of: what is not here yet is brought, what is no image is built.
  Task<Release> obtain(Deployment& deployment, const Place& place);
  Task<> fetch(Deployment& deployment, const Place& place);
  Task<Release> pull(const Deployment& deployment, const Place& place);
  Task<Release> build(const Deployment& deployment, const Place& place);
  Task<> start_and_check(const Deployment& deployment, const Place& place);
  Task<> switch_to(const Deployment& deployment, const Place& place);
  Task<gateway::Reach> tell_proxy();
  Task<> supersede(Deployment deployment, std::int64_t newer);
  Task<> fail_deployment(DeploymentId id, Error error);
  Task<> end_without_job(DeploymentId id, Error reason);
  Task<Error> why_not_cancelled(DeploymentId id);
  Task<> clean_up(Deployment deployment);
  Task<> show_last_lines(const Deployment& deployment);
  Task<std::optional<Error>> watch(const Deployment& fresh, const Deployment& old);
  Task<bool> go_back(const Deployment& fresh, const Deployment& old, const Error& reason);
  Task<std::optional<Error>> objection(const Deployment& fresh, const Deployment& old);
  Task<> make_ready(const Deployment& old);
  Task<> leave(const Deployment& fresh);
  Task<> stop_old(Deployment old);
  Task<bool> is_wanted(const Deployment& old);
  Task<> drain(const Deployment& old, std::chrono::seconds limit);
  Task<> remove_surplus(const Place& place);
  // Two releases that can share.
  struct SplitPlan {
    DeploymentId live;
    Deployment beside;
    std::vector<SplitPart> parts;
  };
  Task<SplitPlan> plan_split(projects::EnvironmentId environment, std::vector<SplitWish> wishes);
  Task<> check_runnable(const Deployment& deployment);
  Task<> run_beside(const Deployment& deployment);
  Task<> let_in(const SplitPayload& payload, jobs::Job& job);
  Task<> save_split(const SplitPlan& plan, jobs::Job& job);
  Task<> undo_split(const SplitPayload& payload, const jobs::Job& job);
  Task<> restore_split(projects::EnvironmentId environment, SplitState state);
  Task<> keep_one(projects::EnvironmentId environment, std::optional<DeploymentId> kept);
  // Yields what has shared.
  Task<std::vector<SplitPart>> retire_split(projects::EnvironmentId environment, DeploymentId live,
                                            DeploymentId kept, sql::Transaction& tx);
  Task<> forget_source(const Deployment& deployment);

  net::Loop& loop_;
  runtime::Runtime& runtime_;
  builds::Builder& builder_;
  Store& store_;
  Publisher& publisher_;
  Instances& instances_;
  projects::Projects& projects_;
  variables::Variables& variables_;
  Journal& journal_;
  jobs::Queue& queue_;
  const Options& options_;
  Supplier* supplier_ = nullptr;
  std::set<std::int64_t> switching_;
  std::set<std::int64_t> stopping_;   // deployments
  std::set<std::int64_t> ending_;     // deployments whose job has ended without them
  std::set<std::int64_t> splitting_;  // environments
  Mutex asking_;                      // for a split, one after the other
};

}  // namespace temps::deploys
