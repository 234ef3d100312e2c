// Service accounts: users without a password, for programs. They have a role and grants as people
// have, and act by the API keys that admins make for them.
#pragma once
#include <string>
#include <vector>

#include "core/task.hpp"
#include "identity/identity.hpp"

namespace temps::identity {

class ServiceAccounts {
 public:
  ServiceAccounts(sql::Database& database, const Clock& clock)
      : database_(database), clock_(clock) {}

  // The name: 2 to 63 of a-z, 0-9 and -. Fails with `bad_user`, `email_taken`.
  Task<User> create(std::string name, Role role);
  Task<std::vector<User>> list();  // in order of name
  Task<User> get(UserId id);       // Fails with `no_such_user`, for people, too.

 private:
  sql::Database& database_;
  const Clock& clock_;
};

}  // namespace temps::identity
