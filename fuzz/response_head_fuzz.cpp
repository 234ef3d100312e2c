// Any bytes as a response head: the verdict must not depend on how they arrive.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http1/http1.hpp"

using temps::http1::Method;
using temps::http1::Progress;
using temps::http1::ResponseParser;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ResponseParser whole;
  const auto expected = whole.feed(text, Method::get);
  ResponseParser parts;
  auto progress = Progress::need_more;
  for (std::size_t fed = 0; fed < size && progress == Progress::need_more;) {
    fed += 1 + data[fed] % 13U;
    const std::string moved(text.substr(0, fed));
    progress = parts.feed(moved, Method::get);
  }
  if (progress != expected) std::abort();
  if (progress == Progress::failed && parts.failure().reason != whole.failure().reason)
    std::abort();
  if (expected == Progress::complete && whole.head().length > size) std::abort();
  return 0;
}
