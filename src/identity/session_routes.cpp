#include <utility>

#include "identity/login_views.hpp"
#include "identity/permissions.hpp"
#include "identity/routes.hpp"

namespace temps::identity {
namespace {

struct SetupBody {
  Secret token;
  std::string email;
  Secret password;
};
struct SetupView {
  bool needed;
};

// Of a program this revokes the key that it uses.
Task<http::NoContent> log_out(Identity& identity, const http::Request& request,
                              http::Caller caller) {
  if (caller.kind == "key") {
    co_await identity.revoke_key(id_of(caller), KeyId{caller.credential});
    co_return http::NoContent{};
  }
  if (caller.kind != "session") co_return http::NoContent{};  // not the caller's own to end
  co_await identity.end_session(SessionId{caller.credential});
  co_return http::NoContent{cookie(request, "", std::chrono::seconds(0))};
}

Task<http::Ok<SetupView>> get_setup(Identity& identity) {
  co_return http::Ok<SetupView>{{co_await identity.needs_setup()}};
}

Task<http::Created<LoginView>> complete_setup(Identity& identity, http::Request& request,
                                              http::Body<SetupBody> body) {
  NewUser owner{.email = std::move(body.value.email),
                .password = std::move(body.value.password),
                .role = Role::owner};
  auto user = co_await identity.complete_setup(std::move(body.value.token), std::move(owner));
  name_caller(request, user);
  co_return co_await begin_session(identity, request, std::move(user));
}

}  // namespace

void add_session_routes(http::Router& router, Identity& identity) {
  using temps::permissions::open;
  auto api = router.bind(identity);
  api.get<get_setup>("/api/v1/setup", open, "Does Temps wait for its owner?");
  api.post<complete_setup>("/api/v1/setup", open, "Make the owner and log in");
  api.del<log_out>("/api/v1/sessions/current", temps::permissions::self, "Log out");
}

}  // namespace temps::identity
