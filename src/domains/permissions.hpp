#pragma once
#include "core/permission.hpp"

namespace temps::domains::permissions {

inline constexpr Permission read{"domains.read", temps::Role::member};
inline constexpr Permission write{"domains.write", temps::Role::member};

}  // namespace temps::domains::permissions
