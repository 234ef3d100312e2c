// Private to sql: what a SQLSTATE (appendix A of the PostgreSQL manual) means to us.
#pragma once
#include <string_view>

#include "core/result.hpp"

namespace temps::sql {

Error server_error(std::string_view state, std::string_view message);

// What libpq says when a connection does not come about, with its SQLSTATE where the server gave
// one (PQERRORS_VERBOSE): `login_refused`, else `unavailable`.
Error connect_error(std::string_view message);

}  // namespace temps::sql
