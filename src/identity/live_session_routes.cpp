#include <utility>

#include "identity/device.hpp"
#include "identity/login_views.hpp"
#include "identity/permissions.hpp"
#include "identity/routes.hpp"

namespace temps::identity {
namespace {

struct SessionView {
  std::int64_t id;
  std::string device;  // in plain words
  std::string user_agent;
  std::string address;
  Instant created_at;
  Instant last_used_at;
  Instant expires_at;
  bool current;
};

Task<http::Page<SessionView>> list_sessions(Sessions& sessions, http::Caller caller,
                                            http::Query<http::PageQuery> query) {
  const SessionId after{co_await query.value.number(0)};
  auto found = co_await sessions.list(id_of(caller), after, query.value.wanted());
  http::Page<SessionView> page;
  page.next = http::next_cursor(found, query.value,
                                [](const LiveSession& session) { return session.id.value; });
  for (auto& session : found) {
    const bool current = caller.kind == "session" && caller.credential == session.id.value;
    page.items.push_back({session.id.value, device_name(session.user_agent),
                          std::move(session.user_agent), std::move(session.address),
                          session.created_at, session.last_used_at, session.expires_at, current});
  }
  co_return page;
}

Task<http::NoContent> end_session(Sessions& sessions, http::Path<SessionId> session,
                                  http::Caller caller) {
  co_await sessions.end(id_of(caller), session.value);
  co_return http::NoContent{};
}

// Of a program: all.
Task<http::NoContent> end_other_sessions(Sessions& sessions, http::Caller caller) {
  const SessionId kept{caller.kind == "session" ? caller.credential : 0};
  co_await sessions.end_others(id_of(caller), kept);
  co_return http::NoContent{};
}

}  // namespace

void add_live_session_routes(http::Router& router, Sessions& sessions) {
  auto api = router.bind(sessions);
  api.get<list_sessions>("/api/v1/sessions", permissions::own, "List the own sessions");
  api.del<end_other_sessions>("/api/v1/sessions", permissions::own, "End all other sessions");
  api.del<end_session>("/api/v1/sessions/{session}", permissions::own, "End one of them");
}

}  // namespace temps::identity
