#include "spool/checksum.hpp"

#include <array>
#include <cstring>

namespace temps::spool {
namespace {

constexpr std::uint32_t polynomial = 0x82f63b78;  // with the lowest bit first

constexpr auto table = [] {
  std::array<std::uint32_t, 256> built{};
  for (std::uint32_t byte = 0; byte < built.size(); ++byte) {
    auto value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1U) ^ ((value & 1U) * polynomial);
    built[byte] = value;
  }
  return built;
}();

std::uint32_t by_table(std::string_view text, std::uint32_t value) {
  for (const char c : text)
    value = (value >> 8U) ^ table[(value ^ static_cast<unsigned char>(c)) & 0xffU];
  return value;
}

#if defined(__x86_64__)
[[gnu::target("sse4.2")]] std::uint32_t by_instruction(std::string_view text, std::uint64_t value) {
  for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    value = __builtin_ia32_crc32di(value, word);
  }
  auto narrow = static_cast<std::uint32_t>(value);
  for (const char c : text) narrow = __builtin_ia32_crc32qi(narrow, static_cast<unsigned char>(c));
  return narrow;
}
#endif

}  // namespace

std::uint32_t crc32c(std::string_view text, std::uint32_t before) {
  const std::uint32_t value = ~before;
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) return ~by_instruction(text, value);
#endif
  return ~by_table(text, value);
}

}  // namespace temps::spool
