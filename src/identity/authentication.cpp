#include "identity/authentication.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.hpp"

namespace temps::identity {
namespace {

// Each is a query.
constexpr std::size_t cookies_max = 8;

http::Principal principal(const Bearer& bearer, std::string_view kind) {
  http::Principal who{.user = bearer.user.id.value,
                      .email = bearer.user.email,
                      .role = bearer.user.role,
                      .kind = std::string(kind),
                      .credential = bearer.credential};
  if (!bearer.key) return who;
  who.credential_name = bearer.key->name;
  who.access.scopes = bearer.key->scopes;
  // No project has this name: whoever knows their names puts them in.
  if (bearer.key->project) who.access.project = "";
  if (bearer.key->environment) who.access.environment = "";
  return who;
}

// What people without a second factor may reach where one is required.
bool serves_enrolment(std::string_view path) {
  constexpr std::string_view factor = "/api/v1/me/second-factor";
  return path == "/api/v1/me" || path == factor || path.starts_with(std::string(factor) + "/") ||
         path == "/api/v1/sessions/current";
}

// The open routes: whoever comes with a login that is good for little is as good as anyone there.
bool is_for_anyone(std::string_view path) {
  constexpr std::array paths{"/api/v1/sessions",
                             "/api/v1/sessions/second-factor",
                             "/api/v1/setup",
                             "/api/v1/password-resets/accept",
                             "/api/v1/invitations/by-token",
                             "/api/v1/invitations/accept",
                             "/api/v1/login-options",
                             "/api/v1/provider-logins",
                             "/api/v1/provider-logins/complete",
                             "/api/v1/device-authorizations",
                             "/api/v1/device-tokens",
                             "/api/v1/openapi.json"};
  return std::ranges::find(paths, path) != paths.end();
}

}  // namespace

std::string_view session_cookie(const http::Request& request) {
  return request.scheme == "https" ? "__Host-temps_session" : "temps_session";
}

std::optional<std::string> key_in(std::string_view authorization) {
  const auto [scheme, rest] = cut(authorization, " ");
  const auto text = trimmed(rest);
  if (equal_ignoring_case(scheme, "bearer")) return std::string(text);
  if (!equal_ignoring_case(scheme, "basic")) return std::nullopt;
  const auto pair = from_base64(text);
  if (!pair) return std::nullopt;
  const auto [user, password] = cut(*pair, ":");
  // Some programs put a token into the place of the name.
  return std::string(password.empty() ? user : password);
}

Task<bool> Authentication::lacks_factor(UserId user) {
  co_return user.value != 0 && factors_ != nullptr&& co_await factors_->are_missing(user);
}

Task<http::Principal> Authentication::authenticate(const http::Request& request) {
  auto principal = co_await known(request);
  if (serves_enrolment(request.path) || !co_await lacks_factor(UserId{principal.user})) {
    co_return principal;
  }
  // Enrolling asks for a password: who has none may set a first one.
  if (request.path == "/api/v1/me/password" &&
      !co_await identity_.has_password(UserId{principal.user})) {
    co_return principal;
  }
  // The pages, and what needs no login, do not know them.
  const bool is_api = request.path.starts_with("/api/") || request.path.starts_with("/git/");
  if (is_api && !is_for_anyone(request.path)) {
    co_await fail(errors::factor_required,
                  "a second factor is required here; set one up first: temps second-factor enable");
  }
  co_return http::Principal{};
}

Task<http::Principal> Authentication::known(const http::Request& request) {
  if (const auto field = request.headers.find("authorization")) {
    const auto key = key_in(*field);
    const auto bearer = co_await identity_.find_key(key.value_or(std::string{}));
    if (!bearer) {
      co_await fail(errors::bad_key,
                    "the API key is not valid (any more); `temps login` makes a new one");
    }
    co_return principal(*bearer, "key");
  }
  std::size_t tried = 0;
  for (auto& token : request.cookies(session_cookie(request))) {
    if (++tried > cookies_max) break;
    const auto bearer = co_await identity_.find_session(std::move(token));
    if (bearer) co_return principal(*bearer, "session");
  }
  co_return http::Principal{};
}

}  // namespace temps::identity
