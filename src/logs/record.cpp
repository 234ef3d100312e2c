#include "logs/record.hpp"

#include <fmt/format.h>

#include <iterator>

#include "compress/compress.hpp"
#include "core/text.hpp"

namespace temps::logs {

namespace {

constexpr std::size_t checksum_digits = 8;

// "out" is 'o', and so on.
constexpr std::string_view stream_letters = "oes";

// Takes the part before the next space off `rest`.
std::string_view take(std::string_view& rest) {
  const auto [part, behind] = cut(rest, " ");
  rest = behind;
  return part;
}

}  // namespace

void write_record(std::string& out, const Record& record) {
  const auto start = out.size();
  out.append(checksum_digits + 1, ' ');
  fmt::format_to(std::back_inserter(out), "{} {} {}{} ", record.sequence,
                 record.time.time_since_epoch().count(),
                 stream_letters[static_cast<std::size_t>(record.stream)],
                 record.source == 0 ? std::string{} : std::to_string(record.source));
  out += record.text;
  const auto checked = std::string_view(out).substr(start + checksum_digits + 1);
  fmt::format_to_n(out.begin() + static_cast<std::ptrdiff_t>(start), checksum_digits, "{:08x}",
                   compress::crc32(checked));
  out += '\n';
}

std::optional<Record> parse_record(std::string_view line) {
  const auto checksum = parse_number<std::uint32_t>(take(line), 16);
  if (!checksum || *checksum != compress::crc32(line)) return std::nullopt;
  const auto sequence = parse_number<std::int64_t>(take(line));
  const auto time = parse_number<std::int64_t>(take(line));
  const auto writer = take(line);
  if (!sequence || !time || writer.empty()) return std::nullopt;
  const auto stream = stream_letters.find(writer.front());
  const auto source =
      writer.size() == 1 ? std::int64_t{0} : parse_number<std::int64_t>(writer.substr(1));
  if (stream == std::string_view::npos || !source) return std::nullopt;
  return Record{.sequence = *sequence,
                .time = Instant{std::chrono::microseconds{*time}},
                .stream = static_cast<Stream>(stream),
                .text = line,
                .source = *source};
}

std::vector<std::string> stored_lines(std::string_view text) {
  std::vector<std::string> lines;
  const auto valid = is_utf8(text) ? std::string(text) : to_utf8(text);
  for (auto rest : split(valid, '\n')) {
    while (rest.size() > line_bytes_max) {
      auto end = line_bytes_max;
      while ((static_cast<unsigned char>(rest[end]) & 0xC0) == 0x80) --end;
      lines.emplace_back(rest.substr(0, end));
      rest.remove_prefix(end);
    }
    lines.emplace_back(rest);
  }
  // A newline at the end ends the line before it and starts none.
  if (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

bool matches(const Record& record, const Query& query) {
  return record.sequence > query.after_sequence && (!query.since || record.time >= *query.since) &&
         (!query.until || record.time < *query.until) &&
         (!query.source || record.source == *query.source) &&
         record.text.find(query.contains) != std::string_view::npos;
}

Line to_line(const Record& record) {
  return {.time = record.time,
          .stream = record.stream,
          .text = std::string(record.text),
          .sequence = record.sequence,
          .source = record.source};
}

}  // namespace temps::logs
