#pragma once
#include "core/permission.hpp"

namespace temps::machine::permissions {

inline constexpr Permission read{"machine.read", Role::member};
inline constexpr Permission jobs{"machine.jobs", Role::admin};

}  // namespace temps::machine::permissions
