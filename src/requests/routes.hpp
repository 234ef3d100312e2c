#pragma once
#include "http/router.hpp"
#include "requests/requests.hpp"

namespace temps::requests {

void add_routes(http::Router& router, Requests& requests);

}  // namespace temps::requests
