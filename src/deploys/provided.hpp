// What Temps itself tells an app, and its build, by variables.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "deploys/deployment.hpp"
#include "projects/projects.hpp"

namespace temps::deploys {

struct AppPlace {
  const projects::Project& project;
  const projects::Environment& environment;
  std::string url;
};

// TEMPS_PROJECT, TEMPS_ENVIRONMENT, …; PORT is the runtime's.
std::map<std::string, std::string> provided_variables(const Deployment& deployment,
                                                      const AppPlace& place);

// Is the value of this variable, by its name, built into what browsers load?
bool is_public_name(std::string_view name);

}  // namespace temps::deploys
