#include "identity/login_views.hpp"

#include <utility>

#include "identity/authentication.hpp"

namespace temps::identity {
namespace {

// Browsers keep cookies for 400 days at most; the server's own limit slides.
constexpr std::chrono::hours cookie_lifetime{24 * 400};

}  // namespace

UserView view(const User& user) {
  return {user.id.value, user.email, user.role, user.kind, user.created_at};
}
UserId id_of(const http::Caller& caller) { return UserId{caller.user}; }

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
  auto session = co_await identity.open_session(std::move(user));
  auto headers = cookie(request, session.token.reveal(), cookie_lifetime);
  co_return http::Created<LoginView>{{view(session.user), std::nullopt}, std::move(headers)};
}

}  // namespace temps::identity
