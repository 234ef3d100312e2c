#include <utility>

#include "identity/login_views.hpp"
#include "identity/permissions.hpp"
#include "identity/routes.hpp"

namespace temps::identity {
namespace {

struct ResetBody {
  Secret token;
  Secret password;
};

// Logs nobody in: where a second factor is on, a link alone must not pass it.
Task<http::NoContent> accept_password_reset(PasswordResets& resets, http::Request& request,
                                            http::Body<ResetBody> body) {
  const auto user =
      co_await resets.accept(std::move(body.value.token), std::move(body.value.password));
  name_caller(request, user);
  co_return http::NoContent{};
}

}  // namespace

void add_password_reset_routes(http::Router& router, PasswordResets& resets) {
  auto api = router.bind(resets);
  api.post<accept_password_reset>("/api/v1/password-resets/accept", temps::permissions::open,
                                  "Set a new password with a link");
}

}  // namespace temps::identity
