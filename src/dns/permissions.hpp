#pragma once
#include "core/permission.hpp"

namespace temps::dns::permissions {

inline constexpr Permission read{"dns.read", Role::member};
inline constexpr Permission write{"dns.write", Role::admin};

}  // namespace temps::dns::permissions
