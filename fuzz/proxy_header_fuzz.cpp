// Any bytes as a PROXY header: the outcome must not depend on how they arrive, nor on what follows.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "proxy/proxy_protocol.hpp"

using temps::proxy::read_proxy_header;
using State = temps::proxy::ProxyHeader::State;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read_proxy_header(bytes);
  if (whole.bytes > size || whole.bytes > temps::proxy::proxy_header_bytes_max) std::abort();
  if (whole.state == State::need_more && size > temps::proxy::proxy_header_bytes_max) std::abort();
  if (whole.state != State::complete) return 0;
  if (whole.client) static_cast<void>(whole.client->text());
  const auto alone = read_proxy_header(bytes.substr(0, whole.bytes));
  if (alone.client != whole.client || alone.by_tls != whole.by_tls) std::abort();
  if (whole.by_tls && !whole.client) std::abort();
  for (std::size_t i = 0; i < whole.bytes; i += 1 + i / 64)
    if (read_proxy_header(bytes.substr(0, i)).state != State::need_more) std::abort();
  return 0;
}
