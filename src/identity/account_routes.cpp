#include <utility>

#include "identity/login_views.hpp"
#include "identity/permissions.hpp"
#include "identity/routes.hpp"

namespace temps::identity {
namespace {

struct MeView {
  std::int64_t id;
  std::string email;
  Role role;
  std::string credential;  // "session" or "key"
};
struct PasswordBody {
  Secret current;
  Secret password;
  std::optional<bool> revoke_api_keys;  // false; a program keeps the key that it uses
};

Task<http::Ok<MeView>> get_me(Identity&, http::Caller caller) {
  co_return http::Ok{MeView{caller.user, caller.email, caller.role, caller.kind}};
}

// Ends all sessions, this one too, and begins a new one.
Task<http::Created<LoginView>> change_password(Identity& identity, const http::Request& request,
                                               http::Caller caller, http::Body<PasswordBody> body) {
  co_await identity.check_login({.email = caller.email,
                                 .password = std::move(body.value.current),
                                 .address = request.client_address});
  UserChange change{.password = std::move(body.value.password),
                    .revoke_keys = body.value.revoke_api_keys.value_or(false)};
  if (caller.kind == "key") change.kept_key = KeyId{caller.credential};
  auto user = co_await identity.change_user(id_of(caller), std::move(change));
  // A key makes no session: that is for who has passed every step of a login.
  if (caller.kind != "session") co_return http::Created<LoginView>{{.user = view(user)}};
  co_return co_await begin_session(identity, request, std::move(user));
}

}  // namespace

void add_account_routes(http::Router& router, Identity& identity) {
  auto api = router.bind(identity);
  api.get<get_me>("/api/v1/me", permissions::own, "Who am I?");
  api.put<change_password>("/api/v1/me/password", permissions::own, "Change the own password");
}

}  // namespace temps::identity
