#pragma once
#include "http/router.hpp"
#include "projects/projects.hpp"
#include "variables/variables.hpp"

namespace temps::variables {

// What the handlers work with.
struct Api {
  Variables& variables;
  projects::Projects& projects;
};

void add_routes(http::Router& router, Api& api);

}  // namespace temps::variables
