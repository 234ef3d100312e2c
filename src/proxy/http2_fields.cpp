#include "proxy/http2_fields.hpp"

#include <charconv>

#include "proxy/trailers.hpp"

namespace temps::proxy {

std::string_view Http2Fields::lowered(std::string_view name) {
  const auto begin = lower_.size();
  for (const char c : name) lower_ += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::string_view(lower_).substr(begin);
}

void Http2Fields::add_number(std::string_view name, std::uint64_t number) {
  auto& digits = digits_[numbers_++];
  const auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  add(name, {digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void submit_trailers(nghttp2_session* session, std::int32_t stream, const Trailers& trailers,
                     std::string& lower) {
  std::size_t name_bytes = 0;
  trailers.for_each([&](std::string_view name, std::string_view) { name_bytes += name.size(); });
  Http2Fields fields(lower, name_bytes);
  trailers.for_each([&](std::string_view name, std::string_view value) {
    if (fields.has_room()) fields.add(fields.lowered(name), value);
  });
  ::nghttp2_submit_trailer(session, stream, fields.all().data(), fields.all().size());
}

}  // namespace temps::proxy
