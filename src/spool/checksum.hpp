// CRC-32C (Castagnoli, RFC 3720 §12.1), by the processor's instruction where it has one.
#pragma once
#include <cstdint>
#include <string_view>

namespace temps::spool {

// Of `text` behind what `before` is the checksum of.
std::uint32_t crc32c(std::string_view text, std::uint32_t before = 0);

}  // namespace temps::spool
