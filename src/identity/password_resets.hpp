// New passwords for people who have forgotten theirs, by a link that works once.
#pragma once
#include <chrono>
#include <string>

#include "core/clock.hpp"
#include "core/secret.hpp"
#include "core/task.hpp"
#include "identity/identity.hpp"
#include "sql/database.hpp"

namespace temps::identity {

// Owns the table `identity_password_resets`.
class PasswordResets {
 public:
  static constexpr std::chrono::minutes lifetime{30};

  PasswordResets(sql::Database& database, const Clock& clock, Identity& identity)
      : database_(database), clock_(clock), identity_(identity) {}

  // A token for the link; the user's former one is void. Fails with `no_such_user`.
  Task<Secret> issue(std::string email);
  // Sets the password and ends all sessions; API keys and the second factor stay. Fails with
  // `bad_reset_token`, `bad_user`.
  Task<User> accept(Secret token, Secret password);
  Task<UserId> user_of(std::string email);  // Fails with `no_such_user`.

 private:
  sql::Database& database_;
  const Clock& clock_;
  Identity& identity_;
};

}  // namespace temps::identity
