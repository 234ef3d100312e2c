// Visitors that stay with the upstream that has answered them first, by a cookie.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "http1/http1.hpp"

namespace temps::proxy {

inline constexpr std::string_view sticky_cookie_name = "_temps_upstream";

// What the cookie says in place of the upstream's id, which nobody can work back to.
std::string sticky_token(std::string_view key, std::string_view upstream_id);

// The cookie's value; empty where the request has none.
std::string_view sticky_cookie(const http1::Fields& fields);

enum class CookieScope : std::uint8_t { any, https };
// For Set-Cookie.
std::string set_sticky_cookie(std::string_view token, CookieScope scope);

}  // namespace temps::proxy
