// Grants: a role on one project, for a user or a team.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "access/errors.hpp"
#include "access/teams.hpp"
#include "core/clock.hpp"
#include "core/id.hpp"
#include "core/permission.hpp"
#include "core/task.hpp"
#include "identity/identity.hpp"
#include "projects/projects.hpp"
#include "sql/database.hpp"

namespace temps::access {

using GrantId = Id<struct GrantTag>;

struct Grant {
  GrantId id;
  std::optional<std::int64_t> user;  // one of these
  std::optional<std::int64_t> team;
  std::string name;  // the user's address or the team's name
  Role role = Role::viewer;
  Instant created_at;
};
// One of `email` (of a service account: its name) and `team`, by name.
struct NewGrant {
  std::optional<std::string> email{};
  std::optional<std::string> team{};
  Role role = Role::viewer;  // viewer, developer or admin
};

// Owns the table `access_grants`.
class Grants {
 public:
  Grants(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // In the order in which they were made.
  Task<std::vector<Grant>> list(projects::ProjectId project);
  // In place of what they had there. Fails with `bad_grant`, `no_such_user`, `no_such_team`,
  // `too_many`.
  Task<Grant> put(projects::ProjectId project, NewGrant grant);
  // To whoever made the project.
  Task<> give(projects::ProjectId project, identity::UserId user, Role role);
  Task<> remove(projects::ProjectId project, GrantId grant);  // Fails with `no_such_grant`.

  // What was granted to the user and the user's teams, by the project's name.
  Task<std::map<std::string, Role, std::less<>>> of(identity::UserId user);
  // The highest role that a team has on any project, by which rights its members get.
  Task<Role> highest_of(TeamId team);

 private:
  sql::Database& database_;
  const Clock& clock_;
};

// Fails with `bad_grant`.
Result<> check_granted(Role role);

}  // namespace temps::access
