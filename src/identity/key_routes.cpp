#include <utility>

#include "identity/login_views.hpp"
#include "identity/permissions.hpp"
#include "identity/routes.hpp"

namespace temps::identity {
namespace {

struct KeyBody {
  std::string name;
  std::optional<Instant> expires_at;
};
struct KeyView {
  std::int64_t id;
  std::string name;
  Instant created_at;
  std::optional<Instant> expires_at;
  std::optional<Instant> last_used_at;
};
struct NewKeyView {
  KeyView key;
  std::string token;
};

KeyView view(const ApiKey& key) {
  return {key.id.value, key.name, key.created_at, key.expires_at, key.last_used_at};
}

Task<http::Page<KeyView>> list_api_keys(Identity& identity, http::Caller caller,
                                        http::Query<http::PageQuery> query) {
  const KeyId after{co_await query.value.number(0)};
  auto keys = co_await identity.keys(id_of(caller), after, query.value.wanted());
  http::Page<KeyView> page;
  page.next = http::next_cursor(keys, query.value, [](const ApiKey& key) { return key.id.value; });
  for (const auto& key : keys) page.items.push_back(view(key));
  co_return page;
}

Task<http::Created<NewKeyView>> create_api_key(Identity& identity, http::Caller caller,
                                               http::Body<KeyBody> body) {
  auto issued = co_await identity.issue_key(
      id_of(caller), {.name = std::move(body.value.name), .expires_at = body.value.expires_at});
  co_return http::Created<NewKeyView>{{view(issued.key), issued.token.reveal()}};
}

Task<http::NoContent> revoke_api_key(Identity& identity, http::Path<KeyId> key,
                                     http::Caller caller) {
  co_await identity.revoke_key(id_of(caller), key.value);
  co_return http::NoContent{};
}

}  // namespace

void add_key_routes(http::Router& router, Identity& identity) {
  auto api = router.bind(identity);
  api.get<list_api_keys>("/api/v1/api-keys", permissions::own, "List the own API keys");
  api.post<create_api_key>("/api/v1/api-keys", permissions::own, "Make an API key");
  api.del<revoke_api_key>("/api/v1/api-keys/{key}", permissions::own, "Revoke an API key");
}

}  // namespace temps::identity
