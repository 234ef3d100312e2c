#pragma once
#include "core/permission.hpp"

namespace temps::deploys::permissions {

inline constexpr auto read =
    Permission{"deploys.read", temps::Role::viewer, Scope::project}.deploying();
inline constexpr auto write =
    Permission{"deploys.write", temps::Role::developer, Scope::project}.deploying();
inline constexpr auto logs_read =
    Permission{"logs.read", temps::Role::viewer, Scope::project}.deploying();
// Of what no deployment knows, and so no project.
inline constexpr Permission remove_instances{"instances.remove", temps::Role::admin,
                                             Scope::installation};

}  // namespace temps::deploys::permissions
