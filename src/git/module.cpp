#include "git/module.hpp"

#include "git/git.hpp"

namespace temps::git {

const Module module{
    .name = "git",
    .provide =
        [](Registry& registry) {
          registry.provide<Endpoint>(
              from<net::Loop, Options, projects::Projects, deploys::Deploys, jobs::Queue>);
        },
    .start =
        [](Services& services) {
          auto& endpoint = services.get<Endpoint>();
          endpoint.handle_jobs();
          add_routes(services.get<http::Router>(), endpoint);
          services.get<deploys::Deploys>().stored_by(
              [&endpoint](projects::Environment environment) {
                return endpoint.stored(std::move(environment));
              });
          services.get<deploys::Deploys>().when_removed([&endpoint](projects::Project project) {
            return endpoint.repositories().remove(std::move(project.name));
          });
        },
};

}  // namespace temps::git
