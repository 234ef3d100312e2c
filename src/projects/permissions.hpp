#pragma once
#include "core/permission.hpp"

namespace temps::projects::permissions {

inline constexpr Permission read{"projects.read", Role::member};
inline constexpr Permission write{"projects.write", Role::member};
inline constexpr Permission remove{"projects.remove", Role::admin};

}  // namespace temps::projects::permissions
