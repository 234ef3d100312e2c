// The statements of this module. Private.
#pragma once
#include "access/grants.hpp"
#include "access/invitations.hpp"
#include "access/teams.hpp"
#include "access/tokens.hpp"
#include "sql/catalogue.hpp"

namespace temps::access::queries {

using identity::KeyId;
using identity::UserId;
using projects::EnvironmentId;
using projects::ProjectId;

struct GrantedRow {
  std::string project;
  Role role;
};
struct MadeGrantRow {
  GrantId id;
  std::optional<std::int64_t> user;
  std::optional<std::int64_t> team;
  Instant created_at;
};
struct AcceptedRow {
  std::string email;
  Role role;
  sql::Json grants;
  std::vector<TeamId> teams;
};
struct TokenRow {
  TokenId id;
  std::string name;
  std::optional<Instant> last_used_at;
  std::string project;
  std::optional<std::string> environment;
};
struct KeyPlaceRow {
  KeyId id;
  std::string project;  // empty: it is gone
  std::optional<std::string> environment;
  bool has_environment;
};

inline constexpr sql::Query<Grant, ProjectId> list_grants{
    "access.list_grants",
    "select g.id, g.user_id, g.team_id, coalesce(u.email, t.name, ''), g.role, g.created_at "
    "from access_grants g left join identity_users u on u.id = g.user_id "
    "left join access_teams t on t.id = g.team_id where g.project_id = $1 order by g.id"};
inline constexpr sql::Query<std::int64_t, ProjectId> count_grants{
    "access.count_grants", "select count(*) from access_grants where project_id = $1"};
inline constexpr sql::Query<MadeGrantRow, ProjectId, std::string, Role, Instant> grant_user{
    "access.grant_user",
    "insert into access_grants (project_id, user_id, role, created_at) "
    "select $1, u.id, $3, $4 from identity_users u where u.email = $2 "
    "on conflict (project_id, user_id) do update set role = excluded.role "
    "returning id, user_id, team_id, created_at"};
inline constexpr sql::Query<MadeGrantRow, ProjectId, std::string, Role, Instant> grant_team{
    "access.grant_team",
    "insert into access_grants (project_id, team_id, role, created_at) "
    "select $1, t.id, $3, $4 from access_teams t where t.name = $2 "
    "on conflict (project_id, team_id) do update set role = excluded.role "
    "returning id, user_id, team_id, created_at"};
inline constexpr sql::Command<ProjectId, UserId, Role, Instant> give{
    "access.give",
    "insert into access_grants (project_id, user_id, role, created_at) "
    "select p.id, $2, $3, $4 from projects p where p.id = $1 "
    "on conflict (project_id, user_id) do update set role = excluded.role"};
inline constexpr sql::Command<ProjectId, GrantId> remove_grant{
    "access.remove_grant", "delete from access_grants where project_id = $1 and id = $2"};
inline constexpr sql::Query<GrantedRow, UserId> granted{
    "access.granted",
    "select p.name, g.role from access_grants g join projects p on p.id = g.project_id "
    "where g.user_id = $1 or g.team_id in "
    "(select team_id from access_team_members where user_id = $1)"};
inline constexpr sql::Query<Role, TeamId> roles_of_team{
    "access.roles_of_team", "select distinct role from access_grants where team_id = $1"};

inline constexpr sql::Query<Team, std::string, Instant, std::int64_t> insert_team{
    "access.insert_team",
    "insert into access_teams (name, created_at) select $1, $2 "
    "where (select count(*) from access_teams) < $3 "
    "on conflict (name) do nothing returning id, name, created_at"};
inline constexpr sql::Query<Team, std::string> team_by_name{
    "access.team_by_name", "select id, name, created_at from access_teams where name = $1"};
inline constexpr sql::Query<Team> list_teams{
    "access.list_teams", "select id, name, created_at from access_teams order by name"};
inline constexpr sql::Query<Team, TeamId> get_team{
    "access.get_team", "select id, name, created_at from access_teams where id = $1"};
inline constexpr sql::Command<TeamId, std::string> rename_team{
    "access.rename_team", "update access_teams set name = $2 where id = $1"};
inline constexpr sql::Command<TeamId> remove_team{"access.remove_team",
                                                  "delete from access_teams where id = $1"};
inline constexpr sql::Query<Member> list_members{
    "access.list_members",
    "select m.team_id, u.id, u.email from access_team_members m "
    "join identity_users u on u.id = m.user_id order by u.email, m.team_id"};
inline constexpr sql::Command<TeamId, UserId> add_member{
    "access.add_member",
    "insert into access_team_members (team_id, user_id) values ($1, $2) on conflict do nothing"};
inline constexpr sql::Command<TeamId, UserId> remove_member{
    "access.remove_member", "delete from access_team_members where team_id = $1 and user_id = $2"};

// Of somebody who may still invite like this.
#define TEMPS_INVITATION_HOLDS                                                            \
  "expires_at > $2 and (invited_by is null or exists (select from identity_users u "      \
  "where u.id = i.invited_by and u.role in ('admin', 'owner') and (i.role <> 'owner' or " \
  "u.role = 'owner')))"
inline constexpr sql::Query<bool, std::string> has_user{
    "access.has_user", "select exists (select from identity_users where email = $1)"};
inline constexpr sql::Command<std::string, Instant> clear_invitations{
    "access.clear_invitations",
    "delete from access_invitations where email = $1 or expires_at <= $2"};
inline constexpr sql::Query<InvitationId, std::string, Role, sql::Json, std::vector<TeamId>,
                            sql::Bytes, std::optional<UserId>, std::string, Instant, Instant,
                            std::int64_t>
    insert_invitation{"access.insert_invitation",
                      "insert into access_invitations (email, role, grants, teams, token_hash, "
                      "invited_by, inviter, created_at, expires_at) "
                      "select $1, $2, $3, $4, $5, $6, $7, $8, $9 "
                      "where (select count(*) from access_invitations) < $10 returning id"};
inline constexpr sql::Query<Invitation, Instant> list_invitations{
    "access.list_invitations",
    "select id, email, role, inviter, created_at, expires_at from access_invitations "
    "where expires_at > $1 order by id"};
inline constexpr sql::Command<InvitationId> remove_invitation{
    "access.remove_invitation", "delete from access_invitations where id = $1"};
inline constexpr sql::Query<Invitation, sql::Bytes, Instant> find_invitation{
    "access.find_invitation",
    "select id, email, role, inviter, created_at, expires_at from access_invitations i "
    "where token_hash = $1 and " TEMPS_INVITATION_HOLDS};
inline constexpr sql::Query<AcceptedRow, sql::Bytes, Instant> take_invitation{
    "access.take_invitation",
    "delete from access_invitations i where token_hash = $1 and " TEMPS_INVITATION_HOLDS
    " returning email, role, grants, teams"};
inline constexpr sql::Query<AcceptedRow, std::string, Instant> take_proved{
    "access.take_proved",
    "delete from access_invitations i where email = $1 and role not in ('admin', 'owner') "
    "and " TEMPS_INVITATION_HOLDS " returning email, role, grants, teams"};
inline constexpr sql::Command<std::vector<TeamId>, UserId> join_teams{
    "access.join_teams",
    "insert into access_team_members (team_id, user_id) "
    "select id, $2 from access_teams where id = any ($1) on conflict do nothing"};

inline constexpr sql::Query<TokenId, ProjectId, std::optional<EnvironmentId>, std::string,
                            sql::Bytes, std::string, Instant, std::optional<Instant>, std::int64_t>
    insert_token{"access.insert_token",
                 "insert into access_tokens (project_id, environment_id, name, token_hash, maker, "
                 "created_at, expires_at) select $1, $2, $3, $4, $5, $6, $7 "
                 "where (select count(*) from access_tokens where project_id = $1) < $8 "
                 "returning id"};
inline constexpr sql::Query<DeploymentToken, ProjectId> list_tokens{
    "access.list_tokens",
    "select t.id, t.name, e.name, t.maker, t.created_at, t.expires_at, t.last_used_at "
    "from access_tokens t left join environments e on e.id = t.environment_id "
    "where t.project_id = $1 order by t.id"};
inline constexpr sql::Command<ProjectId, TokenId> remove_token{
    "access.remove_token", "delete from access_tokens where project_id = $1 and id = $2"};
inline constexpr sql::Query<TokenRow, sql::Bytes, Instant> find_token{
    "access.find_token",
    "select t.id, t.name, t.last_used_at, p.name, e.name from access_tokens t "
    "join projects p on p.id = t.project_id left join environments e on e.id = t.environment_id "
    "where t.token_hash = $1 and (t.expires_at is null or t.expires_at > $2)"};
inline constexpr sql::Command<TokenId, Instant> touch_token{
    "access.touch_token", "update access_tokens set last_used_at = $2 where id = $1"};
// Long gone, so that nobody asks what has become of them any more.
inline constexpr sql::Command<Instant> clear_tokens{
    "access.clear_tokens", "delete from access_tokens where expires_at <= $1"};

#define TEMPS_KEY_PLACE                                                          \
  "select k.id, coalesce(p.name, ''), e.name, k.environment_id is not null "     \
  "from identity_api_keys k left join projects p on p.id = k.project_id "        \
  "left join environments e on e.id = k.environment_id and e.project_id = p.id " \
  "where k.project_id is not null and "
inline constexpr sql::Query<KeyPlaceRow, KeyId> key_place{"access.key_place",
                                                          TEMPS_KEY_PLACE "k.id = $1"};
inline constexpr sql::Query<KeyPlaceRow, UserId> key_places{"access.key_places",
                                                            TEMPS_KEY_PLACE "k.user_id = $1"};
inline constexpr sql::Query<std::optional<Instant>, KeyId> key_expiry{
    "access.key_expiry", "select expires_at from identity_api_keys where id = $1"};

inline sql::Catalogue catalogue() {
  return sql::catalogue("access", list_grants, count_grants, grant_user, grant_team, give,
                        remove_grant, granted, roles_of_team, insert_team, team_by_name, list_teams,
                        get_team, rename_team, remove_team, list_members, add_member, remove_member,
                        has_user, clear_invitations, insert_invitation, list_invitations,
                        remove_invitation, find_invitation, take_invitation, take_proved,
                        join_teams, insert_token, list_tokens, remove_token, find_token,
                        touch_token, clear_tokens, key_place, key_places, key_expiry);
}

}  // namespace temps::access::queries
