#pragma once
#include "core/permission.hpp"

namespace temps::requests::permissions {

inline constexpr Permission read{"requests.read", temps::Role::viewer, Scope::project};

}  // namespace temps::requests::permissions
