#include "devices/routes.hpp"

#include "core/log.hpp"
#include "http/errors.hpp"
#include "http/server.hpp"
#include "identity/permissions.hpp"

namespace temps::devices {
namespace {

using identity::UserId;

constexpr std::string_view collecting = "Ask whether the login was confirmed; yields an API key";

struct DeviceBody {
  std::string name;  // "temps on laptop"
};
// The names of RFC 8628.
struct AuthorizationView {
  Disclosed device_code;
  std::string user_code;
  std::string verification_uri;
  std::string verification_uri_complete;
  std::int64_t expires_in;
  std::int64_t interval;
};
struct TokenBody {
  Secret device_code;
};
struct TokenView {
  std::string email;
  Disclosed token;
};
struct WaitingView {
  std::string code;
  std::string name;
  std::string address;
  Instant begun_at;
  Instant expires_at;
};

// Where the program reached us is where the person's browser does, too.
std::string console_page(const http::Request& request) {
  return fmt::format("{}://{}/device", request.scheme, request.authority);
}

Task<http::Created<AuthorizationView>> begin_device_login(Api& api, const http::Request& request,
                                                          http::Body<DeviceBody> body) {
  auto begun = co_await api.devices.begin(std::move(body.value.name), request.client_address);
  const auto page = console_page(request);
  co_return http::Created<AuthorizationView>{
      {.device_code = {begun.device_code.reveal()},
       .user_code = begun.user_code,
       .verification_uri = page,
       .verification_uri_complete = page + "?code=" + begun.user_code,
       .expires_in = std::chrono::seconds(Devices::lifetime).count(),
       .interval = Devices::interval.count()}};
}

audit::Action action_of(const http::Request& request, const identity::User& user,
                        const std::string& name) {
  return {.actor = {.user = user.id.value, .email = user.email},
          .operation = "collect_device_token",
          .summary = std::string(collecting),
          .method = request.method,
          .path = request.path,
          .target = {{"name", name}},
          .client = request.client_address,
          .user_agent = std::string(request.headers.find("user-agent").value_or("")),
          .request_id = request.id};
}

// The key is made only now, so that none lies about that nobody collects. Programs ask every few
// seconds: what is recorded is the key, not the asking.
Task<http::Created<TokenView>> collect_device_token(Api& api, const http::Request& request,
                                                    http::Body<TokenBody> body) {
  const auto approved = co_await api.devices.collect(body.value.device_code.reveal());
  const auto user = co_await api.identity.user(approved.user);
  const auto mark = co_await api.audit.begin(action_of(request, user, approved.name));
  auto issued = co_await attempt(api.identity.issue_key(user.id, {.name = approved.name}));
  audit::Ending ending{.status = 201};
  if (!issued) {
    const auto& error = issued.error();
    ending = {.status = http::status_of(error.code().kind),
              .error = std::string(error.code().code)};
  }
  // The key is there by now: nothing may keep it from whoever waits for it.
  const auto kept = co_await attempt(api.audit.end(mark, std::move(ending)));
  if (!kept) log::error("the outcome of a change could not be recorded", {{"request", request.id}});
  auto made = co_await std::move(issued);
  co_return http::Created<TokenView>{{user.email, {made.token.reveal()}}};
}

Task<http::Ok<WaitingView>> show_device_login(Api& api, http::Path<std::string> code,
                                              http::Caller caller) {
  auto found = co_await api.devices.find(UserId{caller.user}, code.value);
  co_return http::Ok<WaitingView>{{.code = std::move(found.user_code),
                                   .name = std::move(found.name),
                                   .address = std::move(found.address),
                                   .begun_at = found.begun_at,
                                   .expires_at = found.expires_at}};
}

Task<http::NoContent> approve_device_login(Api& api, http::Path<std::string> code,
                                           http::Caller caller) {
  // The program may do all that its user may: no limited key hands that out.
  if (caller.access.is_limited()) {
    co_await fail(http::errors::forbidden,
                  "a limited API key logs no program in; open the address in the browser");
  }
  // Whoever may read the data folder is no user that a key could belong to.
  co_await api.identity.user(UserId{caller.user});
  co_await api.devices.approve(UserId{caller.user}, code.value);
  co_return http::NoContent{};
}

Task<http::NoContent> deny_device_login(Api& api, http::Path<std::string> code,
                                        http::Caller caller) {
  co_await api.devices.deny(UserId{caller.user}, code.value);
  co_return http::NoContent{};
}

}  // namespace

void add_routes(http::Router& router, Api& api) {
  using temps::permissions::open;
  const auto own = identity::permissions::own;
  auto routes = router.bind(api);
  routes.post<begin_device_login>("/api/v1/device-authorizations", open,
                                  "Begin to log in a program by a browser (RFC 8628)");
  routes.post<collect_device_token>("/api/v1/device-tokens", open, std::string(collecting))
      .changes = [](const http::Request&) { return false; };
  routes.get<show_device_login>("/api/v1/device-logins/{code}", own,
                                "Show who waits to be logged in");
  routes.post<approve_device_login>("/api/v1/device-logins/{code}/approve", own,
                                    "Log the program in as oneself");
  routes.post<deny_device_login>("/api/v1/device-logins/{code}/deny", own, "Refuse the login");
}

}  // namespace temps::devices
