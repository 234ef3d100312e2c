// Logins whose password was right and whose code is awaited. Their token is no session: it is
// looked for in a table of its own, and opens nothing but the second step.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "identity/identity.hpp"
#include "sql/database.hpp"

namespace temps::identity {

struct PendingLogin {
  std::int64_t id = 0;
  UserId user;
  std::optional<std::string> key_name;  // of the API key that is wanted instead of a session
};
struct PendingToken {
  Secret token;  // "pl_…"
  Instant expires_at;
};

// Owns the table `identity_pending_logins`.
class PendingLogins {
 public:
  static constexpr std::chrono::minutes lifetime{5};
  static constexpr std::int64_t attempts_max = 5;

  PendingLogins(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Task<PendingToken> open(UserId user, std::optional<std::string> key_name);
  // Counts an attempt to complete it. Fails with `login_over` when the token is none (any more).
  Task<PendingLogin> attempt(Secret token);
  // False when somebody else has completed it meanwhile.
  Task<bool> complete(PendingLogin login);

 private:
  sql::Database& database_;
  const Clock& clock_;
};

}  // namespace temps::identity
