#include <utility>

#include "identity/login_views.hpp"
#include "identity/permissions.hpp"
#include "identity/routes.hpp"

namespace temps::identity {
namespace {

struct LoginBody {
  std::string email;
  Secret password;
  std::optional<bool> token;          // an API key instead of a cookie, for programs
  std::optional<std::string> device;  // the key's name
};
struct CodeBody {
  Secret token;
  Secret code;
};

Task<http::Created<LoginView>> finish(Logins& logins, http::Request& request,
                                      CompletedLogin login) {
  name_caller(request, login.user);
  if (!login.key_name) {
    co_return co_await begin_session(logins.identity(), request, std::move(login.user));
  }
  auto issued =
      co_await logins.identity().issue_key(login.user.id, {.name = std::move(*login.key_name)});
  co_return http::Created<LoginView>{
      {.user = view(login.user), .token = Disclosed{issued.token.reveal()}}};
}

// 201, or 202 where a code is awaited.
Task<http::WithStatus<LoginView>> log_in(Logins& logins, http::Request& request,
                                         http::Body<LoginBody> body) {
  std::optional<std::string> key_name;
  if (body.value.token.value_or(false)) key_name = body.value.device.value_or("a program");
  auto step = co_await logins.begin({.email = std::move(body.value.email),
                                     .password = std::move(body.value.password),
                                     .address = request.client_address},
                                    key_name);
  if (auto* pending = std::get_if<PendingToken>(&step)) {
    PendingView awaited{{pending->token.reveal()}, pending->expires_at};
    co_return http::WithStatus<LoginView>{202, {.second_factor = std::move(awaited)}};
  }
  auto& user = std::get<User>(step);
  auto done = co_await finish(logins, request, {std::move(user), std::move(key_name)});
  co_return http::WithStatus<LoginView>{201, std::move(done.value), std::move(done.headers)};
}

Task<http::Created<LoginView>> complete_login(Logins& logins, http::Request& request,
                                              http::Body<CodeBody> body) {
  std::optional<User> who;
  auto completed = co_await attempt(
      logins.complete(std::move(body.value.token), std::move(body.value.code), who));
  // A failure is recorded as an attempt at this account.
  if (who) name_caller(request, *who);
  co_return co_await finish(logins, request, co_await std::move(completed));
}

}  // namespace

void add_login_routes(http::Router& router, Logins& logins) {
  using temps::permissions::open;
  auto api = router.bind(logins);
  api.post<log_in>("/api/v1/sessions", open, "Log in").success = 201;
  api.post<complete_login>("/api/v1/sessions/second-factor", open, "Complete a login with a code");
}

}  // namespace temps::identity
