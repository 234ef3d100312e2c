// Sessions and API keys: random tokens that are kept as hashes.
#include <chrono>
#include <utility>

#include "core/random.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "identity/identity.hpp"
#include "identity/queries.hpp"
#include "identity/rules.hpp"

namespace temps::identity {
namespace {

constexpr std::string_view key_prefix = "tk_";
constexpr std::size_t token_bytes = 32;
constexpr std::size_t token_characters_max = 128;
constexpr std::int64_t keys_max = 100;
// How exact the times of last use are; each step is a write.
constexpr std::chrono::minutes step{1};
constexpr std::size_t user_agent_bytes_max = 512;

// Listed as expired for so long.
constexpr std::chrono::hours expired_keys_kept{24 * 30};

sql::Bytes hash_of(std::string_view token) { return {crypto::sha256(token)}; }

}  // namespace

Task<Session> Identity::open_session(User user, Device device) {
  const auto now = clock_.now();
  co_await database_.run(queries::delete_expired, now, now - session_lifetime_max);
  Secret token(random_token(token_bytes));
  const auto id = co_await database_.one(
      queries::insert_session, user.id, hash_of(token.reveal()), now, now + session_lifetime,
      device.address,
      sql::storable(std::string_view(device.user_agent).substr(0, user_agent_bytes_max)));
  co_return Session{id, std::move(user), std::move(token)};
}

Task<std::optional<Bearer>> Identity::find_session(std::string token) {
  if (token.empty() || token.size() > token_characters_max) co_return std::nullopt;
  const auto now = clock_.now();
  auto row = co_await database_.maybe(queries::find_session, hash_of(token), now,
                                      now - session_lifetime_max);
  if (!row) co_return std::nullopt;
  if (now - row->last_used_at >= step) {
    co_await database_.run(queries::touch_session, row->id, now, now + session_lifetime);
  }
  co_return Bearer{{row->user, std::move(row->email), row->role, row->created_at}, row->id.value};
}

Task<bool> Identity::is_fresh(SessionId id) {
  co_return co_await database_.one(queries::is_fresh, id, clock_.now() - session_fresh);
}

Task<> Identity::end_session(SessionId id) { co_await database_.run(queries::delete_session, id); }

Task<IssuedKey> Identity::issue_key(UserId user, NewApiKey key) {
  co_await check_key_name(key.name);
  const auto now = clock_.now();
  if (key.expires_at && *key.expires_at <= now) {
    co_await fail(Error(errors::bad_key_name, "the key would have expired already",
                        {{"/expires_at", "must be in the future"}}));
  }
  co_await database_.run(queries::delete_expired_keys, now - expired_keys_kept);
  Secret token(std::string(key_prefix) + random_token(token_bytes));
  const auto id =
      co_await database_.maybe(queries::insert_key, user, key.name, hash_of(token.reveal()), now,
                               key.expires_at, keys_max, key.scopes, key.project, key.environment);
  if (!id) {
    co_await fail(errors::too_many_keys, "you have {} API keys; revoke one that you do not need",
                  keys_max);
  }
  ApiKey made{*id,          std::move(key.name), now,         key.expires_at,
              std::nullopt, key.scopes,          key.project, key.environment};
  co_return IssuedKey{std::move(made), std::move(token)};
}

Task<std::optional<Bearer>> Identity::find_key(std::string token) {
  if (!token.starts_with(key_prefix) || token.size() > token_characters_max) co_return std::nullopt;
  const auto now = clock_.now();
  auto row = co_await database_.maybe(queries::find_key, hash_of(token), now);
  if (!row) co_return std::nullopt;
  if (!row->last_used_at || now - *row->last_used_at >= step) {
    co_await database_.run(queries::touch_key, row->id, now);
  }
  ApiKey key{row->id,           std::move(row->name),   row->made_at, row->expires_at,
             row->last_used_at, std::move(row->scopes), row->project, row->environment};
  co_return Bearer{{row->user, std::move(row->email), row->role, row->created_at},
                   row->id.value,
                   std::move(key)};
}

Task<std::vector<ApiKey>> Identity::keys(UserId user, KeyId after, std::int64_t limit) {
  co_return co_await database_.all(queries::list_keys, user, after, limit);
}

Task<> Identity::revoke_key(UserId user, KeyId key) {
  if (co_await database_.run(queries::delete_key, user, key) > 0) co_return;
  co_await fail(errors::no_such_key, "you have no API key {}", key.value);
}

}  // namespace temps::identity
