#include "proxy/http2_answer.hpp"

#include "core/text.hpp"

namespace temps::proxy {
namespace {

using http1::FieldId;
using http1::Framing;

}  // namespace

bool Http2Answer::add(std::string_view name, std::string_view value) {
  constexpr http1::HeadLimits limits;
  if (text_.bytes() + name.size() + value.size() > limits.head_bytes ||
      text_.size() >= limits.fields)
    return false;
  text_.add(name, value);
  return true;
}

bool Http2Answer::is_interim() const {
  for (std::size_t i = 0; i < text_.size(); ++i)
    if (text_[i].name == ":status") return text_[i].value.starts_with('1');
  return false;
}

// nghttp2 has seen to it that there is one status of three digits, and that the length is right.
const http1::ResponseHead* Http2Answer::build(http1::Method request) {
  head_.fields.clear();
  for (std::size_t i = 0; i < text_.size(); ++i) {
    const auto [name, value] = text_[i];
    if (name == ":status") {
      head_.status = parse_number<int>(value).value_or(0);
    } else if (!http1::is_token(name) || !http1::is_field_value(value) ||
               !head_.fields.add(name, value)) {
      return nullptr;
    }
  }
  if (head_.status < 100 || head_.status == 101) return nullptr;
  // As many digits as HTTP/1 is read with.
  constexpr std::uint64_t length_max = 999'999'999'999'999'999;
  const auto* given = head_.fields.find(FieldId::content_length);
  const auto length = given == nullptr ? std::nullopt : parse_number<std::uint64_t>(given->value);
  if (given != nullptr && (!length || *length > length_max || head_.fields.count(given->id) > 1))
    return nullptr;
  head_.has_content_length = length.has_value();
  head_.content_length = length.value_or(0);
  const bool has_none = request == http1::Method::head || head_.status < 200 ||
                        head_.status == 204 || head_.status == 304;
  if (has_none) {
    head_.framing = Framing::none;
  } else if (body_ == Body::none || length) {
    head_.framing = Framing::content_length;
  } else {
    head_.framing = Framing::chunked;
  }
  return &head_;
}

}  // namespace temps::proxy
