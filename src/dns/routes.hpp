#pragma once
#include "dns/dns.hpp"
#include "http/router.hpp"

namespace temps::dns {

void add_routes(http::Router& router, Dns& dns);

}  // namespace temps::dns
