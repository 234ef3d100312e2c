// Apps of a lost database: they run on, and are served until their projects take them over.
#include <algorithm>
#include <filesystem>
#include <set>

#include "core/log.hpp"
#include "core/text.hpp"
#include "deploys/instances.hpp"

namespace temps::deploys {

namespace {

// Of a release as the route table names it: "shop/production/12".
std::string instance_name(std::string_view release) {
  auto name = std::string(release) + "-1";
  std::ranges::replace(name, '/', '-');
  return name;
}

// The engine may have given it another address, while the app keeps its port.
void follow_engine(routing::Route& route, std::string_view reported) {
  auto& address = route.upstreams.front().address;
  const auto colon = address.rfind(':');
  if (!reported.empty() && colon != std::string::npos)
    address = std::string(reported.substr(0, reported.rfind(':'))) + address.substr(colon);
}

}  // namespace

Task<std::vector<routing::Route>> Instances::routes_without_project() {
  std::set<std::string, std::less<>> known;
  for (const auto& place : co_await projects_.places()) known.insert(place.project.name);
  std::vector<routing::Route> found;
  for (auto& route : co_await publisher_.present_routes()) {
    const auto project = cut(route.release, "/").first;
    if (project.empty() || known.contains(project)) continue;
    log::warning(
        "a host is served though the database does not know its project; make the "
        "project anew and push to take it over",
        {{"host", route.host}, {"release", route.release}});
    found.push_back(std::move(route));
  }
  co_return found;
}

Task<std::int64_t> Instances::free_number(projects::EnvironmentId id) {
  std::int64_t number = 0;
  if (!orphans_ || orphans_->empty()) co_return 1;
  const auto environment = co_await projects_.environment(id);
  const auto project = co_await projects_.get(environment.project);
  const auto prefix = project.name + "/" + environment.name + "/";
  for (const auto& route : *orphans_) {
    if (!route.release.starts_with(prefix)) continue;
    const auto taken =
        parse_number<std::int64_t>(std::string_view(route.release).substr(prefix.size()));
    number = std::max(number, taken.value_or(0));
  }
  co_return number + 1;
}

// Of an app whose instance was removed, nothing is left to serve.
Task<> Instances::keep_orphans() {
  if (orphans_->empty()) co_return;
  const auto instances = co_await found();
  std::vector<routing::Route> kept;
  for (auto route : *orphans_) {
    if (route.tree && std::filesystem::exists(route.tree->root)) kept.push_back(route);
    const auto runs = std::ranges::find_if(instances, [&](const FoundInstance& one) {
      return !one.deployment && one.listed.name == instance_name(route.release);
    });
    if (route.upstreams.empty() || runs == instances.end()) continue;
    const auto state = co_await runtime_.inspect(runs->listed.id);
    if (state.status != runtime::Status::running) continue;
    follow_engine(route, state.address);
    kept.push_back(std::move(route));
  }
  publisher_.keep(std::move(kept));
}

}  // namespace temps::deploys
