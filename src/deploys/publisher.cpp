#include "deploys/publisher.hpp"

namespace temps::deploys {

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

Task<routing::Route> Publisher::route(projects::Project project,
                                      projects::Environment environment) {
  routing::Route route{.host = host(project, environment)};
  const auto live = co_await store_.live_of(environment.id);
  if (!live) co_return route;
  const auto deployment = co_await store_.get(*live);
  route.release = fmt::format("{}/{}/{}", project.name, environment.name, deployment.number);
  if (deployment.release && !deployment.release->static_root.empty()) {
    route.tree = routing::StaticTree{.root = deployment.release->static_root,
                                     .single_page = deployment.release->single_page};
  } else if (!deployment.address.empty()) {
    route.upstreams.push_back({.id = upstream_id(deployment), .address = deployment.address});
  }
  co_return route;
}

Task<gateway::Reach> Publisher::publish() {
  auto held = co_await mutex_.lock();
  constexpr std::int64_t page = 500;
  std::vector<routing::Route> routes;
  std::string after;
  for (;;) {
    const auto projects = co_await projects_.list(after, page);
    for (const auto& project : projects) {
      const auto environments = co_await projects_.environments(project.id);
      for (const auto& environment : environments) {
        routes.push_back(co_await route(project, environment));
      }
    }
    if (projects.size() < static_cast<std::size_t>(page)) break;
    after = projects.back().name;
  }
  co_return co_await gateway_.publish(std::move(routes));
}

}  // namespace temps::deploys
