#pragma once
#include "core/permission.hpp"

namespace temps::oidc::permissions {

inline constexpr Permission providers{"login_providers.manage", Role::admin, Scope::installation};

}  // namespace temps::oidc::permissions
