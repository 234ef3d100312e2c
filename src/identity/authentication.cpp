#include "identity/authentication.hpp"

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
  who.access.scopes = bearer.key->scopes;
  // No project has this name: whoever knows their names puts them in.
  if (bearer.key->project) who.access.project = "";
  if (bearer.key->environment) who.access.environment = "";
  return who;
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

Task<http::Principal> Authentication::authenticate(const http::Request& request) {
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
