#pragma once
#include "audit/audit.hpp"
#include "http/router.hpp"

namespace temps::audit {

void add_routes(http::Router& router, Audit& audit);

}  // namespace temps::audit
