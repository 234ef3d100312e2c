// Turns the live releases into the proxy's route table.
#pragma once
#include <optional>
#include <string>

#include "core/concurrency.hpp"
#include "deploys/options.hpp"
#include "deploys/store.hpp"
#include "deploys/watch.hpp"
#include "domains/domains.hpp"
#include "gateway/gateway.hpp"
#include "projects/projects.hpp"

namespace temps::deploys {

class Publisher {
 public:
  Publisher(Store& store, projects::Projects& projects, domains::Domains& domains,
            gateway::Gateway& gateway, const Options& options)
      : store_(store),
        projects_(projects),
        domains_(domains),
        gateway_(gateway),
        options_(options) {}

  // Computes the table from the database and puts it in force. One at a time: a later call sees
  // what an earlier saw.
  Task<gateway::Reach> publish();

  // Routes that stay although no environment has them: of apps that run on after the database was
  // lost. One whose host has a live release of its own is forgotten.
  void keep(std::vector<routing::Route> orphans) { orphans_ = std::move(orphans); }
  Task<std::vector<routing::Route>> present_routes();

  // What the proxy still has open to this deployment; nothing when it does not say.
  Task<std::optional<std::int64_t>> in_flight(const Deployment& deployment);
  // How its answers went so far, as the proxy counted them; nothing when the proxy does not say.
  Task<std::optional<Record>> record(const Deployment& deployment);

  // "shop.localhost"
  [[nodiscard]] std::string host(const projects::Project& project,
                                 const projects::Environment& environment) const;
  // "http://shop.localhost:8080"
  [[nodiscard]] std::string url(const projects::Project& project,
                                const projects::Environment& environment) const;

 private:
  // A release that gets requests, and its share.
  struct Served {
    const Deployment* deployment;
    std::int32_t weight = 1;
  };
  // Under the environment's own host; `live` is null where nothing is. `others` share with it.
  [[nodiscard]] routing::Route route(const projects::Place& place, const Deployment* live,
                                     std::int32_t live_weight,
                                     const std::vector<Served>& others) const;

  void add_orphans(std::vector<routing::Route>& routes);

  Store& store_;
  projects::Projects& projects_;
  domains::Domains& domains_;
  gateway::Gateway& gateway_;
  const Options& options_;
  std::vector<routing::Route> orphans_;
  Mutex mutex_;
};

// The name under which the proxy counts a deployment's requests.
std::string upstream_id(const Deployment& deployment);

}  // namespace temps::deploys
