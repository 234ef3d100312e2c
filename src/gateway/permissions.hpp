#pragma once
#include "core/permission.hpp"

namespace temps::gateway::permissions {

inline constexpr Permission read{"gateway.read", Role::member};

}  // namespace temps::gateway::permissions
