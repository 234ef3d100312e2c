#pragma once
#include "domains/domains.hpp"
#include "http/router.hpp"

namespace temps::domains {

void add_routes(http::Router& router, Domains& domains);

}  // namespace temps::domains
