#include "proxy/trace_context.hpp"

#include <algorithm>
#include <cstddef>

namespace temps::proxy {
namespace {

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
  return is_lower_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

bool is_traceparent(std::string_view text) {
  constexpr std::size_t bytes = 55;
  constexpr std::size_t bytes_max = 256;  // of a version that is not known yet
  if (text.size() < bytes || text.size() > bytes_max) return false;
  if (text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const auto version = text.substr(0, 2);
  if (!is_lower_hex(version) || version == "ff") return false;
  if (text.size() > bytes && (version == "00" || text[bytes] != '-')) return false;
  return is_id(text.substr(3, 32)) && is_id(text.substr(36, 16)) &&
         is_lower_hex(text.substr(53, 2));
}

TraceParent begin_trace(std::string_view request_id, std::string_view fallback) {
  constexpr std::size_t id_digits = 32;
  constexpr std::size_t parent_digits = 16;
  const bool is_usable = request_id.size() == id_digits && is_id(request_id);
  const auto id = is_usable ? request_id : fallback;
  TraceParent trace;
  auto* to = std::ranges::copy(std::string_view("00-"), trace.data()).out;
  to = std::ranges::copy(id, to).out;
  *to++ = '-';
  to = std::ranges::copy(fallback.substr(id_digits - parent_digits), to).out;
  std::ranges::copy(std::string_view("-00"), to);
  return trace;
}

bool is_in_trace(const http1::Fields& fields) {
  const http1::Field* found = nullptr;
  for (const auto& field : fields) {
    if (field.id != http1::FieldId::traceparent) continue;
    if (found != nullptr) return false;
    found = &field;
  }
  return found != nullptr && is_traceparent(found->value);
}

}  // namespace temps::proxy
