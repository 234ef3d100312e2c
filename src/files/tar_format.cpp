#include "files/tar_format.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "core/text.hpp"
#include "files/files.hpp"

namespace temps::files::tar {

namespace {

struct Field {
  std::size_t offset;
  std::size_t size;
};
constexpr Field name_field{0, 100};
constexpr Field mode_field{100, 8};
constexpr Field user_field{108, 8};
constexpr Field group_field{116, 8};
constexpr Field size_field{124, 12};
constexpr Field modified_field{136, 12};
constexpr Field checksum_field{148, 8};
constexpr std::size_t kind_offset = 156;
constexpr Field link_field{157, 100};
constexpr Field magic_field{257, 8};
constexpr Field prefix_field{345, 155};

std::string_view raw(const Block& block, Field field) {
  return {block.data() + field.offset, field.size};
}
// Up to the first NUL.
std::string_view text(const Block& block, Field field) {
  const auto all = raw(block, field);
  return all.substr(0, std::min(all.find('\0'), all.size()));
}

// GNU: the high bit of the first byte says that a big-endian number follows.
std::optional<std::uint64_t> binary_number(std::string_view bytes) {
  std::uint64_t value = static_cast<unsigned char>(bytes.front()) & 0x7FU;
  for (const char byte : bytes.substr(1)) {
    if (value >> 55U) return std::nullopt;
    value = value << 8U | static_cast<unsigned char>(byte);
  }
  return value;
}

std::optional<std::uint64_t> number(const Block& block, Field field) {
  const auto bytes = raw(block, field);
  if (static_cast<unsigned char>(bytes.front()) & 0x80U) return binary_number(bytes);
  const auto digits = trimmed(text(block, field));
  if (digits.empty()) return 0;
  return parse_number<std::uint64_t>(digits, 8);
}

// Some old writers summed signed bytes.
bool has_right_checksum(const Block& block) {
  const auto expected = number(block, checksum_field);
  if (!expected) return false;
  std::int64_t as_unsigned = 0;
  std::int64_t as_signed = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool in_checksum =
        i >= checksum_field.offset && i < checksum_field.offset + checksum_field.size;
    const char byte = in_checksum ? ' ' : block[i];
    as_unsigned += static_cast<unsigned char>(byte);
    as_signed += static_cast<signed char>(byte);
  }
  const auto wanted = static_cast<std::int64_t>(*expected);
  return wanted == as_unsigned || wanted == as_signed;
}

Result<Kind> kind_of(char letter, std::string_view name) {
  switch (letter) {
    case '\0':
    case '0':
    case '7':
      // Before ustar a folder was a file whose name ends in a slash.
      return name.ends_with('/') ? Kind::folder : Kind::file;
    case '1':
      return Kind::hard_link;
    case '2':
      return Kind::symbolic_link;
    case '5':
      return Kind::folder;
    case 'x':
      return Kind::pax_records;
    case 'g':
      return Kind::global_pax_records;
    case 'L':
      return Kind::long_name;
    case 'K':
      return Kind::long_link;
    case '3':
    case '4':
    case '6':
      return fail(errors::bad_archive,
                  "\"{}\" is a device or a pipe; an archive may hold files, folders and links only",
                  name);
    default:
      return fail(errors::bad_archive, "\"{}\" is of a kind that is not supported (0x{:02x})", name,
                  static_cast<unsigned char>(letter));
  }
}

char letter_of(Kind kind) {
  switch (kind) {
    case Kind::file:
      return '0';
    case Kind::folder:
      return '5';
    case Kind::symbolic_link:
      return '2';
    case Kind::hard_link:
      return '1';
    case Kind::pax_records:
      return 'x';
    case Kind::global_pax_records:
      return 'g';
    case Kind::long_name:
      return 'L';
    case Kind::long_link:
      return 'K';
  }
  return '0';
}

void put(Block& block, Field field, std::string_view value) {
  std::memcpy(block.data() + field.offset, value.data(), std::min(value.size(), field.size));
}
// Octal digits and a NUL; the caller knows that they fit.
void put_number(Block& block, Field field, std::uint64_t value) {
  put(block, field, fmt::format("{:0{}o}", value, field.size - 1));
}

// Where to cut a name into prefix and name; nothing when it does not fit.
std::optional<std::size_t> cut_of(std::string_view name) {
  if (name.size() <= name_field.size) return 0;
  const auto cut = name.rfind('/', prefix_field.size);
  if (cut == std::string_view::npos || cut == 0) return std::nullopt;
  const auto left = name.size() - cut - 1;
  if (left == 0 || left > name_field.size) return std::nullopt;
  return cut;
}

}  // namespace

bool is_zero(const Block& block) {
  return std::ranges::all_of(block, [](char byte) { return byte == '\0'; });
}

Result<Header> parse_header(const Block& block) {
  if (!has_right_checksum(block)) {
    return fail(errors::bad_archive,
                "a header has a wrong checksum: this is not a tar file, or it "
                "is damaged or compressed");
  }
  Header header;
  header.name = text(block, name_field);
  header.link = text(block, link_field);
  // GNU's own old format ("ustar  ") has other things where ustar has the prefix.
  if (raw(block, magic_field).starts_with(std::string_view("ustar\0", 6))) {
    const auto prefix = text(block, prefix_field);
    if (!prefix.empty()) header.name = fmt::format("{}/{}", prefix, header.name);
  }
  auto kind = kind_of(block[kind_offset], header.name);
  if (!kind) return fail(kind.error());
  header.kind = *kind;
  const auto size = number(block, size_field);
  const auto mode = number(block, mode_field);
  if (!size || !mode || *size > std::uint64_t{1} << 62U) {
    return fail(errors::bad_archive, "the header of \"{}\" has a number that is none", header.name);
  }
  header.size = *size;
  header.mode = static_cast<unsigned>(*mode & 0777U);
  // Times before 1970 and the like are not worth a refusal.
  header.modified = static_cast<std::int64_t>(
      std::min<std::uint64_t>(number(block, modified_field).value_or(0), std::uint64_t{1} << 34U));
  return header;
}

Result<Records> parse_records(std::string_view text) {
  Records records;
  while (!text.empty()) {
    const auto space = text.find(' ');
    const auto length = parse_number<std::size_t>(text.substr(0, std::min<std::size_t>(space, 8)));
    // The length counts itself, the space and the line end.
    if (space == std::string_view::npos || !length || *length > text.size() ||
        *length < space + 3 || text[*length - 1] != '\n') {
      return fail(errors::bad_archive, "a pax record is damaged");
    }
    const auto record = text.substr(space + 1, *length - space - 2);
    const auto equals = record.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return fail(errors::bad_archive, "a pax record has no name");
    }
    records[std::string(record.substr(0, equals))] = record.substr(equals + 1);
    text.remove_prefix(*length);
  }
  return records;
}

std::string to_record(std::string_view key, std::string_view value) {
  const auto rest = key.size() + value.size() + 3;
  auto length = rest;
  while (std::to_string(length).size() + rest != length) {
    length = std::to_string(length).size() + rest;
  }
  return fmt::format("{} {}={}\n", length, key, value);
}

std::optional<Block> to_block(const Header& header) {
  constexpr std::uint64_t size_max = (std::uint64_t{1} << 33U) - 1;  // 11 octal digits
  const auto cut = cut_of(header.name);
  if (!cut || header.link.size() > link_field.size || header.size > size_max) return std::nullopt;
  Block block{};
  const std::string_view name = header.name;
  put(block, prefix_field, name.substr(0, *cut));
  put(block, name_field, *cut == 0 ? name : name.substr(*cut + 1));
  put_number(block, mode_field, header.mode & 0777U);
  put_number(block, user_field, 0);
  put_number(block, group_field, 0);
  put_number(block, size_field, header.size);
  put_number(block, modified_field,
             static_cast<std::uint64_t>(std::clamp<std::int64_t>(header.modified, 0, 1LL << 32U)));
  block[kind_offset] = letter_of(header.kind);
  put(block, link_field, header.link);
  put(block, magic_field, std::string_view("ustar\00000", 8));
  put(block, checksum_field, "        ");
  const auto sum = std::accumulate(block.begin(), block.end(), 0U, [](unsigned so_far, char byte) {
    return so_far + static_cast<unsigned char>(byte);
  });
  put(block, checksum_field, fmt::format("{:06o}", sum));
  block[checksum_field.offset + 6] = '\0';
  return block;
}

}  // namespace temps::files::tar
