#pragma once
#include "core/permission.hpp"

namespace temps::domains::permissions {

inline constexpr Permission read{"domains.read", temps::Role::viewer, Scope::project};
inline constexpr Permission write{"domains.write", temps::Role::developer, Scope::project};

}  // namespace temps::domains::permissions
