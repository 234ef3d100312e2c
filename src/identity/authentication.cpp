#include "identity/authentication.hpp"

#include <utility>

#include "core/text.hpp"

namespace temps::identity {
namespace {

// Each is a query.
constexpr std::size_t cookies_max = 8;

http::Principal principal(const Bearer& bearer, std::string_view kind) {
  return {.user = bearer.user.id.value,
          .email = bearer.user.email,
          .role = bearer.user.role,
          .kind = std::string(kind),
          .credential = bearer.credential,
          .credential_name = bearer.credential_name};
}

// What people without a second factor may reach where one is required.
bool serves_enrolment(std::string_view path) {
  constexpr std::string_view factor = "/api/v1/me/second-factor";
  return path == "/api/v1/me" || path == factor || path.starts_with(std::string(factor) + "/") ||
         path == "/api/v1/sessions/current";
}

bool is_for_anyone(std::string_view path) {
  return path == "/api/v1/sessions" || path == "/api/v1/sessions/second-factor" ||
         path == "/api/v1/setup" || path == "/api/v1/password-resets/accept" ||
         path == "/api/v1/openapi.json";
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
  co_return user.value != 0 && factors_ != nullptr && !co_await factors_->is_on(user);
}

Task<http::Principal> Authentication::authenticate(const http::Request& request) {
  auto principal = co_await known(request);
  if (serves_enrolment(request.path) || !co_await lacks_factor(UserId{principal.user})) {
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
