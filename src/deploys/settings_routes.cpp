#include "deploys/routes.hpp"
#include "deploys/views.hpp"
#include "projects/permissions.hpp"

namespace temps::deploys {
namespace {

using projects::Settings;

Task<http::Ok<Settings>> show(Api& api, std::string project, std::optional<std::string> name) {
  auto place = co_await place_of(api, std::move(project), std::move(name));
  co_return http::Ok<Settings>{shown(std::move(place.environment.settings))};
}

Task<http::Ok<Settings>> change(Api& api, projects::Place place, SettingsChange wanted) {
  if (auto& login = wanted.basic_auth) login = Secret(co_await sealed_login(login->reveal()));
  auto settings = co_await api.projects.change(place.environment.id, [&wanted](Settings before) {
    return changed(std::move(before), wanted);
  });
  co_await api.deploys.publish();
  co_return http::Ok<Settings>{shown(std::move(settings))};
}

Task<http::Ok<Settings>> get_settings(Api& api, http::Path<std::string> project,
                                      http::Query<EnvironmentQuery> query) {
  co_return co_await show(api, project.value, query.value.environment);
}

Task<http::Ok<Settings>> change_settings(Api& api, http::Path<std::string> project,
                                         http::Query<EnvironmentQuery> query,
                                         http::Body<SettingsChange> body) {
  auto place = co_await place_of(api, project.value, query.value.environment);
  co_return co_await change(api, std::move(place), std::move(body.value));
}

Task<http::Ok<Settings>> get_environment_settings(Api& api, http::Path<std::string> project,
                                                  http::Path<std::string> environment) {
  co_return co_await show(api, project.value, environment.value);
}

Task<http::Ok<Settings>> change_environment_settings(Api& api, http::Path<std::string> project,
                                                     http::Path<std::string> environment,
                                                     http::Body<SettingsChange> body) {
  auto place = co_await place_of(api, project.value, environment.value);
  co_return co_await change(api, std::move(place), std::move(body.value));
}

}  // namespace

void add_settings_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  namespace may = projects::permissions;
  const std::string project = "/api/v1/projects/{project}";
  routes.get<get_settings>(project + "/settings", may::read, "Show a project's settings");
  routes.patch<change_settings>(project + "/settings", may::write,
                                "Change some of a project's settings");
  routes.get<get_environment_settings>(project + "/environments/{environment}/settings", may::read,
                                       "Show an environment's settings");
  routes.patch<change_environment_settings>(project + "/environments/{environment}/settings",
                                            may::write, "Change some of an environment's settings");
}

}  // namespace temps::deploys
