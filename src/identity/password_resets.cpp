#include "identity/password_resets.hpp"

#include <utility>

#include "core/random.hpp"
#include "crypto/crypto.hpp"
#include "identity/rules.hpp"
#include "identity/sign_in_queries.hpp"

namespace temps::identity {
namespace {

constexpr std::size_t token_bytes = 32;

std::unexpected<Error> bad_token() {
  return fail(errors::bad_reset_token,
              "this link is not valid any more; ask for a new one: temps admin reset-password");
}

}  // namespace

Task<UserId> PasswordResets::user_of(std::string email) {
  const auto user = co_await database_.maybe(queries::find_user_by_email, normal_email(email));
  if (!user) co_await fail(errors::no_such_user, "there is no user {}", normal_email(email));
  co_return *user;
}

Task<Secret> PasswordResets::issue(std::string email) {
  const auto user = co_await user_of(std::move(email));
  Secret token(random_token(token_bytes));
  co_await database_.run(queries::put_reset, user, sql::Bytes{crypto::sha256(token.reveal())},
                         clock_.now() + lifetime);
  co_return token;
}

Task<User> PasswordResets::accept(Secret token, Secret password) {
  const sql::Bytes hash{crypto::sha256(token.reveal())};
  const auto found = co_await database_.maybe(queries::find_reset, hash, clock_.now());
  if (!found) co_await bad_token();
  // Before the link is used up: a password that is too weak does not cost it.
  co_await identity_.check_new_password(*found, password);
  if (co_await database_.run(queries::delete_reset, hash) == 0) co_await bad_token();
  co_return co_await identity_.change_user(*found, {.password = std::move(password)});
}

}  // namespace temps::identity
