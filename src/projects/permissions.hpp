#pragma once
#include "core/permission.hpp"

namespace temps::projects::permissions {

inline constexpr auto read =
    Permission{"projects.read", temps::Role::viewer, Scope::project}.deploying();
inline constexpr Permission create{"projects.create", temps::Role::developer, Scope::installation};
inline constexpr Permission write{"projects.write", temps::Role::developer, Scope::project};
inline constexpr Permission remove{"projects.remove", temps::Role::admin, Scope::project};

}  // namespace temps::projects::permissions
