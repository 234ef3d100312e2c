#include "app/secret_names.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "deploys/provided.hpp"

namespace temps::app {

namespace {

// "postgres://user:password@host"
bool has_password(std::string_view address) {
  const auto start = address.find("://");
  if (start == std::string_view::npos) return false;
  const auto authority = address.substr(start + 3, address.find('/', start + 3) - start - 3);
  const auto at = authority.rfind('@');
  return at != std::string_view::npos && authority.substr(0, at).contains(':');
}

}  // namespace

bool looks_secret(std::string_view name, std::string_view value) {
  if (deploys::is_public_name(name)) return false;
  static constexpr std::array<std::string_view, 8> parts{"secret",     "password",   "passwd",
                                                         "passphrase", "token",      "credential",
                                                         "private",    "webhook_url"};
  const auto word = lowered(name);
  const bool is_named =
      std::ranges::any_of(parts, [&word](std::string_view part) { return word.contains(part); });
  // API_KEY and KEY, not KEYBOARD.
  return is_named || word == "key" || word.ends_with("_key") || word.ends_with("apikey") ||
         word.ends_with("_dsn") || has_password(value);
}

}  // namespace temps::app
