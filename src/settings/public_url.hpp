// The address by which others reach this installation, in parts.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace temps::settings {

struct PublicUrl {
  std::string scheme;  // "http" or "https"; https is ended by a proxy in front of ours
  std::string host;    // lower case; an IPv6 address without its brackets
  std::uint16_t port = 80;
};
// "http://localhost:8080", "https://temps.example.org". Nothing for what is no such address, or has
// more than that: a path, a user.
std::optional<PublicUrl> parse_public_url(std::string_view text);

}  // namespace temps::settings
