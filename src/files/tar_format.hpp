// The bytes of tar: headers (ustar, with GNU's long names and numbers) and pax records
// (POSIX.1-2017, pax). Pure; private to files.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace temps::files::tar {

inline constexpr std::size_t block_size = 512;
// Longer names have no place in a file system.
inline constexpr std::size_t name_size_max = 4095;
// All pax records of one entry, or one GNU long name.
inline constexpr std::size_t extension_size_max = 1U << 20U;

using Block = std::array<char, block_size>;

enum class Kind : std::uint8_t {
  file,
  folder,
  symbolic_link,
  hard_link,
  pax_records,
  global_pax_records,
  long_name,
  long_link,
};

struct Header {
  Kind kind = Kind::file;
  std::string name;
  std::string link;
  std::uint64_t size = 0;  // of the content that follows
  unsigned mode = 0644;
  std::int64_t modified = 0;  // seconds since 1970
};

bool is_zero(const Block& block);
// Fails with `files.bad_archive`, also for kinds that are not unpacked (devices, pipes, sparse
// files).
Result<Header> parse_header(const Block& block);

using Records = std::map<std::string, std::string, std::less<>>;
// "30 mtime=1350244992.023960108\n" and so on.
Result<Records> parse_records(std::string_view text);
std::string to_record(std::string_view key, std::string_view value);

// The header block; nothing when a name, a link or the size does not fit and needs pax records.
std::optional<Block> to_block(const Header& header);

}  // namespace temps::files::tar
