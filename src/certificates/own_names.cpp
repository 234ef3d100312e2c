#include "certificates/own_names.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "net/dns.hpp"

namespace temps::certificates {

bool can_have_certificate(std::string_view host) {
  return host.find('.') != std::string_view::npos && !host.ends_with(".localhost") &&
         !net::canonical_address(host);
}

std::string wildcard_of(std::string_view base) { return fmt::format("*.{}", base); }

std::vector<std::string> hosts_below(std::string_view base,
                                     const std::vector<routing::Route>& routes) {
  std::vector<std::string> hosts;
  for (const auto& route : routes) {
    const auto [label, rest] = cut(route.host, ".");
    if (rest == base && !label.empty() && label != "*") hosts.push_back(route.host);
  }
  std::ranges::sort(hosts);
  return hosts;
}

std::vector<std::string> names_of_order(const std::string& name, const OwnOptions& own) {
  std::vector<std::string> names{name};
  if (name == wildcard_of(own.base) && own.base != own.console) names.push_back(own.base);
  return names;
}

std::int64_t starts_left(std::int64_t in_hour, std::int64_t in_week) {
  return std::max<std::int64_t>(0, std::min(starts_per_hour - in_hour, starts_per_week - in_week));
}

}  // namespace temps::certificates
