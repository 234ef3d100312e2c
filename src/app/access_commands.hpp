// Commands about who may do what: users, teams, invitations, roles on projects, deployment tokens
// and service accounts.
#pragma once
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "core/result.hpp"

namespace temps::app {

struct AccessOptions {
  std::string who;   // an e-mail address, a service account, or "team:NAME"
  std::string role;  // guest, viewer, developer, admin, owner
  std::string project;
  std::string name;
  std::string team;
  std::string environment;
  std::string expires;                // "90d"; empty: never
  std::vector<std::string> projects;  // "shop=developer"
  std::vector<std::string> teams;
  std::vector<std::string> scopes;
  std::int64_t number = 0;
};

Result<> list_users(const Common& common);
Result<> change_role(const Common& common, const AccessOptions& options);
Result<> remove_user(const Common& common, const AccessOptions& options);

Result<> list_teams(const Common& common);
Result<> create_team(const Common& common, const AccessOptions& options);
Result<> remove_team(const Common& common, const AccessOptions& options);
Result<> join_team(const Common& common, const AccessOptions& options);
Result<> leave_team(const Common& common, const AccessOptions& options);

// Prints the link alone.
Result<> invite(const Common& common, const AccessOptions& options);
Result<> list_invitations(const Common& common);
Result<> revoke_invitation(const Common& common, const AccessOptions& options);

Result<> list_access(const Common& common, const AccessOptions& options);
Result<> grant_access(const Common& common, const AccessOptions& options);
Result<> revoke_access(const Common& common, const AccessOptions& options);

// Prints the token alone.
Result<> create_token(const Common& common, const AccessOptions& options);
Result<> list_tokens(const Common& common, const AccessOptions& options);
Result<> revoke_token(const Common& common, const AccessOptions& options);

Result<> list_services(const Common& common);
Result<> create_service(const Common& common, const AccessOptions& options);
// Prints the key alone.
Result<> create_service_key(const Common& common, const AccessOptions& options);

}  // namespace temps::app
