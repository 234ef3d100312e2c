#pragma once
#include "core/permission.hpp"

namespace temps::identity::permissions {

// What concerns the caller alone: profile, sessions, API keys.
inline constexpr Permission own{"account.own", Role::member};
inline constexpr Permission users{"users.manage", Role::admin};

}  // namespace temps::identity::permissions
