#include "machine/module.hpp"

#include "http/router.hpp"
#include "jobs/jobs.hpp"
#include "machine/machine.hpp"
#include "machine/routes.hpp"

namespace temps::machine {

const Module module{
    .name = "machine",
    .provide =
        [](Registry& registry) {
          registry.provide<Machine>(
              from<net::Loop, Clock, sql::Database, runtime::Runtime, gateway::Gateway, Options>);
        },
    .start =
        [](Services& services) {
          add_routes(services.get<http::Router>(), services.get<Machine>());
          add_job_routes(services.get<http::Router>(), services.get<jobs::Queue>());
        },
};

}  // namespace temps::machine
