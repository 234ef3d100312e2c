#include <utility>

#include "http/errors.hpp"
#include "identity/login_views.hpp"
#include "identity/permissions.hpp"
#include "oidc/routes.hpp"

namespace temps::oidc {
namespace {

struct LinkView {
  std::int64_t id;
  std::string provider;
  std::string label;
  std::string email;
  Instant created_at;
  std::optional<Instant> last_used_at;
};
struct LinkBody {
  std::string provider;
  Secret password;
  std::optional<Secret> code;  // where a second factor is on
};
struct StartedView {
  std::string url;  // where the browser has to go
};

Task<http::Page<LinkView>> list_own_links(Api& api, http::Caller caller) {
  http::Page<LinkView> page;
  for (auto& link : co_await api.people.links_of(identity::id_of(caller))) {
    page.items.push_back({link.id.value, std::move(link.provider), std::move(link.label),
                          std::move(link.email), link.created_at, link.last_used_at});
  }
  co_return page;
}

// A link is one more way in: nobody adds one at a screen that was left open.
Task<http::Created<StartedView>> begin_own_link(Api& api, const http::Request& request,
                                                http::Caller caller, http::Body<LinkBody> body) {
  if (caller.kind != "session") {
    co_await fail(http::errors::forbidden, "a login is linked in the browser: Account, Security");
  }
  auto& wish = body.value;
  co_await api.logins.check_again({.email = caller.email,
                                   .password = std::move(wish.password),
                                   .address = request.client_address},
                                  std::move(wish.code));
  auto redirect_uri = redirect_uri_of(request, wish.provider);
  auto started = co_await api.provider_logins.begin({.provider = std::move(wish.provider),
                                                     .redirect_uri = std::move(redirect_uri),
                                                     .return_path = "/account/security",
                                                     .linking = identity::id_of(caller),
                                                     .address = request.client_address});
  co_return http::Created<StartedView>{{std::move(started.url)},
                                       set_login_cookie(request, started.browser.reveal())};
}

Task<http::NoContent> remove_own_link(Api& api, http::Path<LinkId> link, http::Caller caller) {
  co_await api.people.unlink(identity::id_of(caller), link.value);
  co_return http::NoContent{};
}

}  // namespace

void add_link_routes(http::Router& router, Api& api) {
  const auto own = identity::permissions::own;
  const std::string links = "/api/v1/me/login-links";
  auto routes = router.bind(api);
  routes.get<list_own_links>(links, own, "List the logins that are linked with the own account");
  routes.post<begin_own_link>(links, own, "Begin to link a login with the own account");
  routes.del<remove_own_link>(links + "/{link}", own, "Unlink a login from the own account");
}

}  // namespace temps::oidc
