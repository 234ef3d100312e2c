#pragma once
#include "core/permission.hpp"

namespace temps::certificates::permissions {

inline constexpr Permission read{"certificates.read", Role::member};
// A certificate counts for every project's names.
inline constexpr Permission write{"certificates.write", Role::admin};

}  // namespace temps::certificates::permissions
