#include "proxy/stickiness.hpp"

#include "core/text.hpp"
#include "crypto/crypto.hpp"

namespace temps::proxy {

std::string sticky_token(std::string_view key, std::string_view upstream_id) {
  constexpr std::size_t bytes = 12;
  return to_hex(crypto::hmac_sha256(key, upstream_id).substr(0, bytes));
}

// HTTP/2 clients may send a field for each cookie.
std::string_view sticky_cookie(const http1::Fields& fields) {
  for (const auto& field : fields) {
    if (!equal_ignoring_case(field.name, "cookie")) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const auto end = rest.find(';');
      const auto [name, value] = cut(rest.substr(0, end), "=");
      if (trimmed(name) == sticky_cookie_name) return trimmed(value);
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
  }
  return {};
}

std::string set_sticky_cookie(std::string_view token, CookieScope scope) {
  std::string cookie(sticky_cookie_name);
  cookie += '=';
  cookie += token;
  cookie += "; Path=/; HttpOnly; SameSite=Lax";
  if (scope == CookieScope::https) cookie += "; Secure";
  return cookie;
}

}  // namespace temps::proxy
