// Deployment tokens: credentials of a project, for pipelines. They may deploy it and see how that
// goes, and outlive whoever made them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "access/errors.hpp"
#include "core/clock.hpp"
#include "core/id.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "http/principal.hpp"
#include "projects/projects.hpp"
#include "sql/database.hpp"

namespace temps::access {

using TokenId = Id<struct DeploymentTokenTag>;

inline constexpr std::string_view token_prefix = "td_";

struct DeploymentToken {
  TokenId id;
  std::string name;
  std::optional<std::string> environment;  // nothing: all of the project's
  std::string maker;
  Instant created_at;
  std::optional<Instant> expires_at;
  std::optional<Instant> last_used_at;  // to the minute
};
struct NewToken {
  std::string name;
  std::optional<projects::EnvironmentId> environment{};
  std::string maker;  // for people to read
  std::optional<Instant> expires_at{};
};
// The token is shown once: only its hash is kept.
struct IssuedToken {
  DeploymentToken token;
  Secret secret;  // "td_…"
};

// Owns the table `access_tokens`.
class Tokens {
 public:
  Tokens(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Fails with `bad_name`, `bad_expiry`, `too_many`.
  Task<IssuedToken> issue(projects::ProjectId project, NewToken token);
  Task<std::vector<DeploymentToken>> list(projects::ProjectId project);  // in order of id
  Task<> revoke(projects::ProjectId project, TokenId token);  // Fails with `no_such_token`.

  // Who calls with it. Fails with `bad_token`.
  Task<http::Principal> principal(std::string token);

 private:
  sql::Database& database_;
  const Clock& clock_;
};

}  // namespace temps::access
