#pragma once
#include "http/router.hpp"
#include "settings/in_force.hpp"

namespace temps::settings {

// `in_force` outlives the router.
void add_routes(http::Router& router, InForce& in_force);

}  // namespace temps::settings
