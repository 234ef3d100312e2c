#pragma once
#include "http/router.hpp"
#include "identity/identity.hpp"

namespace temps::identity {

void add_routes(http::Router& router, Identity& identity);

}  // namespace temps::identity
