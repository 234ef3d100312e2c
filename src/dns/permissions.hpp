#pragma once
#include "core/permission.hpp"

namespace temps::dns::permissions {

inline constexpr Permission read{"dns.read", temps::Role::viewer, Scope::installation};
inline constexpr Permission write{"dns.write", temps::Role::admin, Scope::installation};

}  // namespace temps::dns::permissions
