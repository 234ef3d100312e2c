#include "sql/copy.hpp"

namespace temps::sql::detail {

namespace {
constexpr int length_bytes = 4;
// Signature, flags, and the length of a header extension that is not there.
constexpr std::string_view header("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19);
}  // namespace

void begin_copy(std::string& to) { to += header; }

void begin_copied_row(std::string& to, std::size_t fields) { append_big_endian(to, fields, 2); }

void add_copied_null(std::string& to) {
  append_big_endian(to, static_cast<std::uint64_t>(-1), length_bytes);
}

std::size_t begin_copied(std::string& to) {
  to.append(length_bytes, '\0');
  return to.size();
}

void end_copied(std::string& to, std::size_t begin) {
  std::string length;
  append_big_endian(length, to.size() - begin, length_bytes);
  to.replace(begin - length_bytes, length_bytes, length);
}

void end_copy(std::string& to) { append_big_endian(to, static_cast<std::uint64_t>(-1), 2); }

}  // namespace temps::sql::detail
