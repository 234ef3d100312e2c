#pragma once
#include "certificates/certificates.hpp"
#include "certificates/issuance.hpp"
#include "http/router.hpp"

namespace temps::certificates {

void add_routes(http::Router& router, Certificates& certificates);
void add_issuance_routes(http::Router& router, Issuance& issuance);
void add_own_routes(http::Router& router, Issuance& issuance);

}  // namespace temps::certificates
