// How one line is stored. Private to logs.
//
//   <checksum> <sequence> <microseconds since 1970> <o|e|s>[source] <text>\n
//
// Text, so that `zstdcat` and `grep` read a log without us. The checksum is CRC-32 of all behind
// it, in eight hexadecimal digits.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "logs/logs.hpp"

namespace temps::logs {

struct Record {
  std::int64_t sequence = 0;
  Instant time;
  Stream stream = Stream::out;
  std::string_view text;
  std::int64_t source = 0;
};

void write_record(std::string& out, const Record& record);

// One line without its newline; nothing when it is damaged.
std::optional<Record> parse_record(std::string_view line);

// Calls `visit` for each undamaged record of a segment's content.
template <class Visit>
void for_each_record(std::string_view content, Visit&& visit) {
  while (!content.empty()) {
    const auto end = content.find('\n');
    if (end == std::string_view::npos) return;
    if (const auto record = parse_record(content.substr(0, end))) visit(*record);
    content.remove_prefix(end + 1);
  }
}

// What `text` is stored as: valid UTF-8, cut at newlines and at `line_bytes_max`.
std::vector<std::string> stored_lines(std::string_view text);

bool matches(const Record& record, const Query& query);
Line to_line(const Record& record);

}  // namespace temps::logs
