#include <utility>

#include "access/permissions.hpp"
#include "access/routes.hpp"

namespace temps::access {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct TokenView {
  std::int64_t id;
  std::string name;
  std::optional<std::string> environment;
  std::string maker;
  Instant created_at;
  std::optional<Instant> expires_at;
  std::optional<Instant> last_used_at;
};
struct TokenBody {
  std::string name;
  std::optional<std::string> environment;
  std::optional<Instant> expires_at;
};
struct NewTokenView {
  TokenView deployment_token;
  Disclosed token;
};

TokenView view(const DeploymentToken& token) {
  return {token.id.value,   token.name,       token.environment, token.maker,
          token.created_at, token.expires_at, token.last_used_at};
}

Task<http::Page<TokenView>> list_tokens(Api& api, http::Path<std::string> name) {
  const auto project = co_await api.projects.get(name.value);
  http::Page<TokenView> page;
  for (const auto& token : co_await api.tokens.list(project.id)) page.items.push_back(view(token));
  co_return page;
}

// A token holds no more than the credential that makes it.
Result<> check_maker(const http::Principal& caller, const TokenBody& wanted) {
  const auto& own = caller.access;
  if (own.scopes && !covers_set(*own.scopes, scopes::deploy)) {
    return fail(errors::beyond_own, "the key that you use has not the scope deploy");
  }
  if (!own.environment || own.environment == wanted.environment) return {};
  return fail(errors::beyond_own, "the key that you use is for the environment {} only",
              *own.environment);
}

Task<http::Created<NewTokenView>> create_token(Api& api, http::Caller caller,
                                               http::Path<std::string> name,
                                               http::Body<TokenBody> body) {
  const auto project = co_await api.projects.get(name.value);
  co_await check_maker(caller, body.value);
  co_await api.keys.check_expiry(caller, body.value.expires_at);
  NewToken wanted{.name = std::move(body.value.name),
                  .maker = caller.email,
                  .expires_at = body.value.expires_at};
  if (body.value.environment) {
    wanted.environment = co_await environment_of(api.projects, project, *body.value.environment);
  }
  auto issued = co_await api.tokens.issue(project.id, std::move(wanted));
  issued.token.environment = body.value.environment;
  co_return http::Created<NewTokenView>{{view(issued.token), Disclosed{issued.secret.reveal()}}};
}

Task<http::NoContent> revoke_token(Api& api, http::Path<std::string> name,
                                   http::Path<TokenId> token) {
  const auto project = co_await api.projects.get(name.value);
  co_await api.tokens.revoke(project.id, token.value);
  co_return http::NoContent{};
}

}  // namespace

void add_token_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  const std::string all = "/api/v1/projects/{project}/tokens";
  const auto may = permissions::tokens;
  routes.get<list_tokens>(all, may, "List a project's deployment tokens");
  routes.post<create_token>(all, may, "Make a deployment token");
  routes.del<revoke_token>(all + "/{token}", may, "Revoke a deployment token");
}

}  // namespace temps::access
