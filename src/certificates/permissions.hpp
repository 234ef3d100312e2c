#pragma once
#include "core/permission.hpp"

namespace temps::certificates::permissions {

inline constexpr Permission read{"certificates.read", temps::Role::viewer, Scope::project};
// A certificate counts for every project's names.
inline constexpr Permission write{"certificates.write", temps::Role::admin, Scope::installation};

}  // namespace temps::certificates::permissions
