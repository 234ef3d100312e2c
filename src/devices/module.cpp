#include "devices/module.hpp"

#include "devices/routes.hpp"

namespace temps::devices {

const Module module{
    .name = "devices",
    .provide =
        [](Registry& registry) {
          registry.provide<Devices>(from<Clock>);
          registry.provide<Api>(from<Devices, identity::Identity, audit::Audit>);
        },
    .start =
        [](Services& services) { add_routes(services.get<http::Router>(), services.get<Api>()); },
};

}  // namespace temps::devices
