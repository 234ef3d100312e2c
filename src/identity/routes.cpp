#include "identity/routes.hpp"

namespace temps::identity {

void add_routes(http::Router& router, Logins& logins, PasswordResets& resets) {
  auto& identity = logins.identity();
  add_session_routes(router, identity);
  add_account_routes(router, identity);
  add_user_routes(router, identity);
  add_login_routes(router, logins);
  add_live_session_routes(router, logins.sessions());
  add_second_factor_routes(router, logins);
  add_password_reset_routes(router, resets);
}

}  // namespace temps::identity
