#include <algorithm>

#include "deploys/permissions.hpp"
#include "deploys/routes.hpp"
#include "deploys/views.hpp"

namespace temps::deploys {
namespace {

Task<projects::EnvironmentId> production(Api& api, std::string project) {
  auto found = co_await api.projects.get(std::move(project));
  auto environment = co_await api.projects.production(found.id);
  co_return environment.id;
}

Task<SplitView> show(Api& api, projects::EnvironmentId environment) {
  SplitView shown;
  for (const auto& part : co_await api.deploys.split_of(environment)) {
    const auto deployment = co_await api.deploys.get(part.deployment);
    shown.releases.push_back({.number = deployment.number, .weight = part.weight});
  }
  std::ranges::sort(shown.releases, {}, &SplitWish::number);
  co_return shown;
}

Task<http::Ok<SplitView>> get_split(Api& api, http::Path<std::string> project) {
  const auto environment = co_await production(api, project.value);
  co_return http::Ok<SplitView>{co_await show(api, environment)};
}

Task<http::Ok<SplitView>> set_split(Api& api, http::Path<std::string> project,
                                    http::Body<SplitView> wish) {
  const auto environment = co_await production(api, project.value);
  co_await api.deploys.split(environment, wish.value.releases);
  co_return http::Ok<SplitView>{co_await show(api, environment)};
}

Task<http::NoContent> end_split(Api& api, http::Path<std::string> project) {
  const auto environment = co_await production(api, project.value);
  co_await api.deploys.end_split(environment);
  co_return http::NoContent{};
}

}  // namespace

void add_split_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  namespace may = permissions;
  routes.get<get_split>("/api/v1/projects/{project}/split", may::read,
                        "Show which releases share the visitors");
  routes.put<set_split>("/api/v1/projects/{project}/split", may::write,
                        "Let two releases share the visitors by weight");
  routes.del<end_split>("/api/v1/projects/{project}/split", may::write,
                        "Send all visitors to the live release again");
}

}  // namespace temps::deploys
