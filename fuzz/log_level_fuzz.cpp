// Any bytes as a line of a log: it has a level or none, and the same one when more follows.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "logs/level.hpp"

using namespace temps;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto level = logs::level_of(line);
  if (level && *level > logs::Level::error) std::abort();
  if (size >= logs::level_bytes_max && logs::level_of(std::string(line) + "x") != level) {
    std::abort();
  }
  return 0;
}
