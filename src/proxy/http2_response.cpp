#include "proxy/http2_response.hpp"

#include <charconv>
#include <string>

#include "proxy/exchange.hpp"
#include "proxy/policy.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

using http1::FieldId;

bool is_left_out(const http1::ResponseHead& head, const http1::Field& field) {
  return http1::is_hop_by_hop(field.id) || field.id == FieldId::content_length ||
         (head.connection_names && head.fields.connection_lists(field.name));
}

std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

// In place: `lower` has room, so that earlier views stay good.
std::string_view lowered_into(std::string& lower, std::string_view name) {
  const auto begin = lower.size();
  for (const char c : name) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::string_view(lower).substr(begin);
}

}  // namespace

void Http2Response::add(std::string_view name, std::string_view value) {
  fields_[size_++] = {bytes_of(name), bytes_of(value), name.size(), value.size(),
                      NGHTTP2_NV_FLAG_NONE};
}

Http2Response::Http2Response(const Exchange& exchange, const http1::ResponseHead& head, Kind kind) {
  const auto* policy = exchange.policy();
  const bool is_tunnel = kind == Kind::tunnel;
  std::to_chars(status_.data(), status_.data() + status_.size(), is_tunnel ? 200 : head.status);
  add(":status", {status_.data(), status_.size()});
  std::size_t names = 0;
  for (const auto& field : head.fields) names += field.name.size();
  if (policy != nullptr)
    for (const auto& field : policy->response_headers()) names += field.name.size();
  auto& lower = exchange.worker().head_out;
  lower.clear();
  lower.reserve(names);
  bool has_request_id = false;
  for (const auto& field : head.fields) {
    if (is_left_out(head, field)) continue;
    const auto name = lowered_into(lower, field.name);
    // It answers the key that the client has not seen.
    if (is_tunnel && name == "sec-websocket-accept") continue;
    if (policy != nullptr && policy->sets(name)) continue;
    has_request_id = has_request_id || field.id == FieldId::x_request_id;
    add(name, field.value);
  }
  if (policy != nullptr)
    for (const auto& field : policy->response_headers())
      add(lowered_into(lower, field.name), field.value);
  if (!has_request_id && head.status >= 200) add("x-request-id", exchange.request().id);
  if (head.has_content_length && head.status != 204 && head.status >= 200) {
    const auto* end =
        std::to_chars(length_.data(), length_.data() + length_.size(), head.content_length).ptr;
    add("content-length", {length_.data(), static_cast<std::size_t>(end - length_.data())});
  }
}

}  // namespace temps::proxy
