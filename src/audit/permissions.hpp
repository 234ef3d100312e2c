#pragma once
#include "core/permission.hpp"

namespace temps::audit::permissions {

inline constexpr Permission read{"audit.read", Role::admin};

}  // namespace temps::audit::permissions
