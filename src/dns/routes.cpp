#include "dns/routes.hpp"

#include "dns/permissions.hpp"

namespace temps::dns {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct ProviderView {
  std::string zone;
  Kind kind;
  std::string server;
  std::string key_name;
  Instant created_at;
};
struct ProvidersView {
  std::vector<ProviderView> items;
};
struct ProviderBody {
  std::string zone;
  Kind kind;
  std::optional<std::string> server;
  std::optional<std::string> key_name;
  Secret key;  // base64 for TSIG; a token of the API
};

ProviderView view(Provider provider) {
  return {.zone = std::move(provider.zone),
          .kind = provider.kind,
          .server = std::move(provider.server),
          .key_name = std::move(provider.key_name),
          .created_at = provider.created_at};
}

Task<http::Ok<ProvidersView>> list_providers(Dns& dns) {
  ProvidersView shown;
  for (auto& provider : co_await dns.list()) shown.items.push_back(view(std::move(provider)));
  co_return http::Ok<ProvidersView>{std::move(shown)};
}

Task<http::Created<ProviderView>> add_provider(Dns& dns, http::Body<ProviderBody> body) {
  auto added = co_await dns.add({.zone = std::move(body.value.zone),
                                 .kind = body.value.kind,
                                 .server = body.value.server.value_or(""),
                                 .key_name = body.value.key_name.value_or(""),
                                 .key = std::move(body.value.key)});
  co_return http::Created<ProviderView>{view(std::move(added))};
}

Task<http::NoContent> remove_provider(Dns& dns, http::Path<std::string> zone) {
  co_await dns.remove(zone.value);
  co_return http::NoContent{};
}

}  // namespace

void add_routes(http::Router& router, Dns& dns) {
  auto routes = router.bind(dns);
  namespace may = permissions;
  routes.get<list_providers>("/api/v1/dns-providers", may::read, "List DNS providers");
  routes.post<add_provider>("/api/v1/dns-providers", may::write, "Add a DNS provider");
  routes.del<remove_provider>("/api/v1/dns-providers/{zone}", may::write, "Remove a DNS provider");
}

}  // namespace temps::dns
