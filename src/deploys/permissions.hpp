#pragma once
#include "core/permission.hpp"

namespace temps::deploys::permissions {

inline constexpr Permission read{"deploys.read", Role::member};
inline constexpr Permission write{"deploys.write", Role::member};
inline constexpr Permission logs_read{"logs.read", Role::member};

}  // namespace temps::deploys::permissions
