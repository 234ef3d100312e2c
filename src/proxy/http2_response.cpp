#include "proxy/http2_response.hpp"

#include <string_view>

#include "proxy/exchange.hpp"
#include "proxy/http2_fields.hpp"
#include "proxy/policy.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

using http1::FieldId;

bool is_left_out(const http1::ResponseHead& head, const http1::Field& field) {
  // Trailer fields are passed on, and so is their announcement.
  if (field.id == FieldId::trailer) return false;
  return http1::is_hop_by_hop(field.id) || field.id == FieldId::content_length ||
         (head.connection_names && head.fields.connection_lists(field.name));
}

}  // namespace

std::size_t response_name_bytes(const Exchange& exchange, const http1::ResponseHead& head) {
  std::size_t sum = 0;
  for (const auto& field : head.fields) sum += field.name.size();
  if (const auto* policy = exchange.policy())
    for (const auto& field : policy->response_headers()) sum += field.name.size();
  return sum;
}

void add_response(Http2Fields& fields, const Exchange& exchange, const http1::ResponseHead& head,
                  ResponseKind kind) {
  const auto* policy = exchange.policy();
  const bool is_tunnel = kind == ResponseKind::tunnel;
  fields.add_number(":status", is_tunnel ? 200 : static_cast<std::uint64_t>(head.status));
  bool has_request_id = false;
  for (const auto& field : head.fields) {
    if (is_left_out(head, field)) continue;
    const auto name = fields.lowered(field.name);
    // It answers the key that the client has not seen.
    if (is_tunnel && name == "sec-websocket-accept") continue;
    if (policy != nullptr && policy->sets(name)) continue;
    has_request_id = has_request_id || field.id == FieldId::x_request_id;
    if (field.id == FieldId::x_request_id) {
      fields.add_unique(name, field.value);
    } else {
      fields.add(name, field.value);
    }
  }
  if (policy != nullptr)
    for (const auto& field : policy->response_headers())
      fields.add(fields.lowered(field.name), field.value);
  if (!has_request_id && head.status >= 200)
    fields.add_unique("x-request-id", exchange.request().id);
  if (head.has_content_length && head.status != 204 && head.status >= 200)
    fields.add_number("content-length", head.content_length);
}

}  // namespace temps::proxy
