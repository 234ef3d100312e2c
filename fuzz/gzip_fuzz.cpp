// Any bytes as a gzip file in pieces: never more than the limit comes out, and the same whatever
// the pieces are.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compress/decoder.hpp"
#include "core/check.hpp"

namespace {

constexpr std::uint64_t bytes_max = 1U << 20U;

std::optional<std::string> unpacked(std::string_view file, std::size_t piece) {
  temps::compress::Gunzip stream(bytes_max);
  std::string out;
  for (std::size_t at = 0; at < file.size(); at += piece) {
    stream.give(file.substr(at, piece));
    for (;;) {
      const auto part = stream.next();
      if (!part) return std::nullopt;
      if (part->empty()) break;
      out += *part;
      temps::ensure(out.size() <= bytes_max, "more came out than was allowed");
    }
  }
  if (!stream.finish()) return std::nullopt;
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  temps::ensure(unpacked(file, 3) == unpacked(file, file.size() + 1), "pieces make a difference");
  return 0;
}
