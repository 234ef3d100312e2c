#include "settings/module.hpp"

#include "http/router.hpp"
#include "settings/routes.hpp"

namespace temps::settings {

// What is in force is supplied by the program.
const Module module{
    .name = "settings",
    .provide = nullptr,
    .start =
        [](Services& services) {
          add_routes(services.get<http::Router>(), services.get<InForce>());
        },
};

}  // namespace temps::settings
