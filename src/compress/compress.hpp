// Compression with bounds: what comes out of a compressed text is never longer than the caller
// says.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace temps::compress {

// Zstandard, level 3, with the content's size and a checksum in the frame.
std::string zstd(std::string_view bytes);
// The whole of one frame or of several in a row. Fails with `bad_data` and with `too_large` when
// more than `limit` bytes would come out.
Result<std::string> unzstd(std::string_view compressed, std::size_t limit);

// gzip (RFC 1952), level 6 and without a time stamp: the same bytes for the same text.
std::string gzip(std::string_view bytes);
// Fails with `bad_data` and with `too_large`.
Result<std::string> gunzip(std::string_view compressed, std::size_t limit);

// The checksum of gzip and PNG (ISO 3309): notices accidents, not attackers.
std::uint32_t crc32(std::string_view bytes);

namespace errors {
inline constexpr ErrorCode bad_data{"compress.bad_data", ErrorKind::invalid,
                                    "The compressed data is damaged"};
inline constexpr ErrorCode too_large{"compress.too_large", ErrorKind::too_large,
                                     "The data is too large"};
}  // namespace errors

}  // namespace temps::compress
