// Any bytes as TOML: what is read is JSON again, what is not has a line and a message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "json/json.hpp"
#include "toml/toml.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = toml::parse({reinterpret_cast<const char*>(data), size});
  if (!document) {
    if (document.error().detail().empty()) std::abort();
    return 0;
  }
  if (!document->is_object() || !json::parse(document->text(), {.depth_max = 64})) std::abort();
  return 0;
}
