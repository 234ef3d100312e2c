// Any fields of an HTTP/2 request that nghttp2 lets through: what goes to an app must be one
// request of HTTP/1, for the same host and path, with nothing behind its head.
#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/text.hpp"
#include "http1/http1.hpp"
#include "proxy/head_writer.hpp"
#include "proxy/http2_head.hpp"

using temps::proxy::Http2Head;

namespace {

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

// As nghttp2 does for frames (RFC 9113 §8.2.1).
bool is_let_through(std::string_view name, std::string_view value) {
  const auto plain = name.starts_with(':') ? name.substr(1) : name;
  return ::nghttp2_check_header_name(bytes_of(plain), plain.size()) != 0 &&
         ::nghttp2_check_header_value(bytes_of(value), value.size()) != 0;
}

void check(const Http2Head::Built& built) {
  const auto& head = *built.head;
  std::string text;
  temps::proxy::write_request_head(
      text, head, {.client_address = "127.0.0.1", .scheme = "https", .request_id = "id"},
      built.is_tunnel ? temps::proxy::Upgrading::yes : temps::proxy::Upgrading::no);
  // With room for the fields that the proxy adds.
  temps::http1::RequestParser parser({.head_bytes = 256UL * 1024,
                                      .target_bytes = 64UL * 1024,
                                      .fields = temps::http1::Fields::capacity});
  if (parser.feed(text) != temps::http1::Progress::complete) std::abort();
  const auto& read = parser.head();
  const bool is_same = read.length == text.size() && read.host == head.host &&
                       read.path == head.path && read.query == head.query &&
                       read.framing == head.framing;
  if (!is_same) std::abort();
}

}  // namespace

// Lines of "name: value"; the first byte says whether a body follows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto body = data[0] % 2 == 0 ? Http2Head::Body::none : Http2Head::Body::follows;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  Http2Head head({});
  for (const auto line : temps::split(text, '\n')) {
    const auto colon = line.find(':', 1);
    if (colon == std::string_view::npos) continue;
    const auto name = line.substr(0, colon);
    const auto value = temps::trimmed(line.substr(colon + 1));
    if (is_let_through(name, value)) head.add(name, value);
  }
  const auto built = head.build(body);
  if (built.head != nullptr && built.head->method != temps::http1::Method::connect) check(built);
  return 0;
}
