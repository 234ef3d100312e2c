#pragma once
#include "core/permission.hpp"

namespace temps::variables::permissions {

inline constexpr Permission read{"variables.read", temps::Role::viewer, Scope::project};
inline constexpr Permission write{"variables.write", temps::Role::developer, Scope::project};
// For who may deploy: an app can print what it gets, so keeping secrets from them would be for
// show.
inline constexpr Permission reveal{"variables.reveal", temps::Role::developer, Scope::project};

}  // namespace temps::variables::permissions
