#pragma once
#include "core/permission.hpp"

namespace temps::requests::permissions {

inline constexpr Permission read{"requests.read", Role::member};

}  // namespace temps::requests::permissions
