#include <utility>

#include "access/permissions.hpp"
#include "access/routes.hpp"
#include "http/errors.hpp"
#include "identity/permissions.hpp"

namespace temps::access {
namespace {

using identity::ApiKey;
using identity::KeyId;
using identity::UserId;

struct KeyBody {
  std::string name;
  std::optional<Instant> expires_at;
  std::optional<std::vector<std::string>> scopes;  // read, deploy, write, admin, or permissions
  std::optional<std::string> project;
  std::optional<std::string> environment;  // of the project
};
struct KeyView {
  std::int64_t id;
  std::string name;
  Instant created_at;
  std::optional<Instant> expires_at;
  std::optional<Instant> last_used_at;
  std::optional<std::vector<std::string>> scopes;  // absent: all that the user may
  std::optional<std::string> project;              // "": it is gone
  std::optional<std::string> environment;
};
struct NewKeyView {
  KeyView key;
  Disclosed token;
};

KeyView view(const ApiKey& key) {
  return {.id = key.id.value,
          .name = key.name,
          .created_at = key.created_at,
          .expires_at = key.expires_at,
          .last_used_at = key.last_used_at,
          .scopes = key.scopes,
          .project = {},
          .environment = {}};
}

Task<UserId> own_id(http::Principal caller) {
  if (caller.user == 0) {
    co_await fail(http::errors::forbidden, "this login is nobody's account and has no API keys");
  }
  co_return UserId{caller.user};
}

Task<http::Page<KeyView>> keys_of(Api& api, UserId user, http::PageQuery query) {
  const KeyId after{co_await query.number(0)};
  auto keys = co_await api.identity.keys(user, after, query.wanted());
  const auto places = co_await api.keys.places(user);
  http::Page<KeyView> page;
  page.next = http::next_cursor(keys, query, [](const ApiKey& key) { return key.id.value; });
  for (const auto& key : keys) {
    page.items.push_back(view(key));
    const auto place = places.find(key.id.value);
    if (place == places.end()) continue;
    page.items.back().project = place->second.project;
    page.items.back().environment = place->second.environment;
  }
  co_return page;
}

Task<http::Created<NewKeyView>> make_key(Api& api, UserId user, const http::Request& request,
                                         KeyBody body) {
  const auto project = body.project;
  const auto environment = body.environment;
  auto issued = co_await api.keys.issue(user, request.principal,
                                        {.name = std::move(body.name),
                                         .expires_at = body.expires_at,
                                         .scopes = std::move(body.scopes),
                                         .project = std::move(body.project),
                                         .environment = std::move(body.environment)},
                                        request.permissions);
  auto shown = view(issued.key);
  shown.project = project;
  shown.environment = environment;
  co_return http::Created<NewKeyView>{{std::move(shown), Disclosed{issued.token.reveal()}}};
}

Task<http::Page<KeyView>> list_api_keys(Api& api, http::Caller caller,
                                        http::Query<http::PageQuery> query) {
  co_return co_await keys_of(api, co_await own_id(caller), query.value);
}

Task<http::Created<NewKeyView>> create_api_key(Api& api, const http::Request& request,
                                               http::Body<KeyBody> body) {
  const auto user = co_await own_id(request.principal);
  co_return co_await make_key(api, user, request, std::move(body.value));
}

Task<http::NoContent> revoke_api_key(Api& api, http::Path<KeyId> key, http::Caller caller) {
  co_await api.identity.revoke_key(co_await own_id(caller), key.value);
  co_return http::NoContent{};
}

Task<http::Page<KeyView>> list_service_keys(Api& api, http::Path<UserId> account,
                                            http::Query<http::PageQuery> query) {
  const auto service = co_await api.services.get(account.value);
  co_return co_await keys_of(api, service.id, query.value);
}

// Whoever makes a key for an account can act as it.
Task<http::Created<NewKeyView>> create_service_key(Api& api, const http::Request& request,
                                                   http::Path<UserId> account,
                                                   http::Body<KeyBody> body) {
  const auto service = co_await api.services.get(account.value);
  const auto granted = co_await api.grants.of(service.id);
  auto most = service.role;
  for (const auto& [name, role] : granted) most = std::max(most, role);
  if (request.principal.gives() < most) {
    co_await fail(errors::beyond_own, "{} has more rights than you may give", service.email);
  }
  co_return co_await make_key(api, service.id, request, std::move(body.value));
}

Task<http::NoContent> revoke_service_key(Api& api, http::Path<UserId> account,
                                         http::Path<KeyId> key) {
  const auto service = co_await api.services.get(account.value);
  co_await api.identity.revoke_key(service.id, key.value);
  co_return http::NoContent{};
}

}  // namespace

void add_key_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  const auto own = identity::permissions::own;
  routes.get<list_api_keys>("/api/v1/api-keys", own, "List the own API keys");
  routes.post<create_api_key>("/api/v1/api-keys", own, "Make an API key");
  routes.del<revoke_api_key>("/api/v1/api-keys/{key}", own, "Revoke an API key");
  const std::string all = "/api/v1/service-accounts/{account}/api-keys";
  const auto may = permissions::services;
  routes.get<list_service_keys>(all, may, "List the API keys of a service account");
  routes.post<create_service_key>(all, may, "Make an API key for a service account");
  routes.del<revoke_service_key>(all + "/{key}", may, "Revoke an API key of a service account");
}

}  // namespace temps::access
