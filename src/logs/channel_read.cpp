#include <algorithm>
#include <ranges>

#include "core/log.hpp"
#include "logs/channel.hpp"
#include "logs/errors.hpp"
#include "logs/record.hpp"

namespace temps::logs {

namespace {

std::unexpected<Error> too_wide() {
  return fail(
      errors::search_too_wide,
      "nothing was found in as much of the log as one search looks at; give a shorter time");
}

// Lines until one of the bounds of a read is met.
class Collected {
 public:
  explicit Collected(std::size_t lines_max) : lines_max_(lines_max) {}
  [[nodiscard]] bool is_full() const {
    return lines.size() >= lines_max_ || bytes_ >= read_bytes_max;
  }
  void take(const Record& record) {
    lines.push_back(to_line(record));
    bytes_ += record.text.size() + sizeof(Line);
  }

  std::vector<Line> lines;

 private:
  std::size_t lines_max_;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<std::vector<Line>> Channel::read(const Query& query) {
  if (query.last) return read_last(query, std::min(*query.last, read_lines_max));
  return read_first(query);
}

// The part of the segment that can match; empty when it is damaged.
std::string Channel::content(Segment& segment, const Query& query) {
  std::uint64_t offset = 0;
  if (!segment.closed) {
    for (const auto& mark : marks_) {
      if (mark.sequence <= query.after_sequence) offset = mark.offset;
    }
  }
  auto text = read_segment(segment, offset);
  if (text) return std::move(*text);
  segment.damaged = true;
  log::warning("a log segment cannot be read and is left out",
               {{"file", segment.path.native()}, {"detail", text.error().detail()}});
  return {};
}

Result<std::vector<Line>> Channel::read_first(const Query& query) {
  Collected found(read_lines_max);
  std::size_t searched = 0;
  for (auto& segment : segments_) {
    if (!segment.may_match(query)) continue;
    if (searched++ == searched_segments_max) {
      if (found.lines.empty()) return too_wide();
      break;
    }
    const auto text = content(segment, query);
    for_each_record(text, [&](const Record& record) {
      if (!found.is_full() && matches(record, query)) found.take(record);
    });
    if (found.is_full()) break;
  }
  return std::move(found.lines);
}

Result<std::vector<Line>> Channel::read_last(const Query& query, std::size_t count) {
  Collected found(count);  // from the end to the start
  std::size_t searched = 0;
  for (auto& segment : std::views::reverse(segments_)) {
    if (found.is_full()) break;
    if (!segment.may_match(query)) continue;
    if (searched++ == searched_segments_max) {
      if (found.lines.empty()) return too_wide();
      break;
    }
    const auto text = content(segment, query);
    std::vector<Record> matching;
    for_each_record(text, [&](const Record& record) {
      if (matches(record, query)) matching.push_back(record);
    });
    for (const auto& record : std::views::reverse(matching)) {
      if (found.is_full()) break;
      found.take(record);
    }
  }
  std::ranges::reverse(found.lines);
  return std::move(found.lines);
}

}  // namespace temps::logs
