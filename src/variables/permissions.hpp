#pragma once
#include "core/permission.hpp"

namespace temps::variables::permissions {

inline constexpr Permission read{"variables.read", Role::member};
inline constexpr Permission write{"variables.write", Role::member};
// For who may deploy: an app can print what it gets, so keeping secrets from them would be for
// show.
inline constexpr Permission reveal{"variables.reveal", Role::member};

}  // namespace temps::variables::permissions
