#include "core/login_mask.hpp"

#include <algorithm>
#include <string_view>

namespace temps {

namespace {
constexpr std::string_view mask = "****";
}  // namespace

std::string without_logins(std::string text) {
  for (auto at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const auto begin = at + 3;
    const auto end = std::min(text.find_first_of("/?# \t\r\n\"'", begin), text.size());
    const auto login = std::string_view(text).substr(begin, end - begin);
    const auto host = login.rfind('@');
    if (host == std::string_view::npos) continue;
    const std::string_view before = std::string_view(text).substr(0, at);
    const bool is_web = before.ends_with("http") || before.ends_with("https");
    const auto colon = login.substr(0, host).find(':');
    if (!is_web && colon == std::string_view::npos) continue;
    const auto hidden = is_web ? 0 : colon + 1;
    text.replace(begin + hidden, host - hidden, mask);
  }
  return text;
}

}  // namespace temps
