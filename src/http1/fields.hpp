// Field names that someone treats specially, as numbers, so that deciding about a field is a
// switch.
#pragma once
#include <cstdint>
#include <string_view>

namespace temps::http1 {

enum class FieldId : std::uint8_t {
  other,
  // hop by hop (RFC 9110 §7.6.1)
  connection,
  keep_alive,
  proxy_connection,
  proxy_authenticate,
  proxy_authorization,
  te,
  trailer,
  transfer_encoding,
  upgrade,
  http2_settings,
  // about the message
  host,
  content_length,
  content_type,
  content_encoding,
  content_range,
  expect,
  date,
  server,
  // conditions, ranges, caches
  accept,
  accept_encoding,
  accept_ranges,
  cache_control,
  etag,
  if_match,
  if_modified_since,
  if_none_match,
  if_range,
  if_unmodified_since,
  last_modified,
  range,
  vary,
  // about the client
  authorization,
  cookie,
  origin,
  referer,
  sec_fetch_mode,
  sec_fetch_site,
  user_agent,
  // from servers
  location,
  retry_after,
  set_cookie,
  www_authenticate,
  // what proxies say about where a request came from
  forwarded,
  x_forwarded_for,
  x_forwarded_host,
  x_forwarded_port,
  x_forwarded_proto,
  x_real_ip,
  x_request_id,
  traceparent,
  tracestate,
};

// `other` for every name not listed above. Ignores case.
FieldId field_id(std::string_view name);
// The usual spelling, empty for `other`.
std::string_view field_name(FieldId id);

// Belongs to one connection and is not passed on by a proxy. Names listed in Connection are, too.
constexpr bool is_hop_by_hop(FieldId id) {
  return id >= FieldId::connection && id <= FieldId::http2_settings;
}

// What proxies say about where a request came from, and its id.
constexpr bool is_about_origin(FieldId id) {
  return id >= FieldId::forwarded && id <= FieldId::x_request_id;
}

// RFC 9110 §5.6.2: a character of a token such as a field name or a method.
bool is_token_character(char c);
bool is_token(std::string_view text);  // not empty
// RFC 9110 §5.5: visible characters, space, tab and bytes above 127.
bool is_field_value(std::string_view text);

// Calls `visit(element)` for each non-empty element of a comma-separated list.
template <class Visit>
void for_each_element(std::string_view list, Visit&& visit) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto element = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    while (!element.empty() && (element.front() == ' ' || element.front() == '\t'))
      element.remove_prefix(1);
    while (!element.empty() && (element.back() == ' ' || element.back() == '\t'))
      element.remove_suffix(1);
    if (!element.empty()) visit(element);
  }
}

// Is `token` an element of the list? Ignores case.
bool list_contains(std::string_view list, std::string_view token);

}  // namespace temps::http1
