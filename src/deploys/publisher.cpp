#include "deploys/publisher.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/text.hpp"

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

// Nothing where the environment asks for nothing, as most do.
std::optional<routing::Policy> policy_of(const projects::Settings& settings) {
  constexpr std::int64_t megabyte = 1'000'000;
  routing::Policy policy{.maintenance = settings.maintenance,
                         .allowed = settings.allowed_addresses,
                         .compression = settings.compression,
                         .body_bytes_max = megabyte * settings.body_mb_max,
                         .requests_per_minute = settings.requests_per_minute,
                         .first_byte_seconds = settings.answer_seconds_max};
  const auto [user, password] = cut(settings.basic_auth, ":");
  policy.user = user;
  policy.password = password;
  for (const auto& [name, value] : settings.response_headers) {
    policy.response_headers.push_back({name, value});
  }
  const bool is_empty = !policy.maintenance && policy.allowed.empty() && policy.user.empty() &&
                        policy.response_headers.empty() && policy.compression &&
                        policy.body_bytes_max == 0 && policy.requests_per_minute == 0 &&
                        policy.first_byte_seconds == 0;
  return is_empty ? std::nullopt : std::optional(std::move(policy));
}

routing::Protocol protocol_of(const projects::Settings& settings) {
  switch (settings.protocol) {
    case projects::Protocol::auto_:
      break;
    case projects::Protocol::http1:
      return routing::Protocol::http1;
    case projects::Protocol::h2c:
      return routing::Protocol::h2c;
  }
  return routing::Protocol::auto_;
}

// What the proxy asks while the app does not answer. It speaks HTTP/1.1 then.
std::string check_path(const projects::Settings& settings) {
  const bool is_plain =
      std::ranges::all_of(settings.health_path, [](char c) { return c > ' ' && c < 0x7f; });
  return is_plain && settings.protocol != projects::Protocol::h2c ? settings.health_path
                                                                  : std::string{};
}

// Where the release is a static site.
std::optional<routing::StaticTree> tree_of(const Deployment& deployment) {
  if (!deployment.release || deployment.release->static_root.empty()) return std::nullopt;
  return routing::StaticTree{.root = deployment.release->static_root,
                             .single_page = deployment.release->single_page};
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

Task<std::optional<Record>> Publisher::record(const Deployment& deployment) {
  const auto load = co_await gateway_.load_of(upstream_id(deployment));
  if (!load || !load->answers) co_return std::nullopt;
  const auto& answers = *load->answers;
  const auto failed = answers.server_error + load->failures;
  co_return Record{.answers = answers.interim + answers.success + answers.redirect +
                              answers.client_error + failed,
                   .failed = failed};
}

routing::Route Publisher::route(const projects::Place& place, const Deployment* live,
                                std::int32_t live_weight, const std::vector<Served>& others) const {
  const auto& [project, environment] = place;
  routing::Route route{.host = host(project, environment),
                       .first_party = environment.settings.first_party,
                       .https_only = options_.scheme == "https",
                       .policy = policy_of(environment.settings),
                       .protocol = protocol_of(environment.settings),
                       .wait_seconds = environment.settings.wait_seconds,
                       .sticky = environment.settings.sticky};
  if (live == nullptr) return route;
  const auto release = [&](const Deployment& deployment) {
    return fmt::format("{}/{}/{}", project.name, environment.name, deployment.number);
  };
  route.release = release(*live);
  const auto can_serve = [](const Served& served) {
    return tree_of(*served.deployment) || !served.deployment->address.empty();
  };
  const bool is_split = std::ranges::any_of(others, can_serve);
  if (!is_split) route.tree = tree_of(*live);
  if (route.tree) return route;
  const auto add = [&](const Served& served) {
    if (!can_serve(served)) return;
    const auto& deployment = *served.deployment;
    const auto tree = tree_of(deployment);
    route.upstreams.push_back(
        {.id = upstream_id(deployment),
         .address = tree ? std::string{} : deployment.address,
         .release = release(deployment),
         .weight = served.weight,
         .health_path = tree ? std::string{} : check_path(environment.settings),
         .tree = tree});
  };
  // Alone it has all the requests, whatever its share would be.
  add({live, is_split ? live_weight : 1});
  for (const auto& other : others) add(other);
  return route;
}

Task<std::vector<routing::Route>> Publisher::present_routes() {
  auto table = co_await gateway_.present();
  co_return std::move(table.routes);
}

void Publisher::add_orphans(std::vector<routing::Route>& routes) {
  std::erase_if(orphans_, [&](const routing::Route& orphan) {
    const auto own = std::ranges::find(routes, orphan.host, &routing::Route::host);
    if (own == routes.end()) {
      routes.push_back(orphan);
      return false;
    }
    if (!own->release.empty() || own->redirect) return true;
    // The project is there again, and nothing is deployed yet.
    own->upstreams = orphan.upstreams;
    own->tree = orphan.tree;
    return false;
  });
}

Task<gateway::Reach> Publisher::publish() {
  auto held = co_await mutex_.lock();
  std::map<DeploymentId, Deployment> served;
  for (auto& deployment : co_await store_.served_deployments()) {
    served.insert_or_assign(deployment.id, std::move(deployment));
  }
  std::map<projects::EnvironmentId, const Deployment*> live;
  for (const auto& [environment, deployment] : co_await store_.all_live()) {
    const auto found = served.find(deployment);
    if (found != served.end()) live.emplace(environment, &found->second);
  }
  const auto splits = co_await store_.splits();
  const auto domains = co_await domains_.all();
  const auto places = co_await projects_.places();
  // One that was added before the base domain was moved above it gives way: the proxy refuses a
  // table with a host in it twice.
  std::set<std::string> own_hosts;
  for (const auto& place : places) own_hosts.insert(host(place.project, place.environment));
  std::vector<routing::Route> routes;
  for (const auto& place : places) {
    const auto found = live.find(place.environment.id);
    const auto* const own_live = found == live.end() ? nullptr : found->second;
    std::int32_t live_weight = 1;
    std::vector<Served> others;
    for (const auto& part :
         std::ranges::equal_range(splits, place.environment.id, {}, &SplitPart::environment)) {
      if (own_live != nullptr && part.deployment == own_live->id) {
        live_weight = part.weight;
      } else if (const auto other = served.find(part.deployment); other != served.end()) {
        others.push_back({&other->second, part.weight});
      }
    }
    const auto own = route(place, own_live, live_weight, others);
    for (const auto& domain : std::ranges::equal_range(domains, place.environment.id, {},
                                                       &domains::Domain::environment)) {
      if (!own_hosts.contains(domain.name)) routes.push_back(route_of(domain, own));
    }
    routes.push_back(own);
  }
  if (!orphans_.empty()) add_orphans(routes);
  co_return co_await gateway_.publish(std::move(routes));
}

}  // namespace temps::deploys
