#pragma once
#include "core/permission.hpp"

namespace temps::identity::permissions {

// What concerns the caller alone: profile, sessions, API keys.
inline constexpr Permission own{"account.own", temps::Role::guest, Scope::own};
inline constexpr Permission users{"users.manage", temps::Role::admin, Scope::installation};

}  // namespace temps::identity::permissions
