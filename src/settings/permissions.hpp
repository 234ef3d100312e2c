#pragma once
#include "core/permission.hpp"

namespace temps::settings::permissions {

inline constexpr Permission read{"settings.read", temps::Role::admin, Scope::installation};

}  // namespace temps::settings::permissions
