// The statements of this module. Private.
#pragma once
#include <string>

#include "identity/identity.hpp"
#include "sql/catalogue.hpp"

namespace temps::identity::queries {

struct LoginRow {
  UserId id;
  std::string email;
  Role role;
  Instant created_at;
  std::string password_hash;
};
struct SessionRow {
  SessionId id;
  Instant last_used_at;
  UserId user;
  std::string email;
  Role role;
  Instant created_at;
};
struct KeyRow {
  KeyId id;
  std::string name;
  Instant made_at;
  std::optional<Instant> expires_at;
  std::optional<Instant> last_used_at;
  std::optional<std::vector<std::string>> scopes;
  std::optional<std::int64_t> project;
  std::optional<std::int64_t> environment;
  UserId user;
  std::string email;
  Role role;
  Instant created_at;
};

inline constexpr sql::Query<UserId, std::string, std::string, Role, Instant> insert_user{
    "identity.insert_user",
    "insert into identity_users (email, password_hash, role, created_at) values ($1, $2, $3, $4) "
    "on conflict (email) do nothing returning id"};
inline constexpr sql::Query<User, UserId, std::int64_t> list_users{
    "identity.list_users",
    "select id, email, role, created_at, kind from identity_users where id > $1 order by id "
    "limit $2"};
inline constexpr sql::Query<User, UserId> get_user{
    "identity.get_user",
    "select id, email, role, created_at, kind from identity_users where id = $1"};
inline constexpr sql::Query<Role, UserId> lock_role{
    "identity.lock_role", "select role from identity_users where id = $1 for update"};
inline constexpr sql::Query<LoginRow, std::string> find_login{
    "identity.find_login",
    "select id, email, role, created_at, password_hash from identity_users "
    "where email = $1 and kind = 'person'"};
inline constexpr sql::Query<bool, UserId> has_password{
    "identity.has_password", "select password_hash <> '' from identity_users where id = $1"};
inline constexpr sql::Query<bool, SessionId, Instant> is_fresh{
    "identity.is_fresh",
    "select exists (select 1 from identity_sessions where id = $1 and created_at > $2)"};
inline constexpr sql::Query<bool> has_users{"identity.has_users",
                                            "select exists (select 1 from identity_users)"};
// Locks the owners, so that two changes at once cannot leave none. A service account cannot log in
// and does not count.
inline constexpr sql::Query<UserId> lock_owners{
    "identity.lock_owners",
    "select id from identity_users where role = 'owner' and kind = 'person' order by id "
    "for update"};
inline constexpr sql::Query<bool> has_owner{
    "identity.has_owner",
    "select exists (select 1 from identity_users where role = 'owner' and kind = 'person')"};
// Nothing when the name is taken.
inline constexpr sql::Query<UserId, std::string, Role, Instant> insert_service{
    "identity.insert_service",
    "insert into identity_users (email, password_hash, role, created_at, kind) "
    "values ($1, '', $2, $3, 'service') on conflict (email) do nothing returning id"};
inline constexpr sql::Query<User> list_services{
    "identity.list_services",
    "select id, email, role, created_at, kind from identity_users where kind = 'service' "
    "order by email"};
inline constexpr sql::Command<UserId, Role> set_role{
    "identity.set_role", "update identity_users set role = $2 where id = $1"};
inline constexpr sql::Command<UserId, std::string> set_password{
    "identity.set_password", "update identity_users set password_hash = $2 where id = $1"};
inline constexpr sql::Command<UserId> delete_user{"identity.delete_user",
                                                  "delete from identity_users where id = $1"};

inline constexpr sql::Query<SessionId, UserId, sql::Bytes, Instant, Instant, std::string,
                            std::string>
    insert_session{"identity.insert_session",
                   "insert into identity_sessions (user_id, token_hash, created_at, last_used_at, "
                   "expires_at, address, user_agent) values ($1, $2, $3, $3, $4, $5, $6) "
                   "returning id"};
inline constexpr sql::Query<SessionRow, sql::Bytes, Instant, Instant> find_session{
    "identity.find_session",
    "select s.id, s.last_used_at, u.id, u.email, u.role, u.created_at from identity_sessions s "
    "join identity_users u on u.id = s.user_id where s.token_hash = $1 and s.expires_at > $2 "
    "and s.created_at > $3"};
inline constexpr sql::Command<SessionId, Instant, Instant> touch_session{
    "identity.touch_session",
    "update identity_sessions set last_used_at = $2, expires_at = $3 where id = $1"};
inline constexpr sql::Command<SessionId> delete_session{
    "identity.delete_session", "delete from identity_sessions where id = $1"};
inline constexpr sql::Command<UserId> delete_sessions{
    "identity.delete_sessions", "delete from identity_sessions where user_id = $1"};
inline constexpr sql::Command<Instant, Instant> delete_expired{
    "identity.delete_expired",
    "delete from identity_sessions where expires_at <= $1 or created_at <= $2"};

// Nothing when the user has too many that still work.
inline constexpr sql::Query<KeyId, UserId, std::string, sql::Bytes, Instant, std::optional<Instant>,
                            std::int64_t, std::optional<std::vector<std::string>>,
                            std::optional<std::int64_t>, std::optional<std::int64_t>>
    insert_key{"identity.insert_key",
               "insert into identity_api_keys (user_id, name, token_hash, created_at, expires_at, "
               "scopes, project_id, environment_id) select $1, $2, $3, $4, $5, $7, $8, $9 where "
               "(select count(*) from identity_api_keys where user_id = $1 "
               "and (expires_at is null or expires_at > $4)) < $6 returning id"};
inline constexpr sql::Query<KeyRow, sql::Bytes, Instant> find_key{
    "identity.find_key",
    "select k.id, k.name, k.created_at, k.expires_at, k.last_used_at, k.scopes, k.project_id, "
    "k.environment_id, u.id, u.email, u.role, u.created_at "
    "from identity_api_keys k join identity_users u on u.id = k.user_id "
    "where k.token_hash = $1 and (k.expires_at is null or k.expires_at > $2)"};
inline constexpr sql::Command<KeyId, Instant> touch_key{
    "identity.touch_key", "update identity_api_keys set last_used_at = $2 where id = $1"};
inline constexpr sql::Query<ApiKey, UserId, KeyId, std::int64_t> list_keys{
    "identity.list_keys",
    "select id, name, created_at, expires_at, last_used_at, scopes, project_id, environment_id "
    "from identity_api_keys "
    "where user_id = $1 and id > $2 order by id limit $3"};
inline constexpr sql::Command<UserId, KeyId> delete_key{
    "identity.delete_key", "delete from identity_api_keys where user_id = $1 and id = $2"};

inline constexpr sql::Command<UserId, KeyId> delete_other_keys{
    "identity.delete_other_keys", "delete from identity_api_keys where user_id = $1 and id <> $2"};
// Long gone, so that nobody asks what has become of them any more.
inline constexpr sql::Command<Instant> delete_expired_keys{
    "identity.delete_expired_keys", "delete from identity_api_keys where expires_at <= $1"};

inline constexpr sql::Command<sql::Bytes, Instant> put_setup{
    "identity.put_setup",
    "insert into identity_setup (token_hash, created_at) values ($1, $2) "
    "on conflict (id) do update set token_hash = $1, created_at = $2"};
inline constexpr sql::Query<sql::Bytes> lock_setup{
    "identity.lock_setup", "select token_hash from identity_setup for update"};
inline constexpr sql::Command<> delete_setup{"identity.delete_setup", "delete from identity_setup"};

inline sql::Catalogue catalogue() {
  return sql::catalogue(
      "identity", insert_user, list_users, get_user, find_login, has_password, is_fresh, has_users,
      lock_role, lock_owners, has_owner, insert_service, list_services, set_role, set_password,
      delete_user, insert_session, find_session, touch_session, delete_session, delete_sessions,
      delete_expired, insert_key, find_key, touch_key, list_keys, delete_key, delete_other_keys,
      delete_expired_keys, put_setup, lock_setup, delete_setup);
}

}  // namespace temps::identity::queries
