#pragma once
#include "core/permission.hpp"

namespace temps::gateway::permissions {

// Shows the upstreams of all projects.
inline constexpr Permission read{"gateway.read", temps::Role::viewer, Scope::installation};

}  // namespace temps::gateway::permissions
