#include "git/module.hpp"

#include "git/git.hpp"

namespace temps::git {

const Module module{
    .name = "git",
    .provide =
        [](Registry& registry) {
          registry.provide<Endpoint>(
              from<net::Loop, Options, projects::Projects, deploys::Deploys>);
        },
    .start =
        [](Services& services) {
          add_routes(services.get<http::Router>(), services.get<Endpoint>());
        },
};

}  // namespace temps::git
