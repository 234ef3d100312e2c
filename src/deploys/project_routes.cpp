#include <limits>

#include "deploys/permissions.hpp"
#include "deploys/routes.hpp"
#include "deploys/views.hpp"
#include "http/errors.hpp"
#include "projects/name.hpp"
#include "projects/permissions.hpp"

namespace temps::deploys {
namespace {

using projects::Project;
constexpr auto newest = std::numeric_limits<std::int64_t>::max();

Task<ProjectView> show(Api& api, Project project) {
  auto environment = co_await api.projects.production(project.id);
  auto live = co_await api.deploys.live(environment.id);
  auto latest = co_await api.deploys.list(environment.id, newest, 1);
  ProjectView shown{.name = project.name,
                    .address = api.deploys.url(project, environment),
                    .repository = fmt::format("/git/{}.git", project.name),
                    .status = "empty",
                    .created_at = project.created_at};
  const auto live_id = live ? std::optional(live->id) : std::nullopt;
  if (live) shown.live = view(*live, live_id);
  if (live && api.deploys.is_failing(live->id)) {
    shown.warning = "the app fails its health checks; see: temps logs " + project.name;
  }
  if (!latest.empty()) {
    shown.latest = view(latest.front(), live_id);
    shown.status = reflect::enum_name(live ? Status::live : latest.front().status);
  }
  co_return shown;
}

// Whoever makes a project may do everything with it, also delete it.
Task<http::Created<ProjectView>> create_project(Api& api, http::Caller caller,
                                                http::Body<NewProject> body) {
  auto project = co_await api.projects.create(body.value.name);
  if (caller.user != 0 && caller.role < Role::admin) {
    co_await api.grants.give(project.id, identity::UserId{caller.user}, Role::admin);
  }
  co_await api.deploys.publish();
  co_return http::Created<ProjectView>{co_await show(api, std::move(project))};
}

Task<http::Page<ProjectView>> list_projects(Api& api, http::Caller caller,
                                            http::Query<http::PageQuery> query) {
  const auto after = query.value.cursor.value_or("");
  if (query.value.cursor && !projects::check_name(after)) {
    co_await fail(http::errors::bad_parameter, "cursor must be the `next` of an earlier page");
  }
  auto found = co_await api.projects.list(after, query.value.wanted(),
                                          caller.projects_with(projects::permissions::read));
  http::Page<ProjectView> page;
  page.next =
      http::next_cursor(found, query.value, [](const Project& project) { return project.name; });
  for (auto& project : found) page.items.push_back(co_await show(api, project));
  co_return page;
}

Task<http::Ok<ProjectView>> get_project(Api& api, http::Path<std::string> name) {
  auto project = co_await api.projects.get(name.value);
  co_return http::Ok<ProjectView>{co_await show(api, std::move(project))};
}

Task<http::NoContent> delete_project(Api& api, http::Path<std::string> name) {
  auto project = co_await api.projects.get(name.value);
  co_await api.deploys.remove(project);
  co_await api.projects.remove(project.id);
  co_await api.deploys.publish();
  co_return http::NoContent{};
}

}  // namespace

void add_project_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  namespace may = projects::permissions;
  routes.get<list_projects>("/api/v1/projects", may::read, "List projects").checks_projects = true;
  routes.post<create_project>("/api/v1/projects", may::create, "Create a project");
  routes.get<get_project>("/api/v1/projects/{project}", may::read, "Show a project");
  routes.del<delete_project>("/api/v1/projects/{project}", may::remove,
                             "Delete a project and everything it runs");
}

}  // namespace temps::deploys
