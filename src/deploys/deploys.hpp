// Deploys: takes the tree of a commit live without a dropped request, goes back to an earlier
// release, and knows what runs. Front door of the pipeline.
#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "builds/builds.hpp"
#include "deploys/deployment.hpp"
#include "deploys/instances.hpp"
#include "deploys/journal.hpp"
#include "deploys/options.hpp"
#include "deploys/pipeline.hpp"
#include "deploys/publisher.hpp"
#include "deploys/split.hpp"
#include "deploys/store.hpp"
#include "domains/domains.hpp"
#include "gateway/gateway.hpp"
#include "jobs/jobs.hpp"
#include "logs/logs.hpp"
#include "projects/projects.hpp"
#include "runtime/runtime.hpp"
#include "variables/variables.hpp"

namespace temps::deploys {

struct Push {
  projects::EnvironmentId environment;
  std::string commit;
  std::string message;
  std::string branch;
  Trigger trigger = Trigger::push;
  std::optional<Instant> arriving_since{};  // the tree
};

// What redeploy() builds where nothing was deployed yet.
struct Stored {
  Push push;
  std::filesystem::path tree;
};

// Which variables a rollback runs with.
enum class WithVariables : std::uint8_t {
  of_release,  // those that the release ran with
  newest
};

// Owns the tables `deployments`, `live_releases`, `release_splits` and `split_wishes`.
class Deploys {
 public:
  Deploys(net::Loop& loop, runtime::Runtime& runtime, builds::Builder& builder,
          sql::Database& database, projects::Projects& projects, variables::Variables& variables,
          domains::Domains& domains, gateway::Gateway& gateway, logs::Store& logs,
          jobs::Queue& queue, const Options& options, const Clock& clock);

  // A new deployment of the tree in the tar file `tree`, which is moved into our keeping under
  // `sources`.
  Task<Deployment> deploy(Push push, std::filesystem::path tree, std::filesystem::path sources);
  // The newest commit of the branch in the project's repository elsewhere; fetching it is the first
  // step, and its log tells of it.
  Task<Deployment> deploy_repository(projects::EnvironmentId environment, std::string branch);
  // An image of a registry, as a release of its own. Fails with `bad_image`, `builds.needs_engine`.
  Task<Deployment> deploy_image(projects::EnvironmentId environment, std::string image);
  // Goes back to deployment `to`, or to what ran before the live one. No build. Fails with
  // `nothing_to_roll_back_to`.
  Task<Deployment> rollback(projects::EnvironmentId environment, std::optional<std::int64_t> to,
                            WithVariables with = WithVariables::of_release);
  // Builds and deploys the newest source again; of an environment that has none, its branch as it
  // was pushed before there was the environment. Fails with `nothing_to_redeploy`.
  Task<Deployment> redeploy(projects::EnvironmentId environment, std::filesystem::path sources);
  // Starts the live release anew with the newest variables, beside the one that runs. No build.
  // Fails with `nothing_to_restart`.
  Task<Deployment> restart(projects::EnvironmentId environment);

  // Ends a deployment that waits or runs, in the name of `by`: what it has started goes, the live
  // release stays. It may take a moment longer than this. Fails with `not_running` once it has
  // ended or was switched to.
  Task<Deployment> cancel(projects::EnvironmentId environment, std::int64_t number, std::string by);

  // Lets two releases, one of them the live one, share the requests by weight until another one
  // goes live: by a job, see follow_split(). A deployment that comes while it is being made ends
  // it. Fails with `bad_split`, `cannot_split`.
  Task<> split(projects::EnvironmentId environment, std::vector<SplitWish> wishes) {
    return pipeline_.split(environment, std::move(wishes));
  }
  // The live release gets all requests again, or `kept` does and is the live one from then on. A
  // split that is being made is given up. Fails with `cannot_split`.
  Task<> end_split(projects::EnvironmentId environment,
                   std::optional<std::int64_t> kept = std::nullopt) {
    return pipeline_.end_split(environment, kept);
  }
  // The last one that was asked for, and what has become of it.
  Task<std::optional<SplitAttempt>> split_attempt(projects::EnvironmentId environment);
  // Gives every line that tells of it to `sink`, as it comes, and ends with what has become of it.
  // Fails with `no_split`.
  Task<SplitAttempt> follow_split(projects::EnvironmentId environment,
                                  std::function<Task<>(const logs::Line&)> sink);
  // Empty where the live release has all of them.
  Task<std::vector<SplitPart>> split_of(projects::EnvironmentId environment) {
    return store_.split_of(environment);
  }

  // What it went through, with times; see Store.
  Task<std::vector<StageTime>> stages_of(const Deployment& deployment) {
    return store_.stages_of(deployment);
  }
  // A deployment is `live` here from the moment on when the proxy serves it.
  Task<Deployment> get(DeploymentId id);
  Task<Deployment> get(projects::EnvironmentId environment, std::int64_t number);
  Task<std::vector<Deployment>> list(projects::EnvironmentId environment, std::int64_t before,
                                     std::int64_t limit);
  Task<std::optional<Deployment>> live(projects::EnvironmentId environment);
  // As what an instance of the deployment, which has its release, is started.
  Task<runtime::InstanceSpec> instance_spec(const Deployment& deployment) {
    return instances_.spec(deployment);
  }

  // Gives every line of the deployment's log to `sink`, as it comes, and ends with the deployment's
  // last state.
  Task<Deployment> follow(DeploymentId id, std::function<Task<>(const logs::Line&)> sink);

  // Stops and removes everything of the project outside the database, routes included.
  Task<> remove(projects::Project project);
  // The same for one environment, and the environment itself. Fails with
  // `projects.production_stays`.
  Task<> remove_environment(projects::Project project, projects::Environment environment);
  // Called by remove(), too: for what others keep of a project. To be set in phase two.
  void when_removed(std::function<Task<>(projects::Project)> forget) {
    forgetters_.push_back(std::move(forget));
  }

  // Who brings what deployments are of, where it is elsewhere. To be set in phase two.
  void supplied_by(Supplier& supplier) { pipeline_.supplied_by(supplier); }
  [[nodiscard]] Supplier* supplier() { return pipeline_.supplier(); }  // null: there is none
  // Who keeps the branches. To be set in phase two.
  void stored_by(std::function<Task<std::optional<Stored>>(projects::Environment)> find) {
    stored_ = std::move(find);
  }

  // Phase two: job handlers.
  void start();
  // Brings back what should run and serves it; before the job queue starts.
  Task<> reconcile();
  // Looks after deployments and their instances until cancelled: look_after() again and again.
  Task<> supervise();
  Task<> look_after();
  // Asks every live app whether it still answers: supervise() does it every 10 s.
  Task<> check_live() { return instances_.check_live(); }
  [[nodiscard]] bool is_failing(DeploymentId id) const { return instances_.is_failing(id); }
  // Everything that runs under the name of this installation.
  Task<std::vector<FoundInstance>> instances() { return instances_.found(); }
  // Stops an instance that no deployment knows. Fails with `instance_in_use`,
  // `runtime.no_such_instance`.
  Task<> remove_instance(std::string name) { return instances_.remove_unknown(std::move(name)); }
  // The end of the process: stops collecting output, and the apps themselves when `apps` says so.
  enum class Apps : std::uint8_t { leave, stop };
  Task<> close(Apps apps);

  [[nodiscard]] std::string url(const projects::Project& project,
                                const projects::Environment& environment) const {
    return publisher_.url(project, environment);
  }
  [[nodiscard]] net::Loop& loop() { return loop_; }
  [[nodiscard]] Instant now() const { return clock_.now(); }
  [[nodiscard]] logs::Store& logs() { return journal_.logs(); }
  // After a project was made or its hosts changed: they answer.
  Task<gateway::Reach> publish();

 private:
  Task<bool> has_build(const Release& release);
  Task<> take_down(projects::Project project, projects::EnvironmentId environment);
  [[nodiscard]] Deployment as_served(Deployment deployment) const;
  Task<Deployment> enqueue(NewDeployment deployment, std::optional<std::filesystem::path> tree,
                           std::filesystem::path sources);

  net::Loop& loop_;
  runtime::Runtime& runtime_;
  projects::Projects& projects_;
  variables::Variables& variables_;
  jobs::Queue& queue_;
  const Options& options_;
  const Clock& clock_;
  Store store_;
  Journal journal_;
  Publisher publisher_;
  Instances instances_;
  Pipeline pipeline_;
  std::vector<std::function<Task<>(projects::Project)>> forgetters_;
  std::function<Task<std::optional<Stored>>(projects::Environment)> stored_;
};

}  // namespace temps::deploys
