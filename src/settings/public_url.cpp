#include "settings/public_url.hpp"

#include "core/text.hpp"
#include "http1/http1.hpp"

namespace temps::settings {

std::optional<PublicUrl> parse_public_url(std::string_view text) {
  const auto [scheme, authority] = cut(text, "://");
  PublicUrl url{.scheme = lowered(scheme), .host = {}};
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  std::string_view host;
  std::string_view port;
  if (!http1::split_authority(authority, host, port) || host.empty()) return std::nullopt;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  url.host = lowered(host);
  url.port = url.scheme == "https" ? 443 : 80;
  if (port.empty()) return url;
  const auto number = parse_number<std::uint16_t>(port);
  if (!number || *number == 0) return std::nullopt;
  url.port = *number;
  return url;
}

}  // namespace temps::settings
