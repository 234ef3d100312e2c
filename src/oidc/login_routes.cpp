#include <utility>

#include "identity/login_views.hpp"
#include "oidc/routes.hpp"

namespace temps::oidc {
namespace {

using identity::Logins;
using identity::UserId;

struct OptionView {
  std::string name;
  std::string label;
};
struct OptionsView {
  std::vector<OptionView> providers;
};
struct BeginBody {
  std::string provider;
  std::optional<std::string> return_path;  // of the console
};
struct StartedView {
  std::string url;  // where the browser has to go
};
struct CompleteBody {
  std::string provider;
  Secret state;
  std::optional<Secret> code;
  std::optional<std::string> error;
  std::optional<std::string> iss;
};
// Either a user who is logged in, or a second factor that is awaited, or a link that was made.
struct ArrivalView {
  std::optional<identity::UserView> user{};
  std::optional<identity::PendingView> second_factor{};
  bool linked = false;
  std::string return_path;
};

Task<http::Ok<OptionsView>> list_login_options(Api& api) {
  OptionsView shown;
  for (auto& one : co_await api.providers.list()) {
    shown.providers.push_back({std::move(one.name), std::move(one.label)});
  }
  co_return http::Ok<OptionsView>{std::move(shown)};
}

Task<http::Created<StartedView>> begin_provider_login(Api& api, const http::Request& request,
                                                      http::Body<BeginBody> body) {
  auto& wish = body.value;
  auto redirect_uri = redirect_uri_of(request, wish.provider);
  auto started =
      co_await api.provider_logins.begin({.provider = std::move(wish.provider),
                                          .redirect_uri = std::move(redirect_uri),
                                          .return_path = std::move(wish.return_path).value_or("/"),
                                          .address = request.client_address});
  co_return http::Created<StartedView>{{std::move(started.url)},
                                       set_login_cookie(request, started.browser.reveal())};
}

// The session that has begun to link has to be the one that ends it: else a login could be slipped
// to somebody else's account.
Task<> finish_link(Api& api, const http::Request& request, Arrival arrival) {
  if (request.principal.kind != "session" || request.principal.user != arrival.linking->value) {
    co_await fail(errors::other_user,
                  "whoever has begun to link this login is not logged in here any more; log in and "
                  "begin again under Account, Security");
  }
  co_await api.people.link(*arrival.linking, std::move(arrival.provider),
                           std::move(arrival.person));
}

Task<http::WithStatus<ArrivalView>> finish_login(Api& api, http::Request& request,
                                                 Arrival arrival) {
  const auto factor =
      arrival.provider.trusted_second_factor ? Logins::Factor::trusted : Logins::Factor::asked;
  auto user = co_await api.people.recognise(std::move(arrival.provider), std::move(arrival.person));
  identity::name_caller(request, user);
  auto step = co_await api.logins.vouched(std::move(user), factor);
  if (auto* pending = std::get_if<identity::PendingToken>(&step)) {
    identity::PendingView awaited{{pending->token.reveal()}, pending->expires_at};
    co_return http::WithStatus<ArrivalView>{
        202,
        {.second_factor = std::move(awaited), .return_path = std::move(arrival.return_path)},
        set_login_cookie(request, "")};
  }
  auto begun = co_await identity::begin_session(api.logins.identity(), request,
                                                std::move(std::get<identity::User>(step)));
  const auto spent = set_login_cookie(request, "");
  for (const auto& [name, value] : spent.all()) begun.headers.add(name, value);
  co_return http::WithStatus<ArrivalView>{
      201,
      {.user = std::move(begun.value.user), .return_path = std::move(arrival.return_path)},
      std::move(begun.headers)};
}

// 201, or 202 where a code is awaited.
Task<http::WithStatus<ArrivalView>> complete_provider_login(Api& api, http::Request& request,
                                                            http::Body<CompleteBody> body) {
  auto& given = body.value;
  auto arrival = co_await api.provider_logins.complete({.provider = std::move(given.provider),
                                                        .state = std::move(given.state),
                                                        .code = std::move(given.code),
                                                        .error = std::move(given.error),
                                                        .issuer = std::move(given.iss)},
                                                       request.cookies(login_cookie(request)));
  if (!arrival.linking) co_return co_await finish_login(api, request, std::move(arrival));
  auto return_path = arrival.return_path;
  co_await finish_link(api, request, std::move(arrival));
  co_return http::WithStatus<ArrivalView>{
      201, {.linked = true, .return_path = std::move(return_path)}, set_login_cookie(request, "")};
}

}  // namespace

std::string_view login_cookie(const http::Request& request) {
  return request.scheme == "https" ? "__Host-temps_login" : "temps_login";
}

http::Headers set_login_cookie(const http::Request& request, std::string_view value) {
  const auto lifetime = value.empty() ? std::chrono::seconds(0) : Flows::lifetime;
  http::Headers headers;
  // Strict: what needs it is asked by a page of ours, not by the provider's redirect.
  headers.add("Set-Cookie", fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}",
                                        login_cookie(request), value, lifetime.count(),
                                        request.scheme == "https" ? "; Secure" : ""));
  return headers;
}

void add_login_routes(http::Router& router, Api& api) {
  using temps::permissions::open;
  auto routes = router.bind(api);
  routes.get<list_login_options>("/api/v1/login-options", open, "Where else can people log in?");
  routes
      .post<begin_provider_login>("/api/v1/provider-logins", open,
                                  "Begin a login by a provider; sets a cookie for its end")
      .changes = [](const http::Request&) { return false; };
  routes
      .post<complete_provider_login>("/api/v1/provider-logins/complete", open,
                                     "Complete what was begun at a provider")
      .success = 201;
}

}  // namespace temps::oidc
