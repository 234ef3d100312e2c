#pragma once
#include "core/permission.hpp"

namespace temps::commands::permissions {

// For who may deploy and reveal variables, as what is deployed can do all that a command can. No
// part of the scope "deploy": a token of a pipeline that leaks should not be a shell.
inline constexpr Permission execute{"instances.exec", temps::Role::developer, Scope::project};

}  // namespace temps::commands::permissions
