#include "deploys/publisher.hpp"

#include <algorithm>
#include <map>

namespace temps::deploys {

namespace {

// The environment under a name of the users' own, or the way from there to elsewhere.
routing::Route route_of(const domains::Domain& domain, const routing::Route& own) {
  if (domain.role == domains::Role::redirect) {
    return {.host = domain.name,
            .redirect = routing::Redirect{.to = domain.redirect_to,
                                          .status = domain.redirect_status,
                                          .keep_path = domain.keep_path},
            .https_only = domain.https_only};
  }
  auto route = own;
  route.host = domain.name;
  route.https_only = domain.https_only;
  return route;
}

}  // namespace

std::string upstream_id(const Deployment& deployment) {
  return "deployment-" + std::to_string(deployment.id.value);
}

std::string Publisher::host(const projects::Project& project,
                            const projects::Environment& environment) const {
  return projects::slug(project, environment) + "." + options_.domain;
}

std::string Publisher::url(const projects::Project& project,
                           const projects::Environment& environment) const {
  const bool usual = options_.port == (options_.scheme == "https" ? 443 : 80);
  return fmt::format("{}://{}{}", options_.scheme, host(project, environment),
                     usual ? std::string{} : fmt::format(":{}", options_.port));
}

Task<std::optional<std::int64_t>> Publisher::in_flight(const Deployment& deployment) {
  co_return co_await gateway_.in_flight(upstream_id(deployment));
}

routing::Route Publisher::route(const projects::Place& place, const Deployment* live) const {
  const auto& [project, environment] = place;
  routing::Route route{.host = host(project, environment)};
  if (live == nullptr) return route;
  route.release = fmt::format("{}/{}/{}", project.name, environment.name, live->number);
  if (live->release && !live->release->static_root.empty()) {
    route.tree = routing::StaticTree{.root = live->release->static_root,
                                     .single_page = live->release->single_page};
  } else if (!live->address.empty()) {
    route.upstreams.push_back({.id = upstream_id(*live), .address = live->address});
  }
  return route;
}

Task<gateway::Reach> Publisher::publish() {
  auto held = co_await mutex_.lock();
  std::map<projects::EnvironmentId, Deployment> live;
  for (auto& deployment : co_await store_.live_deployments()) {
    live.insert_or_assign(deployment.environment, std::move(deployment));
  }
  const auto domains = co_await domains_.all();
  std::vector<routing::Route> routes;
  for (const auto& place : co_await projects_.places()) {
    const auto found = live.find(place.environment.id);
    const auto own = route(place, found == live.end() ? nullptr : &found->second);
    for (const auto& domain : std::ranges::equal_range(domains, place.environment.id, {},
                                                       &domains::Domain::environment)) {
      routes.push_back(route_of(domain, own));
    }
    routes.push_back(own);
  }
  co_return co_await gateway_.publish(std::move(routes));
}

}  // namespace temps::deploys
