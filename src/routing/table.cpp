#include "routing/table.hpp"

#include <algorithm>
#include <cstddef>
#include <unordered_set>
#include <utility>

#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::routing {
namespace {

// 100,000 routes of 600 bytes each.
constexpr std::size_t table_bytes_max = 64UL << 20U;
constexpr std::size_t control_bytes_max = 1UL << 20U;

json::Limits limits(std::size_t size) {
  return {.size_bytes_max = size, .depth_max = 8, .missing = json::Missing::default_value};
}

// The message of a JSON error with the places that do not fit.
std::string described(const Error& error) {
  std::string text(error.detail());
  for (const auto& field : error.fields()) text += " (" + field.pointer + ": " + field.detail + ")";
  return text;
}

// What goes into a head must not be able to add lines to it.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

Result<> check(const StaticTree& tree, std::string_view host) {
  if (!tree.root.starts_with('/'))
    return fail(errors::bad_table, "{}: the folder \"{}\" is not an absolute path", host,
                tree.root);
  return {};
}

Result<> check_address(const Upstream& upstream, std::string_view where) {
  if (upstream.tree) {
    if (!upstream.address.empty() || !upstream.health_path.empty())
      return fail(errors::bad_table, "{}: the upstream {} is a static tree and has an address",
                  where, upstream.id);
    return check(*upstream.tree, where);
  }
  const auto colon = upstream.address.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == upstream.address.size())
    return fail(errors::bad_table, "{}: the address \"{}\" is neither address:port nor unix:/path",
                where, upstream.address);
  return {};
}

Result<> check(const Upstream& upstream, std::string_view where) {
  if (upstream.id.empty()) return fail(errors::bad_table, "{}: an upstream has no id", where);
  if (auto checked = check_address(upstream, where); !checked) return checked;
  if (upstream.weight < 0 || upstream.weight > weight_max)
    return fail(errors::bad_table, "{}: the weight {} is not between 0 and {}", where,
                upstream.weight, weight_max);
  if (!upstream.health_path.empty() &&
      (!upstream.health_path.starts_with('/') || !is_plain(upstream.health_path)))
    return fail(errors::bad_table, "{}: the health path \"{}\" is no path", where,
                upstream.health_path);
  return {};
}

Result<> check(const Redirect& redirect, std::string_view host) {
  const bool is_url = redirect.to.starts_with("https://") || redirect.to.starts_with("http://");
  if (!is_url || !is_plain(redirect.to))
    return fail(errors::bad_table, "{}: the redirect to \"{}\" is no http or https address", host,
                redirect.to);
  const auto status = redirect.status;
  if (status != 301 && status != 302 && status != 307 && status != 308)
    return fail(errors::bad_table, "{}: a redirect has status 301, 302, 307 or 308, not {}", host,
                status);
  return {};
}

bool is_absolute(std::string_view path) { return path.starts_with('/'); }

Result<> check(const Certificate& certificate) {
  if (certificate.id.empty() || certificate.names.empty())
    return fail(errors::bad_table, "a certificate has no id or no names");
  for (const auto& name : certificate.names)
    if (name.empty() || name != lowered(name))
      return fail(errors::bad_table, "certificate {}: the name \"{}\" is not in lower case",
                  certificate.id, name);
  if (!is_absolute(certificate.chain) || !is_absolute(certificate.key))
    return fail(errors::bad_table, "certificate {}: a file is not an absolute path",
                certificate.id);
  if (!certificate.staple.empty() &&
      (!is_absolute(certificate.staple) || certificate.staple_expires <= 0))
    return fail(errors::bad_table, "certificate {}: its OCSP answer has no absolute path or no end",
                certificate.id);
  return {};
}

Result<> check(const Challenge& challenge) {
  if (challenge.name.empty() || challenge.name != lowered(challenge.name))
    return fail(errors::bad_table, "a challenge's name \"{}\" is not in lower case",
                challenge.name);
  const bool is_http = !challenge.token.empty() && !challenge.response.empty();
  const bool is_tls = is_absolute(challenge.chain) && is_absolute(challenge.key);
  if (is_http == is_tls)
    return fail(errors::bad_table, "the challenge for {} is neither of HTTP nor of TLS",
                challenge.name);
  if (!is_plain(challenge.token) || !is_plain(challenge.response))
    return fail(errors::bad_table, "the challenge for {} has a character that it cannot have",
                challenge.name);
  return {};
}

bool is_field_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

bool is_value(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= ' ' && c != 0x7f) || c == '\t'; });
}

Result<> check(const Policy& policy, std::string_view host) {
  if (policy.response_headers.size() > response_headers_max)
    return fail(errors::bad_table, "{}: more than {} response headers", host, response_headers_max);
  for (const auto& field : policy.response_headers)
    if (!is_field_name(field.name) || !is_value(field.value))
      return fail(errors::bad_table, "{}: the response header \"{}\" cannot be sent", host,
                  field.name);
  return {};
}

Result<> check(const Route& route) {
  if (route.host.empty()) return fail(errors::bad_table, "a route has no host");
  if (route.host != lowered(route.host))
    return fail(errors::bad_table, "the host \"{}\" is not in lower case", route.host);
  const int answers =
      (route.upstreams.empty() ? 0 : 1) + (route.tree ? 1 : 0) + (route.redirect ? 1 : 0);
  if (answers > 1)
    return fail(errors::bad_table,
                "{} has more than one of upstreams, a static tree and a redirect", route.host);
  if (route.redirect)
    if (auto checked = check(*route.redirect, route.host); !checked) return checked;
  if (route.tree)
    if (auto checked = check(*route.tree, route.host); !checked) return checked;
  if (route.policy)
    if (auto checked = check(*route.policy, route.host); !checked) return checked;
  if (route.wait_seconds < 0 || route.wait_seconds > wait_seconds_max)
    return fail(errors::bad_table, "{}: requests wait between 0 and {} s, not {}", route.host,
                wait_seconds_max, route.wait_seconds);
  for (const auto& upstream : route.upstreams)
    if (auto checked = check(upstream, route.host); !checked) return checked;
  return {};
}

}  // namespace

Result<Table> decode_table(std::string_view json) {
  auto table = json::decode<Table>(json, limits(table_bytes_max));
  if (!table) return fail(errors::bad_table, described(table.error()));
  std::unordered_set<std::string_view> hosts;
  for (const auto& route : table->routes) {
    if (auto checked = check(route); !checked) return fail(std::move(checked.error()));
    if (!hosts.insert(route.host).second)
      return fail(errors::bad_table, "the host \"{}\" has two routes", route.host);
  }
  for (const auto& certificate : table->certificates)
    if (auto checked = check(certificate); !checked) return fail(std::move(checked.error()));
  for (const auto& challenge : table->challenges)
    if (auto checked = check(challenge); !checked) return fail(std::move(checked.error()));
  if (table->console && table->console->tree)
    return fail(errors::bad_table, "the console cannot be a static tree");
  if (table->console)
    if (auto checked = check(*table->console, "console"); !checked)
      return fail(std::move(checked.error()));
  return table;
}

std::string encode_table(const Table& table) { return json::encode(table); }

Result<ControlRequest> decode_control_request(std::string_view line) {
  auto request = json::decode<ControlRequest>(line, limits(control_bytes_max));
  if (!request) return fail(errors::bad_control, described(request.error()));
  return request;
}

Result<ControlReply> decode_control_reply(std::string_view line) {
  auto reply = json::decode<ControlReply>(line, limits(table_bytes_max));
  if (!reply) return fail(errors::bad_control, described(reply.error()));
  return reply;
}

std::string encode_control(const ControlRequest& request) { return json::encode(request) + '\n'; }
std::string encode_control(const ControlReply& reply) { return json::encode(reply) + '\n'; }

}  // namespace temps::routing
