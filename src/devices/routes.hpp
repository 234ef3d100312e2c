#pragma once
#include "audit/audit.hpp"
#include "devices/devices.hpp"
#include "http/router.hpp"

namespace temps::devices {

// What the handlers work with.
struct Api {
  Devices& devices;
  identity::Identity& identity;
  audit::Audit& audit;
};

void add_routes(http::Router& router, Api& api);

}  // namespace temps::devices
