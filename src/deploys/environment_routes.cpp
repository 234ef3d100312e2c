#include <limits>

#include "deploys/permissions.hpp"
#include "deploys/routes.hpp"
#include "deploys/views.hpp"
#include "projects/permissions.hpp"

namespace temps::deploys {
namespace {

using projects::Place;
constexpr auto newest = std::numeric_limits<std::int64_t>::max();

Task<EnvironmentView> show(Api& api, Place place) {
  const auto id = place.environment.id;
  const auto live = co_await api.deploys.live(id);
  const auto latest = co_await api.deploys.list(id, newest, 1);
  EnvironmentView shown{.name = place.environment.name,
                        .branch = place.environment.settings.branch,
                        .address = api.deploys.url(place.project, place.environment),
                        .status = "empty",
                        .variables = co_await api.variables.newest(id),
                        .live = {},
                        .latest = {},
                        .warning = {}};
  const auto live_id = live ? std::optional(live->id) : std::nullopt;
  if (live) shown.live = view(*live, live_id);
  if (live && api.deploys.is_failing(live->id)) {
    shown.warning =
        fmt::format("the app fails its health checks; see: temps logs {} --environment {}",
                    place.project.name, place.environment.name);
  }
  if (!latest.empty()) {
    shown.latest = view(latest.front(), live_id);
    shown.status = reflect::enum_name(live ? Status::live : latest.front().status);
  }
  co_return shown;
}

// There are 50 at most: one page holds them.
Task<http::Page<EnvironmentView>> list_environments(Api& api, http::Path<std::string> name) {
  const auto project = co_await api.projects.get(name.value);
  http::Page<EnvironmentView> page;
  for (auto& environment : co_await api.projects.environments(project.id)) {
    page.items.push_back(co_await show(api, {project, std::move(environment)}));
  }
  co_return page;
}

Task<http::Created<EnvironmentView>> create_environment(Api& api, http::Path<std::string> name,
                                                        http::Body<NewEnvironmentBody> body) {
  const auto project = co_await api.projects.get(name.value);
  auto& wanted = body.value;
  auto made = co_await api.projects.create_environment(
      project, {.name = wanted.name, .branch = wanted.branch.value_or(wanted.name)});
  co_await api.deploys.publish();
  co_return http::Created<EnvironmentView>{co_await show(api, {project, std::move(made)})};
}

Task<http::Ok<EnvironmentView>> get_environment(Api& api, http::Path<std::string> project,
                                                http::Path<std::string> environment) {
  auto place = co_await place_of(api, project.value, environment.value);
  co_return http::Ok<EnvironmentView>{co_await show(api, std::move(place))};
}

Task<http::NoContent> delete_environment(Api& api, http::Path<std::string> project,
                                         http::Path<std::string> environment) {
  auto place = co_await place_of(api, project.value, environment.value);
  co_await api.deploys.remove_environment(std::move(place.project), std::move(place.environment));
  co_return http::NoContent{};
}

}  // namespace

Task<projects::Place> place_of(Api& api, std::string project,
                               std::optional<std::string> environment) {
  auto found = co_await api.projects.get(std::move(project));
  auto place = environment ? co_await api.projects.environment(found.id, std::move(*environment))
                           : co_await api.projects.production(found.id);
  co_return Place{std::move(found), std::move(place)};
}

void add_environment_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  namespace may = projects::permissions;
  const std::string all = "/api/v1/projects/{project}/environments";
  const auto one = all + "/{environment}";
  routes.get<list_environments>(all, may::read, "List a project's environments");
  routes.post<create_environment>(
      all, may::write,
      "Create an environment: a branch, a host and a copy of production's settings");
  routes.get<get_environment>(one, may::read, "Show an environment");
  routes.del<delete_environment>(one, may::remove, "Delete an environment and everything it runs");
}

}  // namespace temps::deploys
