#include "access/routes.hpp"

#include "core/reflect.hpp"

namespace temps::access {

void add_routes(http::Router& router, Api& api) {
  add_grant_routes(router, api);
  add_team_routes(router, api);
  add_token_routes(router, api);
  add_invitation_routes(router, api);
  add_key_routes(router, api);
  add_service_routes(router, api);
  add_catalogue_route(router, api);
}

Role role_of(GrantedRole role) {
  switch (role) {
    case GrantedRole::viewer:
      return Role::viewer;
    case GrantedRole::developer:
      return Role::developer;
    case GrantedRole::admin:
      return Role::admin;
  }
  return Role::viewer;
}

Result<> check_gives(const http::Principal& caller, std::string_view project, Role role) {
  if (caller.gives_on(project) >= role) return {};
  return fail(errors::beyond_own, "you cannot give the role {} on {}: it is more than you have",
              reflect::enum_name(role), project);
}

}  // namespace temps::access
