#include "commands/module.hpp"

#include "commands/routes.hpp"

namespace temps::commands {

const Module module{
    .name = "commands",
    .provide =
        [](Registry& registry) {
          registry.provide<Commands>(
              from<runtime::Runtime, deploys::Deploys, variables::Variables, Options, Clock>);
          registry.provide<Api>(from<Commands, projects::Projects>);
        },
    .start =
        [](Services& services) {
          auto& commands = services.get<Commands>();
          services.get<deploys::Deploys>().when_removed(
              [&commands](projects::Project project) { return commands.end_all_of(project.id); });
          add_routes(services.get<http::Router>(), services.get<Api>());
        },
};

}  // namespace temps::commands
