#include <utility>

#include "access/permissions.hpp"
#include "access/routes.hpp"

namespace temps::access {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct GrantView {
  std::int64_t id;
  std::optional<std::int64_t> user;
  std::optional<std::int64_t> team;
  std::string name;  // the user's address, or the team's name
  Role role;
  Instant created_at;
};
struct GrantBody {
  std::optional<std::string> email;  // one of these; of a service account: its name
  std::optional<std::string> team;
  GrantedRole role;
};

GrantView view(const Grant& grant) {
  return {grant.id.value, grant.user, grant.team, grant.name, grant.role, grant.created_at};
}

Task<http::Page<GrantView>> list_grants(Api& api, http::Path<std::string> name) {
  const auto project = co_await api.projects.get(name.value);
  http::Page<GrantView> page;
  for (const auto& grant : co_await api.grants.list(project.id)) page.items.push_back(view(grant));
  co_return page;
}

Task<http::Ok<GrantView>> put_grant(Api& api, http::Caller caller, http::Path<std::string> name,
                                    http::Body<GrantBody> body) {
  const auto project = co_await api.projects.get(name.value);
  const auto role = role_of(body.value.role);
  co_await check_gives(caller, project.name, role);
  auto made = co_await api.grants.put(
      project.id,
      {.email = std::move(body.value.email), .team = std::move(body.value.team), .role = role});
  co_return http::Ok<GrantView>{view(made)};
}

Task<http::NoContent> remove_grant(Api& api, http::Path<std::string> name,
                                   http::Path<GrantId> grant) {
  const auto project = co_await api.projects.get(name.value);
  co_await api.grants.remove(project.id, grant.value);
  co_return http::NoContent{};
}

}  // namespace

void add_grant_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  namespace may = permissions;
  const std::string all = "/api/v1/projects/{project}/grants";
  routes.get<list_grants>(all, may::grants_read, "List who has a role on a project of its own");
  routes.put<put_grant>(all, may::grants, "Give a user or a team a role on a project");
  routes.del<remove_grant>(all + "/{grant}", may::grants, "Take a role on a project away");
}

}  // namespace temps::access
