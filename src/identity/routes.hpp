#pragma once
#include "http/router.hpp"
#include "identity/identity.hpp"

namespace temps::identity {

void add_session_routes(http::Router& router, Identity& identity);  // the first user's setup, too
void add_account_routes(http::Router& router, Identity& identity);
void add_user_routes(http::Router& router, Identity& identity);

// All of them.
void add_routes(http::Router& router, Identity& identity);

}  // namespace temps::identity
