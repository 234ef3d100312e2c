#include "proxy/trailers.hpp"

#include <algorithm>
#include <array>

#include "proxy/head_writer.hpp"

namespace temps::proxy {
namespace {

using http1::FieldId;

// As much as a head may have.
constexpr std::size_t bytes_max = 32UL * 1024;

bool is_forbidden(FieldId id) {
  switch (id) {
    case FieldId::host:
    case FieldId::content_length:
    case FieldId::content_type:
    case FieldId::content_encoding:
    case FieldId::content_range:
    case FieldId::expect:
    case FieldId::date:
    case FieldId::cache_control:
    case FieldId::if_match:
    case FieldId::if_modified_since:
    case FieldId::if_none_match:
    case FieldId::if_range:
    case FieldId::if_unmodified_since:
    case FieldId::range:
    case FieldId::vary:
    case FieldId::authorization:
    case FieldId::cookie:
    case FieldId::location:
    case FieldId::retry_after:
    case FieldId::set_cookie:
    case FieldId::www_authenticate:
      return true;
    default:
      return http1::is_hop_by_hop(id) || http1::is_about_origin(id);
  }
}

}  // namespace

bool may_be_trailer(std::string_view name) {
  static constexpr std::array others{"age", "expires", "max-forwards", "pragma", "warning"};
  if (!http1::is_token(name) || is_forbidden(http1::field_id(name))) return false;
  return std::ranges::none_of(
      others, [&](std::string_view other) { return equal_ignoring_case(other, name); });
}

// A list is not longer than the head that it came in.
void read_announced(const http1::Fields& fields, std::string& into) {
  into.clear();
  for (const auto& field : fields) {
    if (field.id != FieldId::trailer) continue;
    for (std::string_view rest = field.value; !rest.empty();) {
      const auto [word, others] = cut(rest, ",");
      rest = others;
      const auto name = trimmed(word);
      if (!may_be_trailer(name) || !may_be_sent(name)) continue;
      if (!into.empty()) into += ", ";
      into += name;
    }
  }
}

bool Trailers::empty() const {
  bool is_empty = true;
  for_each([&](std::string_view, std::string_view) { is_empty = false; });
  return is_empty;
}

bool Trailers::add(std::string_view name, std::string_view value) {
  constexpr std::size_t overhead = 4;  // ": " and CRLF
  if (text_.size() + name.size() + value.size() + overhead > bytes_max) return false;
  if (!http1::is_field_value(value)) return false;
  text_.append(name).append(": ").append(value).append("\r\n");
  return true;
}

}  // namespace temps::proxy
