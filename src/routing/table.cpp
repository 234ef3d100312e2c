#include "routing/table.hpp"

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

Result<> check(const Upstream& upstream, std::string_view where) {
  if (upstream.id.empty()) return fail(errors::bad_table, "{}: an upstream has no id", where);
  const auto colon = upstream.address.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == upstream.address.size())
    return fail(errors::bad_table, "{}: the address \"{}\" is neither address:port nor unix:/path",
                where, upstream.address);
  return {};
}

Result<> check(const Route& route) {
  if (route.host.empty()) return fail(errors::bad_table, "a route has no host");
  if (route.host != lowered(route.host))
    return fail(errors::bad_table, "the host \"{}\" is not in lower case", route.host);
  if (!route.upstreams.empty() && route.tree)
    return fail(errors::bad_table, "{} has both upstreams and a static tree", route.host);
  if (route.tree && !route.tree->root.starts_with('/'))
    return fail(errors::bad_table, "{}: the folder \"{}\" is not an absolute path", route.host,
                route.tree->root);
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
