#include "identity/pending_logins.hpp"

#include <utility>

#include "core/random.hpp"
#include "crypto/crypto.hpp"
#include "identity/sign_in_queries.hpp"

namespace temps::identity {
namespace {

constexpr std::string_view token_prefix = "pl_";
constexpr std::size_t token_bytes = 32;

}  // namespace

Task<PendingToken> PendingLogins::open(UserId user, std::optional<std::string> key_name) {
  const auto now = clock_.now();
  co_await database_.run(queries::delete_expired_pending, now);
  Secret token(std::string(token_prefix) + random_token(token_bytes));
  co_await database_.run(queries::insert_pending, user, sql::Bytes{crypto::sha256(token.reveal())},
                         now + lifetime, std::move(key_name));
  co_return PendingToken{std::move(token), now + lifetime};
}

Task<PendingLogin> PendingLogins::attempt(Secret token) {
  auto found = co_await database_.maybe(queries::take_pending_attempt,
                                        sql::Bytes{crypto::sha256(token.reveal())}, clock_.now(),
                                        attempts_max);
  if (!found) {
    co_await fail(errors::login_over,
                  "this login has taken too long, or too many codes were wrong; begin again with "
                  "the password");
  }
  co_return std::move(*found);
}

Task<bool> PendingLogins::complete(PendingLogin login) {
  co_return co_await database_.run(queries::delete_pending, login.id) > 0;
}

}  // namespace temps::identity
