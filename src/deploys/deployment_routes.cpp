#include <limits>

#include "core/text.hpp"
#include "deploys/permissions.hpp"
#include "deploys/routes.hpp"
#include "deploys/views.hpp"

namespace temps::deploys {
namespace {

Task<projects::EnvironmentId> find(Api& api, std::string project, EnvironmentQuery query) {
  const auto place = co_await place_of(api, std::move(project), std::move(query.environment));
  co_return place.environment.id;
}

Task<std::optional<DeploymentId>> live_id(Api& api, projects::EnvironmentId environment) {
  auto live = co_await api.deploys.live(environment);
  co_return live ? std::optional(live->id) : std::nullopt;
}

Task<http::Page<DeploymentView>> list_deployments(Api& api, http::Path<std::string> project,
                                                  http::Query<EnvironmentQuery> in,
                                                  http::Query<http::PageQuery> query) {
  const auto environment = co_await find(api, project.value, in.value);
  const auto live = co_await live_id(api, environment);
  const auto split = co_await api.deploys.split_of(environment);
  const auto before = co_await query.value.number(std::numeric_limits<std::int64_t>::max());
  auto found = co_await api.deploys.list(environment, before, query.value.wanted());
  http::Page<DeploymentView> page;
  page.next = http::next_cursor(found, query.value,
                                [](const Deployment& deployment) { return deployment.number; });
  for (const auto& deployment : found) page.items.push_back(view(deployment, live, split));
  co_return page;
}

Task<http::Ok<DeploymentView>> get_deployment(Api& api, http::Path<std::string> project,
                                              http::Path<std::int64_t> number,
                                              http::Query<EnvironmentQuery> in) {
  const auto environment = co_await find(api, project.value, in.value);
  auto deployment = co_await api.deploys.get(environment, number.value);
  const auto split = co_await api.deploys.split_of(environment);
  auto shown = view(deployment, co_await live_id(api, environment), split);
  auto stages = co_await api.deploys.stages_of(deployment);
  if (!stages.empty()) shown.stages = std::move(stages);
  co_return http::Ok<DeploymentView>{std::move(shown)};
}

Task<http::Accepted<DeploymentView>> roll_back(Api& api, http::Path<std::string> project,
                                               http::Query<EnvironmentQuery> in,
                                               http::Body<RollbackWish> wish) {
  const auto environment = co_await find(api, project.value, in.value);
  auto deployment = co_await api.deploys.rollback(
      environment, wish.value.to, wish.value.variables.value_or(WithVariables::of_release));
  co_return http::Accepted<DeploymentView>{view(deployment, std::nullopt)};
}

Task<http::Accepted<DeploymentView>> redeploy(Api& api, http::Path<std::string> project,
                                              http::Query<EnvironmentQuery> in) {
  const auto environment = co_await find(api, project.value, in.value);
  auto deployment = co_await api.deploys.redeploy(environment, api.options.sources);
  co_return http::Accepted<DeploymentView>{view(deployment, std::nullopt)};
}

Task<http::Accepted<DeploymentView>> restart(Api& api, http::Path<std::string> project,
                                             http::Query<EnvironmentQuery> in) {
  const auto environment = co_await find(api, project.value, in.value);
  auto deployment = co_await api.deploys.restart(environment);
  co_return http::Accepted<DeploymentView>{view(deployment, std::nullopt)};
}

// "ann@example.org", "ann@example.org (key ci)"
std::string name_of(const http::Caller& caller) {
  const auto& with = caller.credential_name;
  if (with.empty() || with == caller.email) return caller.email;
  return fmt::format("{} ({} {})", caller.email, caller.kind, with);
}

Task<http::Accepted<DeploymentView>> cancel_deployment(Api& api, http::Caller caller,
                                                       http::Path<std::string> project,
                                                       http::Path<std::int64_t> number,
                                                       http::Query<EnvironmentQuery> in) {
  const auto environment = co_await find(api, project.value, in.value);
  auto deployment = co_await api.deploys.cancel(environment, number.value, name_of(caller));
  co_return http::Accepted<DeploymentView>{view(deployment, std::nullopt)};
}

}  // namespace

void add_deployment_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  namespace may = permissions;
  routes.get<list_deployments>("/api/v1/projects/{project}/deployments", may::read,
                               "List deployments, newest first");
  routes.get<get_deployment>("/api/v1/projects/{project}/deployments/{number}", may::read,
                             "Show a deployment");
  routes.post<cancel_deployment>("/api/v1/projects/{project}/deployments/{number}/cancel",
                                 may::write, "Cancel a deployment that waits or runs");
  routes.post<roll_back>("/api/v1/projects/{project}/rollback", may::write,
                         "Go back to an earlier release, without a build");
  routes.post<redeploy>("/api/v1/projects/{project}/redeploy", may::write,
                        "Build and deploy the newest source again");
  routes.post<restart>("/api/v1/projects/{project}/restart", may::write,
                       "Start the live release anew with the newest variables, without a build");
}

}  // namespace temps::deploys
