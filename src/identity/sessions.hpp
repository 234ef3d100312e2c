// Sessions as their user sees them: where they are logged in, and how they log out there.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/task.hpp"
#include "identity/identity.hpp"
#include "sql/database.hpp"

namespace temps::identity {

struct LiveSession {
  SessionId id;
  Instant created_at;
  Instant last_used_at;  // to the minute
  Instant expires_at;    // unless it is used
  std::string address;   // where it was begun
  std::string user_agent;
};

class Sessions {
 public:
  Sessions(sql::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // In order of id, those behind `after`.
  Task<std::vector<LiveSession>> list(UserId user, SessionId after, std::int64_t limit);
  Task<> end(UserId user, SessionId id);  // Fails with `no_such_session`.
  // All but `kept`, which may be none; yields how many.
  Task<std::int64_t> end_others(UserId user, SessionId kept);
  Task<std::int64_t> end_all(UserId user) { return end_others(user, SessionId{0}); }

 private:
  sql::Database& database_;
  const Clock& clock_;
};

}  // namespace temps::identity
