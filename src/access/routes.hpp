#pragma once
#include "access/grants.hpp"
#include "access/invitations.hpp"
#include "access/keys.hpp"
#include "access/teams.hpp"
#include "access/tokens.hpp"
#include "http/router.hpp"
#include "identity/service_accounts.hpp"

namespace temps::access {

// What the handlers work with.
struct Api {
  Grants& grants;
  Teams& teams;
  Tokens& tokens;
  Invitations& invitations;
  Keys& keys;
  identity::Identity& identity;
  identity::ServiceAccounts& services;
  projects::Projects& projects;
};

void add_grant_routes(http::Router& router, Api& api);
void add_team_routes(http::Router& router, Api& api);
void add_token_routes(http::Router& router, Api& api);
void add_invitation_routes(http::Router& router, Api& api);
void add_key_routes(http::Router& router, Api& api);
void add_service_routes(http::Router& router, Api& api);
void add_catalogue_route(http::Router& router, Api& api);

// All of them.
void add_routes(http::Router& router, Api& api);

// A role on one project as the API takes it; others are refused as bad JSON.
enum class GrantedRole : std::uint8_t { viewer, developer, admin };
Role role_of(GrantedRole role);
// May the caller give this role there? Fails with `beyond_own`.
Result<> check_gives(const http::Principal& caller, std::string_view project, Role role);

}  // namespace temps::access
