#include <algorithm>
#include <utility>

#include "access/permissions.hpp"
#include "access/routes.hpp"

namespace temps::access {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct MemberView {
  std::int64_t user;
  std::string email;
};
struct TeamView {
  std::int64_t id;
  std::string name;
  Instant created_at;
  std::vector<MemberView> members;
};
struct TeamBody {
  std::string name;
};

TeamView view(const Team& team, const std::vector<Member>& members) {
  TeamView shown{team.id.value, team.name, team.created_at, {}};
  for (const auto& member : members) {
    if (member.team == team.id) shown.members.push_back({member.user.value, member.email});
  }
  return shown;
}

Task<http::Page<TeamView>> list_teams(Api& api) {
  const auto members = co_await api.teams.members();
  http::Page<TeamView> page;
  for (const auto& team : co_await api.teams.list()) page.items.push_back(view(team, members));
  co_return page;
}

Task<http::Ok<TeamView>> get_team(Api& api, http::Path<TeamId> id) {
  const auto team = co_await api.teams.get(id.value);
  co_return http::Ok<TeamView>{view(team, co_await api.teams.members())};
}

Task<http::Created<TeamView>> create_team(Api& api, http::Body<TeamBody> body) {
  const auto team = co_await api.teams.create(std::move(body.value.name));
  co_return http::Created<TeamView>{view(team, {})};
}

Task<http::Ok<TeamView>> rename_team(Api& api, http::Path<TeamId> id, http::Body<TeamBody> body) {
  const auto team = co_await api.teams.rename(id.value, std::move(body.value.name));
  co_return http::Ok<TeamView>{view(team, co_await api.teams.members())};
}

Task<http::NoContent> remove_team(Api& api, http::Path<TeamId> id) {
  co_await api.teams.remove(id.value);
  co_return http::NoContent{};
}

// Whoever joins gets what the team has.
Task<http::NoContent> add_team_member(Api& api, http::Caller caller, http::Path<TeamId> id,
                                      http::Path<identity::UserId> user) {
  if (co_await api.grants.highest_of(id.value) > caller.gives()) {
    co_await fail(errors::beyond_own, "the team has more rights than you may give");
  }
  co_await api.teams.add(id.value, user.value);
  co_return http::NoContent{};
}

Task<http::NoContent> remove_team_member(Api& api, http::Path<TeamId> id,
                                         http::Path<identity::UserId> user) {
  co_await api.teams.take_out(id.value, user.value);
  co_return http::NoContent{};
}

}  // namespace

void add_team_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  namespace may = permissions;
  const std::string all = "/api/v1/teams";
  const std::string one = all + "/{team}";
  const std::string member = one + "/members/{user}";
  routes.get<list_teams>(all, may::teams_read, "List the teams and their members");
  routes.post<create_team>(all, may::teams, "Make a team");
  routes.get<get_team>(one, may::teams_read, "Show a team");
  routes.patch<rename_team>(one, may::teams, "Rename a team");
  routes.del<remove_team>(one, may::teams, "Remove a team and what was granted to it");
  routes.put<add_team_member>(member, may::teams, "Put a user into a team");
  routes.del<remove_team_member>(member, may::teams, "Take a user out of a team");
}

}  // namespace temps::access
