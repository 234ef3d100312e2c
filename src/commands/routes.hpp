#pragma once
#include "commands/commands.hpp"
#include "http/router.hpp"

namespace temps::commands {

// What the handlers work with.
struct Api {
  Commands& commands;
  projects::Projects& projects;
};

void add_routes(http::Router& router, Api& api);

}  // namespace temps::commands
