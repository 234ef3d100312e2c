#include "access/grants.hpp"

#include <algorithm>
#include <utility>

#include "access/queries.hpp"
#include "core/text.hpp"
#include "identity/rules.hpp"

namespace temps::access {

Result<> check_granted(Role role) {
  if (role >= Role::viewer && role <= Role::admin) return {};
  return fail(Error(errors::bad_grant, "a role on a project is viewer, developer or admin",
                    {{"/role", "must be viewer, developer or admin"}}));
}

Task<std::vector<Grant>> Grants::list(projects::ProjectId project) {
  co_return co_await database_.all(queries::list_grants, project);
}

Task<Grant> Grants::put(projects::ProjectId project, NewGrant grant) {
  constexpr std::int64_t grants_max = 500;  // all are shown in one list
  co_await check_granted(grant.role);
  if (grant.email.has_value() == grant.team.has_value()) {
    co_await fail(errors::bad_grant, "name a user by the e-mail address, or a team");
  }
  if (co_await database_.one(queries::count_grants, project) >= grants_max) {
    co_await fail(errors::too_many, "{} users and teams have a role on the project; make a team",
                  grants_max);
  }
  const auto name = grant.team ? *grant.team : identity::normal_email(*grant.email);
  const auto& statement = grant.team ? queries::grant_team : queries::grant_user;
  const auto made = co_await database_.maybe(statement, project, name, grant.role, clock_.now());
  if (!made && grant.team) co_await fail(errors::no_such_team, "there is no team \"{}\"", name);
  if (!made) {
    co_await fail(errors::no_such_user, "there is no user {}; an admin can invite them", name);
  }
  co_return Grant{made->id, made->user, made->team, name, grant.role, made->created_at};
}

Task<> Grants::give(projects::ProjectId project, identity::UserId user, Role role) {
  co_await database_.run(queries::give, project, user, role, clock_.now());
}

Task<> Grants::remove(projects::ProjectId project, GrantId grant) {
  if (co_await database_.run(queries::remove_grant, project, grant) > 0) co_return;
  co_await fail(errors::no_such_grant, "there is no grant {} on this project", grant.value);
}

Task<std::map<std::string, Role, std::less<>>> Grants::of(identity::UserId user) {
  std::map<std::string, Role, std::less<>> roles;
  for (auto& row : co_await database_.all(queries::granted, user)) {
    auto& role = roles[std::move(row.project)];
    role = std::max(role, row.role);
  }
  co_return roles;
}

Task<Role> Grants::highest_of(TeamId team) {
  Role highest = Role::anonymous;
  for (const auto role : co_await database_.all(queries::roles_of_team, team)) {
    highest = std::max(highest, role);
  }
  co_return highest;
}

}  // namespace temps::access
