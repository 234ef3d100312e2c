// The running instances of all deployments: their output is collected, their addresses kept true,
// and after a restart of the machine or of Temps they are brought back.
#pragma once
#include <map>
#include <string>

#include "core/concurrency.hpp"
#include "deploys/journal.hpp"
#include "deploys/publisher.hpp"
#include "deploys/store.hpp"
#include "net/loop.hpp"
#include "runtime/runtime.hpp"

namespace temps::deploys {

class Instances {
 public:
  Instances(net::Loop& loop, runtime::Runtime& runtime, Store& store, Publisher& publisher,
            projects::Projects& projects, Journal& journal)
      : loop_(loop),
        runtime_(runtime),
        store_(store),
        publisher_(publisher),
        projects_(projects),
        journal_(journal),
        collectors_(loop) {}

  // Starts the deployment's instance beside whatever runs and saves its address. Idempotent: an
  // instance of a former attempt is replaced.
  Task<runtime::Instance> start(Deployment deployment);
  // Stops and forgets the deployment's instance, if it has one.
  Task<> stop(Deployment deployment, std::chrono::seconds grace);

  // After a start of the process: what should run is adopted or started again, what should not is
  // removed.
  Task<> reconcile();
  // Finds out what has moved since, and tells the proxy.
  Task<> refresh();
  // Stops all of them without forgetting them: reconcile() brings back the live ones.
  Task<> stop_all(std::chrono::seconds grace);
  // Ends the collecting of output.
  Task<> close() { co_await collectors_.close(); }

 private:
  Task<runtime::InstanceSpec> spec(const Deployment& deployment);
  Task<> bring_back(Deployment deployment);
  Task<bool> follow_move(const Deployment& deployment, std::string reported);
  Task<> remove_strangers();
  void collect(const Deployment& deployment, const std::string& instance);
  Task<> collect_output(projects::EnvironmentId environment, std::string instance);

  net::Loop& loop_;
  runtime::Runtime& runtime_;
  Store& store_;
  Publisher& publisher_;
  projects::Projects& projects_;
  Journal& journal_;
  TaskGroup collectors_;
  std::map<std::string, bool> collected_;  // instances whose output is being collected
};

}  // namespace temps::deploys
