#include "access/tokens.hpp"

#include <chrono>
#include <utility>

#include "access/name.hpp"
#include "access/queries.hpp"
#include "core/random.hpp"
#include "crypto/crypto.hpp"

namespace temps::access {
namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t token_characters_max = 128;
constexpr std::int64_t tokens_max = 100;  // of a project; all are shown in one list
// How exact the time of last use is; each step is a write.
constexpr std::chrono::minutes step{1};
constexpr std::chrono::hours expired_kept{24 * 30};

sql::Bytes hash_of(std::string_view token) { return {crypto::sha256(token)}; }

}  // namespace

Task<IssuedToken> Tokens::issue(projects::ProjectId project, NewToken token) {
  co_await check_name(token.name);
  const auto now = clock_.now();
  if (token.expires_at && *token.expires_at <= now) {
    co_await fail(Error(errors::bad_expiry, "the token would have expired already",
                        {{"/expires_at", "must be in the future"}}));
  }
  co_await database_.run(queries::clear_tokens, now - expired_kept);
  Secret secret(std::string(token_prefix) + random_token(token_bytes));
  const auto id = co_await database_.maybe(queries::insert_token, project, token.environment,
                                           token.name, hash_of(secret.reveal()), token.maker, now,
                                           token.expires_at, tokens_max);
  if (!id) {
    co_await fail(errors::too_many, "the project has {} tokens; revoke one that is not needed",
                  tokens_max);
  }
  DeploymentToken made{*id, std::move(token.name), {}, std::move(token.maker),
                       now, token.expires_at,      {}};
  co_return IssuedToken{std::move(made), std::move(secret)};
}

Task<std::vector<DeploymentToken>> Tokens::list(projects::ProjectId project) {
  co_return co_await database_.all(queries::list_tokens, project);
}

Task<> Tokens::revoke(projects::ProjectId project, TokenId token) {
  if (co_await database_.run(queries::remove_token, project, token) > 0) co_return;
  co_await fail(errors::no_such_token, "the project has no deployment token {}", token.value);
}

Task<http::Principal> Tokens::principal(std::string token) {
  const auto now = clock_.now();
  std::optional<queries::TokenRow> row;
  if (token.size() <= token_characters_max) {
    row = co_await database_.maybe(queries::find_token, hash_of(token), now);
  }
  if (!row) {
    co_await fail(errors::bad_token, "the deployment token is not valid (any more)");
  }
  if (!row->last_used_at || now - *row->last_used_at >= step) {
    co_await database_.run(queries::touch_token, row->id, now);
  }
  http::Principal who{.user = 0,
                      .email = "deployment token " + row->name,
                      .role = Role::guest,
                      .kind = "token",
                      .credential = row->id.value,
                      .credential_name = row->name};
  who.access.projects.emplace(row->project, Role::developer);
  who.access.scopes = {std::string(scopes::deploy)};
  who.access.project = row->project;
  who.access.environment = row->environment;
  co_return who;
}

}  // namespace temps::access
