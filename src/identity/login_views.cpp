#include "identity/login_views.hpp"

#include <utility>

#include "identity/authentication.hpp"

namespace temps::identity {
namespace {

// Browsers keep cookies for 400 days at most; the server's own limit slides.
constexpr std::chrono::hours cookie_lifetime{24 * 400};
// Each is a query.
constexpr std::size_t cookies_max = 8;

Task<> end_sessions_of(Identity& identity, const http::Request& request) {
  std::size_t tried = 0;
  for (auto& token : request.cookies(session_cookie(request))) {
    if (++tried > cookies_max) co_return;
    const auto bearer = co_await identity.find_session(std::move(token));
    if (bearer) co_await identity.end_session(SessionId{bearer->credential});
  }
}

}  // namespace

UserView view(const User& user) {
  return {user.id.value, user.email, user.role, user.kind, user.created_at};
}
void name_caller(http::Request& request, const User& user) {
  request.principal.user = user.id.value;
  request.principal.email = user.email;
}
UserId id_of(const http::Caller& caller) { return UserId{caller.user}; }
Device device_of(const http::Request& request) {
  return {.user_agent = std::string(request.headers.find("user-agent").value_or("")),
          .address = request.client_address};
}

http::Headers cookie(const http::Request& request, std::string_view token,
                     std::chrono::seconds lifetime) {
  http::Headers headers;
  headers.add("Set-Cookie", fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}",
                                        session_cookie(request), token, lifetime.count(),
                                        request.scheme == "https" ? "; Secure" : ""));
  return headers;
}

Task<http::Created<LoginView>> begin_session(Identity& identity, const http::Request& request,
                                             User user) {
  co_await end_sessions_of(identity, request);
  auto session = co_await identity.open_session(std::move(user), device_of(request));
  auto headers = cookie(request, session.token.reveal(), cookie_lifetime);
  co_return http::Created<LoginView>{{.user = view(session.user)}, std::move(headers)};
}

}  // namespace temps::identity
