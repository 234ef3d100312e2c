#include "identity/routes.hpp"

namespace temps::identity {

void add_routes(http::Router& router, Identity& identity) {
  add_session_routes(router, identity);
  add_account_routes(router, identity);
  add_user_routes(router, identity);
}

}  // namespace temps::identity
