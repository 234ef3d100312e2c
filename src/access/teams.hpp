// Teams: users who get the same roles on projects.
#pragma once
#include <string>
#include <vector>

#include "access/errors.hpp"
#include "core/clock.hpp"
#include "core/id.hpp"
#include "core/task.hpp"
#include "identity/identity.hpp"
#include "sql/database.hpp"

namespace temps::access {

using TeamId = Id<struct TeamTag>;

struct Team {
  TeamId id;
  std::string name;
  Instant created_at;
};
struct Member {
  TeamId team;
  identity::UserId user;
  std::string email;
};

// Owns the tables `access_teams` and `access_team_members`.
class Teams {
 public:
  Teams(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Fails with `bad_name`, `name_taken`, `too_many`.
  Task<Team> create(std::string name);
  Task<std::vector<Team>> list();  // in order of name
  Task<Team> get(TeamId id);       // Fails with `no_such_team`.
  // Fails with `no_such_team`, `bad_name`, `name_taken`.
  Task<Team> rename(TeamId id, std::string name);
  // What was granted to it goes with it. Fails with `no_such_team`.
  Task<> remove(TeamId id);

  Task<std::vector<Member>> members();  // of all teams, in order of address
  // Fails with `no_such_team`, `no_such_user`.
  Task<> add(TeamId team, identity::UserId user);
  Task<> take_out(TeamId team, identity::UserId user);

 private:
  sql::Database& database_;
  const Clock& clock_;
};

}  // namespace temps::access
