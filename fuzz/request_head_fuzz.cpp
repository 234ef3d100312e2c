// Any bytes as a request head: the verdict must not depend on how they arrive.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http1/http1.hpp"

using temps::http1::Progress;
using temps::http1::RequestParser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  RequestParser whole;
  const auto expected = whole.feed(text);
  RequestParser parts;
  auto progress = Progress::need_more;
  for (std::size_t fed = 0; fed < size && progress == Progress::need_more;) {
    fed += 1 + data[fed] % 13U;
    const std::string moved(text.substr(0, fed));
    progress = parts.feed(moved);
  }
  if (progress != expected) std::abort();
  if (progress == Progress::failed && parts.failure().reason != whole.failure().reason)
    std::abort();
  if (expected == Progress::complete) {
    const auto& head = whole.head();
    if (head.length > size || (head.minor_version == 1 && head.host.empty())) std::abort();
  }
  return 0;
}
