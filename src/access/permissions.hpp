#pragma once
#include "core/permission.hpp"

namespace temps::access::permissions {

inline constexpr Permission teams_read{"teams.read", Role::viewer, Scope::installation};
inline constexpr Permission teams{"teams.manage", Role::admin, Scope::installation};
inline constexpr Permission invitations{"invitations.manage", Role::admin, Scope::installation};
inline constexpr Permission services{"service_accounts.manage", Role::admin, Scope::installation};
// Who may do what on a project.
inline constexpr Permission grants_read{"grants.read", Role::viewer, Scope::project};
inline constexpr Permission grants{"grants.manage", Role::admin, Scope::project};
inline constexpr Permission tokens{"tokens.manage", Role::admin, Scope::project};

}  // namespace temps::access::permissions
