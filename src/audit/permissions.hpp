#pragma once
#include "core/permission.hpp"

namespace temps::audit::permissions {

inline constexpr Permission read{"audit.read", temps::Role::admin, Scope::installation};

}  // namespace temps::audit::permissions
