#pragma once
#include "core/permission.hpp"

namespace temps::machine::permissions {

inline constexpr Permission read{"machine.read", temps::Role::viewer, Scope::installation};
inline constexpr Permission jobs{"machine.jobs", temps::Role::admin, Scope::installation};

}  // namespace temps::machine::permissions
