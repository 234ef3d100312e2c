#include "identity/sessions.hpp"

#include "identity/sign_in_queries.hpp"

namespace temps::identity {

Task<std::vector<LiveSession>> Sessions::list(UserId user, SessionId after, std::int64_t limit) {
  const auto now = clock_.now();
  co_return co_await database_.all(queries::list_sessions, user, after, now,
                                   now - session_lifetime_max, limit);
}

Task<> Sessions::end(UserId user, SessionId id) {
  if (co_await database_.run(queries::delete_own_session, user, id) > 0) co_return;
  co_await fail(errors::no_such_session, "you have no session {}", id.value);
}

Task<std::int64_t> Sessions::end_others(UserId user, SessionId kept) {
  co_await database_.run(queries::delete_pending_of_user, user);
  co_return co_await database_.run(queries::delete_other_sessions, user, kept);
}

}  // namespace temps::identity
