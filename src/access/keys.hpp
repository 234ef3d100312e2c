// API keys and what they are limited to: scopes, a project, an environment.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "access/errors.hpp"
#include "core/clock.hpp"
#include "core/permission.hpp"
#include "core/task.hpp"
#include "http/principal.hpp"
#include "identity/identity.hpp"
#include "projects/projects.hpp"
#include "sql/database.hpp"

namespace temps::access {

struct KeyWish {
  std::string name;
  std::optional<Instant> expires_at{};
  std::optional<std::vector<std::string>> scopes{};  // nothing: all that the user may
  std::optional<std::string> project{};
  std::optional<std::string> environment{};  // of the project
};
// By name; empty where it is gone, and the key may do nothing then.
struct KeyPlace {
  std::string project;
  std::optional<std::string> environment;
};

class Keys {
 public:
  Keys(sql::Database& database, identity::Identity& identity, projects::Projects& projects)
      : database_(database), identity_(identity), projects_(projects) {}

  // For `user`, made by `maker`. `permissions` are all that there are. Fails with `bad_scope`,
  // `beyond_own`, `projects.no_such_project`, `identity.bad_key_name`, `identity.too_many_keys`.
  Task<identity::IssuedKey> issue(identity::UserId user, http::Principal maker, KeyWish wish,
                                  std::span<const Permission> permissions);
  // Of those keys of a user that are limited to a project.
  Task<std::map<std::int64_t, KeyPlace>> places(identity::UserId user);
  // What is made by an API key ends when it does, at the latest. Fails with `beyond_own`.
  Task<> check_expiry(http::Principal maker, std::optional<Instant> expires_at);

 private:
  sql::Database& database_;
  identity::Identity& identity_;
  projects::Projects& projects_;
};

// Fails with `bad_scope`.
Task<projects::EnvironmentId> environment_of(projects::Projects& projects,
                                             projects::Project project, std::string name);

// Sets or single permissions, one at least. Fails with `bad_scope`.
Result<> check_scopes(const std::vector<std::string>& wanted,
                      std::span<const Permission> permissions);
// Is that no more than `own`? Nothing means all. Fails with `beyond_own`.
Result<> check_within(const std::optional<std::vector<std::string>>& own,
                      const std::optional<std::vector<std::string>>& wanted,
                      std::span<const Permission> permissions);

}  // namespace temps::access
