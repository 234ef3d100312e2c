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

namespace temps::deploys {

struct Push {
  projects::EnvironmentId environment;
  std::string commit;
  std::string message;
  std::string branch;
  Trigger trigger = Trigger::push;
};

// Owns the tables `deployments` and `live_releases`.
class Deploys {
 public:
  Deploys(net::Loop& loop, runtime::Runtime& runtime, builds::Builder& builder,
          sql::Database& database, projects::Projects& projects, domains::Domains& domains,
          gateway::Gateway& gateway, logs::Store& logs, jobs::Queue& queue, const Options& options,
          const Clock& clock);

  // A new deployment of the tree in the tar file `tree`, which is moved into our keeping under
  // `sources`.
  Task<Deployment> deploy(Push push, std::filesystem::path tree, std::filesystem::path sources);
  // Goes back to deployment `to`, or to the newest release before the live one. No build. Fails
  // with `nothing_to_roll_back_to`.
  Task<Deployment> rollback(projects::EnvironmentId environment, std::optional<std::int64_t> to);
  // Builds and deploys the newest source again. Fails with `nothing_to_redeploy`.
  Task<Deployment> redeploy(projects::EnvironmentId environment, std::filesystem::path sources);

  // Lets two releases, one of them the live one, share the requests by weight until another one
  // goes live. Fails with `bad_split`, `cannot_split`, and where the other does not become healthy.
  Task<> split(projects::EnvironmentId environment, std::vector<SplitWish> wishes) {
    return pipeline_.split(environment, std::move(wishes));
  }
  Task<> end_split(projects::EnvironmentId environment) { return pipeline_.end_split(environment); }
  // Empty where the live release has all of them.
  Task<std::vector<SplitPart>> split_of(projects::EnvironmentId environment) {
    return store_.split_of(environment);
  }

  // A deployment is `live` here from the moment on when the proxy serves it.
  Task<Deployment> get(DeploymentId id);
  Task<Deployment> get(projects::EnvironmentId environment, std::int64_t number);
  Task<std::vector<Deployment>> list(projects::EnvironmentId environment, std::int64_t before,
                                     std::int64_t limit);
  Task<std::optional<Deployment>> live(projects::EnvironmentId environment);

  // Gives every line of the deployment's log to `sink`, as it comes, and ends with the deployment's
  // last state.
  Task<Deployment> follow(DeploymentId id, std::function<Task<>(const logs::Line&)> sink);

  // Stops and removes everything of the project outside the database, routes included.
  Task<> remove(projects::Project project);
  // Called by remove(), too: for what others keep of a project. To be set in phase two.
  void when_removed(std::function<Task<>(projects::Project)> forget) {
    forgetters_.push_back(std::move(forget));
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
  [[nodiscard]] logs::Store& logs() { return journal_.logs(); }
  // After a project was made or its hosts changed: they answer.
  Task<gateway::Reach> publish();

 private:
  [[nodiscard]] Deployment as_served(Deployment deployment) const;
  Task<Deployment> enqueue(NewDeployment deployment, std::optional<std::filesystem::path> tree,
                           std::filesystem::path sources);

  net::Loop& loop_;
  runtime::Runtime& runtime_;
  projects::Projects& projects_;
  jobs::Queue& queue_;
  const Options& options_;
  Store store_;
  Journal journal_;
  Publisher publisher_;
  Instances instances_;
  Pipeline pipeline_;
  std::vector<std::function<Task<>(projects::Project)>> forgetters_;
};

}  // namespace temps::deploys
