// Any fields of an HTTP/2 response that nghttp2 lets through: what goes to a client of HTTP/1 must
// be one response, with nothing behind its head, and trailer fields must be lines.
#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/text.hpp"
#include "http1/http1.hpp"
#include "proxy/head_writer.hpp"
#include "proxy/http2_answer.hpp"
#include "proxy/trailers.hpp"

using temps::http1::Method;
using temps::proxy::Http2Answer;
using temps::proxy::Trailers;

namespace {

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

// As nghttp2 does for frames (RFC 9113 §8.2.1).
bool is_let_through(std::string_view name, std::string_view value) {
  if (name == ":status") return value.size() == 3 && temps::parse_number<unsigned>(value);
  return ::nghttp2_check_header_name(bytes_of(name), name.size()) != 0 &&
         ::nghttp2_check_header_value(bytes_of(value), value.size()) != 0;
}

void check(const temps::http1::ResponseHead& head, Method method) {
  std::string text;
  if (head.status < 200) {
    temps::proxy::write_interim_head(text, head);
  } else {
    const auto framing = temps::proxy::framing_for_client(head, 1);
    temps::proxy::write_response_head(text, head, {.framing = framing, .request_id = "id"});
  }
  temps::http1::ResponseParser parser({.head_bytes = 256UL * 1024,
                                       .target_bytes = 64UL * 1024,
                                       .fields = temps::http1::Fields::capacity});
  if (parser.feed(text, method) != temps::http1::Progress::complete) std::abort();
  const auto& read = parser.head();
  if (read.length != text.size() || read.status != head.status) std::abort();
  if (read.framing != head.framing) std::abort();
}

}  // namespace

// Lines of "name: value"; the first byte says what was asked for and whether a body follows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto method = data[0] % 2 == 0 ? Method::get : Method::head;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  Http2Answer answer;
  Trailers trailers;
  for (const auto line : temps::split(text, '\n')) {
    const auto colon = line.find(':', 1);
    if (colon == std::string_view::npos) continue;
    const auto name = line.substr(0, colon);
    const auto value = temps::trimmed(line.substr(colon + 1));
    if (!is_let_through(name, value)) continue;
    static_cast<void>(answer.add(name, value));
    static_cast<void>(trailers.add(name, value));
  }
  answer.note_body(data[0] % 4 < 2 ? Http2Answer::Body::none : Http2Answer::Body::follows);
  if (const auto* head = answer.build(method)) check(*head, method);
  trailers.for_each([](std::string_view name, std::string_view value) {
    if (!temps::http1::is_token(name) || !temps::http1::is_field_value(value)) std::abort();
  });
  return 0;
}
