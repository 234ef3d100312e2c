#include <utility>

#include "oidc/permissions.hpp"
#include "oidc/routes.hpp"

namespace temps::oidc {
namespace {

// The JSON shapes of this API. A field name is the wire name.
struct ProviderView {
  std::string name;
  std::string label;
  std::string issuer;
  std::string client_id;
  std::vector<std::string> email_domains;
  UnknownPeople unknown_people;
  bool links_by_email;
  bool trusted_second_factor;
  std::string redirect_uri;  // what has to be entered at the provider
  Instant created_at;
};
struct ProviderBody {
  std::string name;
  std::string label;
  std::string issuer;
  std::string client_id;
  Secret client_secret;
  std::optional<std::vector<std::string>> email_domains;
  std::optional<UnknownPeople> unknown_people;
  std::optional<bool> links_by_email;
  std::optional<bool> trusted_second_factor;
};
struct ChangeBody {
  std::optional<std::string> label;
  std::optional<Secret> client_secret;
  std::optional<std::vector<std::string>> email_domains;
  std::optional<UnknownPeople> unknown_people;
  std::optional<bool> links_by_email;
  std::optional<bool> trusted_second_factor;
};
struct CheckBody {
  std::string issuer;
};
struct CheckView {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string userinfo_endpoint;
};

ProviderView view(const http::Request& request, Provider provider) {
  auto redirect_uri = redirect_uri_of(request, provider.name);
  return {.name = std::move(provider.name),
          .label = std::move(provider.label),
          .issuer = std::move(provider.issuer),
          .client_id = std::move(provider.client_id),
          .email_domains = std::move(provider.email_domains),
          .unknown_people = provider.unknown_people,
          .links_by_email = provider.links_by_email,
          .trusted_second_factor = provider.trusted_second_factor,
          .redirect_uri = std::move(redirect_uri),
          .created_at = provider.created_at};
}

Task<http::Page<ProviderView>> list_login_providers(Api& api, const http::Request& request) {
  http::Page<ProviderView> page;
  for (auto& one : co_await api.providers.list()) {
    page.items.push_back(view(request, std::move(one)));
  }
  co_return page;
}

Task<http::Created<ProviderView>> add_login_provider(Api& api, const http::Request& request,
                                                     http::Body<ProviderBody> body) {
  auto& wish = body.value;
  auto added = co_await api.providers.add(
      {.name = std::move(wish.name),
       .label = std::move(wish.label),
       .issuer = std::move(wish.issuer),
       .client_id = std::move(wish.client_id),
       .client_secret = std::move(wish.client_secret),
       .email_domains = std::move(wish.email_domains).value_or(std::vector<std::string>{}),
       .unknown_people = wish.unknown_people.value_or(UnknownPeople::refused),
       .links_by_email = wish.links_by_email.value_or(false),
       .trusted_second_factor = wish.trusted_second_factor.value_or(false)});
  co_return http::Created<ProviderView>{view(request, std::move(added))};
}

Task<http::Ok<ProviderView>> change_login_provider(Api& api, const http::Request& request,
                                                   http::Path<std::string> provider,
                                                   http::Body<ChangeBody> body) {
  auto& wish = body.value;
  auto changed = co_await api.providers.change(
      std::move(provider.value), {.label = std::move(wish.label),
                                  .client_secret = std::move(wish.client_secret),
                                  .email_domains = std::move(wish.email_domains),
                                  .unknown_people = wish.unknown_people,
                                  .links_by_email = wish.links_by_email,
                                  .trusted_second_factor = wish.trusted_second_factor});
  co_return http::Ok<ProviderView>{view(request, std::move(changed))};
}

Task<http::NoContent> remove_login_provider(Api& api, http::Path<std::string> provider) {
  co_await api.providers.remove(std::move(provider.value));
  co_return http::NoContent{};
}

Task<http::Ok<CheckView>> check_login_provider(Api& api, http::Body<CheckBody> body) {
  auto found = co_await api.issuers.discover(std::move(body.value.issuer));
  co_return http::Ok<CheckView>{{.issuer = std::move(found.issuer),
                                 .authorization_endpoint = std::move(found.authorization_endpoint),
                                 .token_endpoint = std::move(found.token_endpoint),
                                 .userinfo_endpoint = std::move(found.userinfo_endpoint)}};
}

}  // namespace

std::string redirect_uri_of(const http::Request& request, std::string_view provider) {
  // Where the browser reached us is where it has to come back to. One for each provider, so that
  // none can pass for another.
  return fmt::format("{}://{}/login/callback/{}", request.scheme, request.authority, provider);
}

void add_provider_routes(http::Router& router, Api& api) {
  const auto may = permissions::providers;
  const std::string all = "/api/v1/login-providers";
  auto routes = router.bind(api);
  routes.get<list_login_providers>(all, may, "List the login providers");
  routes.post<add_login_provider>(all, may, "Add a login provider; its issuer is asked at once");
  routes
      .post<check_login_provider>("/api/v1/login-provider-checks", may,
                                  "Can people log in by this issuer?")
      .changes = [](const http::Request&) { return false; };
  routes.patch<change_login_provider>(all + "/{provider}", may, "Change a login provider");
  routes.del<remove_login_provider>(all + "/{provider}", may,
                                    "Remove a login provider and what is linked with it");
}

void add_routes(http::Router& router, Api& api) {
  add_provider_routes(router, api);
  add_login_routes(router, api);
  add_link_routes(router, api);
}

}  // namespace temps::oidc
