#pragma once
#include "certificates/certificates.hpp"
#include "http/router.hpp"

namespace temps::certificates {

void add_routes(http::Router& router, Certificates& certificates);

}  // namespace temps::certificates
