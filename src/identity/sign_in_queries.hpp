// The statements of sessions, second factors, logins that are not complete and new passwords.
// Private.
#pragma once
#include <optional>
#include <string>

#include "identity/login_limits.hpp"
#include "identity/pending_logins.hpp"
#include "identity/second_factors.hpp"
#include "identity/sessions.hpp"
#include "sql/catalogue.hpp"

namespace temps::identity::queries {

inline constexpr sql::Query<LiveSession, UserId, SessionId, Instant, Instant, std::int64_t>
    list_sessions{"identity.list_sessions",
                  "select id, created_at, last_used_at, expires_at, address, user_agent "
                  "from identity_sessions where user_id = $1 and id > $2 and expires_at > $3 "
                  "and created_at > $4 order by id limit $5"};
inline constexpr sql::Command<UserId, SessionId> delete_own_session{
    "identity.delete_own_session", "delete from identity_sessions where user_id = $1 and id = $2"};
inline constexpr sql::Command<UserId, SessionId> delete_other_sessions{
    "identity.delete_other_sessions",
    "delete from identity_sessions where user_id = $1 and id <> $2"};

// Nothing when the factor is on already.
inline constexpr sql::Command<UserId, sql::Bytes, Instant> put_factor{
    "identity.put_factor",
    "insert into identity_second_factors (user_id, secret, created_at, attempts_since) "
    "values ($1, $2, $3, $3) on conflict (user_id) do update set secret = $2, created_at = $3, "
    "last_step = 0, attempts = 0, attempts_since = $3 "
    "where identity_second_factors.confirmed_at is null"};
inline constexpr sql::Query<FactorState, UserId> factor_state{
    "identity.factor_state",
    "select confirmed_at, (select count(*) from identity_recovery_codes c "
    "where c.user_id = f.user_id) from identity_second_factors f where f.user_id = $1"};
inline constexpr sql::Query<bool, UserId> lacks_factor{
    "identity.lacks_factor",
    "select exists (select 1 from identity_users u where u.id = $1 and u.kind = 'person' "
    "and not exists (select 1 from identity_second_factors f where f.user_id = u.id "
    "and f.confirmed_at is not null))"};
struct FactorRow {
  sql::Bytes secret;
  std::int64_t last_step;
  std::optional<Instant> confirmed_at;
};
// Counts the attempt before its outcome is known. Nothing when there have been too many in this
// window, or when the user has no factor.
inline constexpr sql::Query<FactorRow, UserId, Instant, Instant, std::int64_t> take_factor_attempt{
    "identity.take_factor_attempt",
    "update identity_second_factors set "
    "attempts = case when attempts_since <= $3 then 1 else attempts + 1 end, "
    "attempts_since = case when attempts_since <= $3 then $2 else attempts_since end "
    "where user_id = $1 and (attempts_since <= $3 or attempts < $4) "
    "returning secret, last_step, confirmed_at"};
// Once for each step, whoever comes at the same time.
inline constexpr sql::Command<UserId, std::int64_t> use_step{
    "identity.use_step",
    "update identity_second_factors set last_step = $2, attempts = 0 "
    "where user_id = $1 and last_step < $2"};
inline constexpr sql::Command<UserId, Instant> confirm_factor{
    "identity.confirm_factor",
    "update identity_second_factors set confirmed_at = $2 "
    "where user_id = $1 and confirmed_at is null"};
inline constexpr sql::Command<UserId> delete_factor{
    "identity.delete_factor", "delete from identity_second_factors where user_id = $1"};

inline constexpr sql::Command<UserId, sql::Bytes> insert_recovery_code{
    "identity.insert_recovery_code",
    "insert into identity_recovery_codes (user_id, code_hash) values ($1, $2)"};
inline constexpr sql::Command<UserId, sql::Bytes> use_recovery_code{
    "identity.use_recovery_code",
    "delete from identity_recovery_codes where user_id = $1 and code_hash = $2"};
inline constexpr sql::Command<UserId> delete_recovery_codes{
    "identity.delete_recovery_codes", "delete from identity_recovery_codes where user_id = $1"};

inline constexpr sql::Command<UserId, sql::Bytes, Instant, std::optional<std::string>>
    insert_pending{"identity.insert_pending",
                   "insert into identity_pending_logins (user_id, token_hash, expires_at, "
                   "key_name) values ($1, $2, $3, $4)"};
inline constexpr sql::Command<Instant> delete_expired_pending{
    "identity.delete_expired_pending",
    "delete from identity_pending_logins where expires_at <= $1"};
inline constexpr sql::Query<PendingLogin, sql::Bytes, Instant, std::int64_t> take_pending_attempt{
    "identity.take_pending_attempt",
    "update identity_pending_logins set attempts = attempts + 1 "
    "where token_hash = $1 and expires_at > $2 and attempts < $3 returning id, user_id, key_name"};
inline constexpr sql::Command<std::int64_t> delete_pending{
    "identity.delete_pending", "delete from identity_pending_logins where id = $1"};
inline constexpr sql::Command<UserId> delete_pending_of_user{
    "identity.delete_pending_of_user", "delete from identity_pending_logins where user_id = $1"};

inline constexpr sql::Command<UserId, sql::Bytes, Instant> put_reset{
    "identity.put_reset",
    "insert into identity_password_resets (user_id, token_hash, expires_at) values ($1, $2, $3) "
    "on conflict (user_id) do update set token_hash = $2, expires_at = $3"};
inline constexpr sql::Query<UserId, sql::Bytes, Instant> find_reset{
    "identity.find_reset",
    "select user_id from identity_password_resets where token_hash = $1 and expires_at > $2"};
inline constexpr sql::Command<sql::Bytes> delete_reset{
    "identity.delete_reset", "delete from identity_password_resets where token_hash = $1"};
inline constexpr sql::Query<UserId, std::string> find_user_by_email{
    "identity.find_user_by_email",
    "select id from identity_users where email = $1 and kind = 'person'"};

inline constexpr sql::Query<LoginCount, std::int64_t> login_counts{
    "identity.login_counts",
    "select key, since, attempts from identity_login_counts where attempts > 0 limit $1"};
inline constexpr sql::Command<std::vector<std::string>, std::vector<Instant>,
                              std::vector<std::int32_t>>
    keep_login_counts{"identity.keep_login_counts",
                      "insert into identity_login_counts (key, since, attempts) "
                      "select * from unnest($1, $2, $3) on conflict (key) do update "
                      "set since = excluded.since, attempts = excluded.attempts"};
inline constexpr sql::Command<Instant> forget_login_counts{
    "identity.forget_login_counts",
    "delete from identity_login_counts where since <= $1 or attempts = 0"};

inline sql::Catalogue sign_in_catalogue() {
  return sql::catalogue("identity", list_sessions, delete_own_session, delete_other_sessions,
                        put_factor, factor_state, lacks_factor, take_factor_attempt, use_step,
                        confirm_factor, delete_factor, insert_recovery_code, use_recovery_code,
                        delete_recovery_codes, insert_pending, delete_expired_pending,
                        take_pending_attempt, delete_pending, delete_pending_of_user, put_reset,
                        find_reset, delete_reset, find_user_by_email, login_counts,
                        keep_login_counts, forget_login_counts);
}

}  // namespace temps::identity::queries
