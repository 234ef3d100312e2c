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
#include "jobs/jobs.hpp"

namespace temps::deploys {

// Kinds of jobs. A deployment that builds may wait long for its turn, and a drain lasts up to an
// hour: neither must hold up a rollback.
inline constexpr std::string_view deploy_job = "deploys.deploy";
inline constexpr std::string_view rollback_job = "deploys.rollback";
inline constexpr std::string_view retire_job = "deploys.retire";

struct DeployPayload {
  DeploymentId deployment;
};
struct RetirePayload {
  DeploymentId fresh;
  DeploymentId old;
  std::optional<bool> after_split{};  // the fresh one was live before: it is not watched
};

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

  // Lets two releases, one of them the live one, share the requests. The other is started where it
  // does not run. Fails with `bad_split`, `cannot_split` and as a deployment does.
  Task<> split(projects::EnvironmentId environment, std::vector<SplitWish> wishes);
  // The live release gets all of them again. The other one drains and stops.
  Task<> end_split(projects::EnvironmentId environment);

  // Ends the deployments whose job has ended for good without them: cut off too often, out of
  // attempts. Nothing would ever carry them on, and their pushes would wait for ever.
  Task<> end_abandoned();
  // Makes sure that what is no longer live has a job that stops it.
  Task<> retire_forgotten();
  // Cancels what is under way in the environment, and waits for its end.
  Task<> cancel(projects::EnvironmentId environment);

  // Between the switch in the database and the proxy's word that the release is in force.
  [[nodiscard]] bool is_switching(DeploymentId id) const { return switching_.contains(id.value); }

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
  Task<std::optional<jobs::JobRecord>> job_of(const Deployment& deployment);
  Task<Place> place(const Deployment& deployment);
  Task<> advance(Deployment deployment);
  Task<> say_variables(const Deployment& deployment, const Place& place);
  Task<std::map<std::string, std::string>> build_variables(const Deployment& deployment,
                                                           const Place& place);
  Task<Release> build(const Deployment& deployment, const Place& place);
  Task<> start_and_check(const Deployment& deployment, const Place& place);
  Task<> switch_to(const Deployment& deployment, const Place& place);
  Task<gateway::Reach> tell_proxy();
  Task<> supersede(Deployment deployment, std::int64_t newer);
  Task<> fail_deployment(DeploymentId id, Error error);
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
  Task<> check_runnable(const Deployment& deployment);
  Task<> run_beside(const Deployment& deployment);
  Task<> save_split(projects::EnvironmentId environment, DeploymentId live,
                    std::vector<SplitPart> parts);
  Task<> retire_split(projects::EnvironmentId environment, DeploymentId live, DeploymentId kept,
                      sql::Transaction& tx);
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
  std::set<std::int64_t> switching_;
  std::set<std::int64_t> stopping_;   // deployments
  std::set<std::int64_t> splitting_;  // environments
};

}  // namespace temps::deploys
