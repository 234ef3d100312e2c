// The running instances of all deployments: their output is collected, their addresses kept true,
// those that hang are started again, and after a restart of the machine, of the engine or of Temps
// they are brought back.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "deploys/journal.hpp"
#include "deploys/live_health.hpp"
#include "deploys/publisher.hpp"
#include "deploys/store.hpp"
#include "net/loop.hpp"
#include "runtime/runtime.hpp"
#include "variables/variables.hpp"

namespace temps::deploys {

// Something that runs under our name.
struct FoundInstance {
  runtime::Listed listed;
  std::optional<Deployment> deployment;  // the one that it was started for, if the database has it
};

class Instances {
 public:
  Instances(net::Loop& loop, runtime::Runtime& runtime, Store& store, Publisher& publisher,
            projects::Projects& projects, variables::Variables& variables, Journal& journal,
            const Clock& clock)
      : loop_(loop),
        runtime_(runtime),
        store_(store),
        publisher_(publisher),
        projects_(projects),
        variables_(variables),
        journal_(journal),
        clock_(clock),
        collectors_(loop) {}

  // As what the deployment's instance is started: its release, variables, limits.
  Task<runtime::InstanceSpec> spec(const Deployment& deployment);
  // Starts the deployment's instance beside whatever runs and saves its address. Idempotent: an
  // instance of a former attempt is replaced.
  Task<runtime::Instance> start(Deployment deployment);
  // Stops and forgets the deployment's instance, if it has one.
  Task<> stop(Deployment deployment, std::chrono::seconds grace);
  // Starts the deployment's instance again where it does not run. True when that was necessary.
  Task<bool> bring_back(Deployment deployment);

  // After a start of the process: what should run is adopted or started again, what should not is
  // removed. While the runtime is away, it is left to refresh().
  Task<> reconcile();
  // Finds out what has moved since, and tells the proxy; reconciles when that could not be done
  // before.
  Task<> refresh();
  // Something was left behind: the next refresh() reconciles.
  void look_again() { settled_ = false; }
  // Asks every live app whether it still answers. One that has not for long is started again.
  Task<> check_live();
  // Has the live app of this deployment failed its last checks?
  [[nodiscard]] bool is_failing(DeploymentId id) const;

  // The first number whose name no instance of a lost database has.
  Task<std::int64_t> free_number(projects::EnvironmentId environment);

  // Everything that runs under the name of this installation.
  Task<std::vector<FoundInstance>> found();
  // Stops one that no deployment knows. Fails with `runtime.no_such_instance`,
  // `deploys.instance_in_use`.
  Task<> remove_unknown(std::string name);
  // Stops whatever still runs in the name of a project that goes.
  Task<> remove_all_of(std::string project);

  // Stops all of them without forgetting them: reconcile() brings back the live ones.
  Task<> stop_all(std::chrono::seconds grace);
  // Ends the collecting of output.
  Task<> close() { co_await collectors_.close(); }

 private:
  enum class Output : std::uint8_t { from_its_start, where_it_ended };

  Task<bool> follow_move(const Deployment& deployment, std::string reported);
  Task<> follow_moves();
  Task<> bring_back_all();
  Task<std::optional<Deployment>> deployment_of(const runtime::Listed& listed);
  Task<> remove_strangers();
  Task<std::vector<routing::Route>> routes_without_project();
  Task<> keep_orphans();
  Task<> publish();
  void put_off(const Error& error);
  Task<> check_one(Deployment deployment);
  Task<> restart(const Deployment& deployment);
  void tell_app(const Deployment& deployment, std::string text);
  void collect(const Deployment& deployment, const std::string& instance, Output output);
  Task<> collect_output(Deployment deployment, std::string instance, Output output);

  net::Loop& loop_;
  runtime::Runtime& runtime_;
  Store& store_;
  Publisher& publisher_;
  projects::Projects& projects_;
  variables::Variables& variables_;
  Journal& journal_;
  const Clock& clock_;
  TaskGroup collectors_;
  std::map<std::string, bool> collected_;  // instances whose output is being collected
  bool settled_ = true;                    // nothing is left of the last reconcile()
  std::string told_;                       // why that is, as our log was told
  std::set<std::string> strangers_;        // those our log was told of
  std::map<DeploymentId, LiveHealth> health_;
  // The routes at the start whose projects the database did not know.
  std::optional<std::vector<routing::Route>> orphans_;
};

// "shop-production-12-1"
std::string instance_name(const projects::Project& project,
                          const projects::Environment& environment, std::int64_t number);

}  // namespace temps::deploys
