#pragma once
#include "http/router.hpp"
#include "sources/sources.hpp"

namespace temps::sources {

void add_routes(http::Router& router, Sources& sources);

}  // namespace temps::sources
