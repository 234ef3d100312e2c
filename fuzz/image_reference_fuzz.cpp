// Any bytes as the name of an image: what is taken is written the same way again, and can stand in
// a path.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "runtime/image_reference.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto image = runtime::ImageReference::parse({reinterpret_cast<const char*>(data), size});
  if (!image) return 0;
  const auto text = image->text();
  const auto again = runtime::ImageReference::parse(text);
  if (!again || again->text() != text || again->registry() != image->registry()) std::abort();
  if (text.find_first_of(" ?#%&\\\r\n") != std::string::npos || text.contains("/../")) std::abort();
  return 0;
}
