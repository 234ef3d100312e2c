#pragma once
#include "http/router.hpp"
#include "identity/identity.hpp"
#include "identity/logins.hpp"
#include "identity/password_resets.hpp"
#include "identity/sessions.hpp"

namespace temps::identity {

void add_session_routes(http::Router& router, Identity& identity);  // the first user's setup, too
void add_account_routes(http::Router& router, Identity& identity);
void add_user_routes(http::Router& router, Identity& identity);
void add_login_routes(http::Router& router, Logins& logins);
void add_live_session_routes(http::Router& router, Sessions& sessions);
void add_second_factor_routes(http::Router& router, Logins& logins);
void add_password_reset_routes(http::Router& router, PasswordResets& resets);

// All of them.
void add_routes(http::Router& router, Logins& logins, PasswordResets& resets);

}  // namespace temps::identity
