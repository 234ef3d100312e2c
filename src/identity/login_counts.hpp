// The counts of LoginLimits across restarts: who guesses is not given a fresh start by one.
#pragma once
#include <cstdint>

#include "core/clock.hpp"
#include "core/task.hpp"
#include "identity/login_limits.hpp"
#include "sql/database.hpp"

namespace temps::identity {

// Owns the table `identity_login_counts`, which a crash empties. Logins do not fail over it.
class LoginCounts {
 public:
  LoginCounts(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // What an earlier process has counted, at the first call.
  Task<> restore_once(LoginLimits& limits);
  // What has changed since the last call.
  Task<> keep(LoginLimits& limits);

 private:
  Task<> forget_old();

  sql::Database& database_;
  const Clock& clock_;
  bool is_restored_ = false;
  std::uint32_t kept_ = 0;
};

}  // namespace temps::identity
