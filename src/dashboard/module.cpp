#include "dashboard/module.hpp"

#include "dashboard/dashboard.hpp"
#include "http/router.hpp"

namespace temps::dashboard {

const Module module{
    .name = "dashboard",
    .provide =
        [](Registry& registry) {
          registry.provide<Explanations>(from<>);
          registry.provide<Dashboard>(from<Explanations, Options>);
        },
    .start =
        [](Services& services) {
          add_routes(services.get<http::Router>(), services.get<Dashboard>());
        },
};

}  // namespace temps::dashboard
