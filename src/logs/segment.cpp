#include "logs/segment.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>

#include "compress/compress.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "files/owned_fd.hpp"
#include "files/refusal.hpp"
#include "logs/record.hpp"

namespace temps::logs {

namespace {

constexpr std::string_view open_ending = ".log";
constexpr std::string_view closed_ending = ".log.zst";
// One record beyond `segment_bytes_max`, with room.
constexpr std::size_t content_bytes_max = 2 * segment_bytes_max;

std::int64_t count(Instant time) { return time.time_since_epoch().count(); }
Instant instant(std::int64_t count) { return Instant{std::chrono::microseconds{count}}; }

// The numbers of "1_2_3"; nothing unless there are `wanted` of them.
std::optional<std::vector<std::int64_t>> numbers(std::string_view text, std::size_t wanted) {
  std::vector<std::int64_t> found;
  for (const auto part : split(text, '_')) {
    const auto number = parse_number<std::int64_t>(part);
    if (!number) return std::nullopt;
    found.push_back(*number);
  }
  if (found.size() != wanted) return std::nullopt;
  return found;
}

}  // namespace

bool Segment::may_match(const Query& query) const {
  return !damaged && last > query.after_sequence && (!query.since || latest >= *query.since) &&
         (!query.until || earliest < *query.until);
}

std::string closed_name(const Segment& segment) {
  return fmt::format("{}_{}_{}_{}{}", segment.first, segment.last, count(segment.earliest),
                     count(segment.latest), closed_ending);
}

std::string open_name(const Segment& segment) {
  return fmt::format("{}_{}{}", segment.first, count(segment.opened), open_ending);
}

std::optional<Segment> parse_segment_name(std::string_view name) {
  Segment segment;
  if (name.ends_with(closed_ending)) {
    const auto parts = numbers(name.substr(0, name.size() - closed_ending.size()), 4);
    if (!parts) return std::nullopt;
    segment.closed = true;
    segment.first = (*parts)[0];
    segment.last = (*parts)[1];
    segment.earliest = instant((*parts)[2]);
    segment.latest = instant((*parts)[3]);
    return segment;
  }
  if (!name.ends_with(open_ending)) return std::nullopt;
  const auto parts = numbers(name.substr(0, name.size() - open_ending.size()), 2);
  if (!parts) return std::nullopt;
  segment.first = (*parts)[0];
  segment.opened = instant((*parts)[1]);
  return segment;
}

Result<std::string> read_segment(const Segment& segment, std::uint64_t offset) {
  if (segment.closed) {
    auto packed = files::read(segment.path, content_bytes_max);
    if (!packed) return packed;
    return compress::unzstd(*packed, content_bytes_max);
  }
  const files::OwnedFd file(::open(segment.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() || ::lseek(file.get(), static_cast<off_t>(offset), SEEK_SET) < 0) {
    return fail(files::refusal("read", segment.path, errno));
  }
  std::string content(segment.bytes - std::min(offset, segment.bytes), '\0');
  const auto size = files::read_fully(file.get(), std::span(content), segment.path);
  if (!size) return fail(size.error());
  content.resize(*size);
  return content;
}

Result<> close_segment(Segment& segment) {
  auto content = read_segment(segment);
  if (!content) return fail(content.error());
  const auto packed = compress::zstd(*content);
  const auto path = segment.path.parent_path() / closed_name(segment);
  if (auto written = files::write_atomically(path, packed, 0600); !written) return written;
  ::unlink(segment.path.c_str());
  segment.path = path;
  segment.bytes = packed.size();
  segment.closed = true;
  return {};
}

Result<bool> repair_segment(Segment& segment) {
  auto content = files::read(segment.path, content_bytes_max);
  if (!content) return fail(content.error());
  const auto whole = content->rfind('\n') + 1;  // 0 when there is none
  bool found = false;
  for_each_record(std::string_view(*content).substr(0, whole), [&](const Record& record) {
    segment.earliest = found ? std::min(segment.earliest, record.time) : record.time;
    segment.latest = found ? std::max(segment.latest, record.time) : record.time;
    segment.last = record.sequence;
    found = true;
  });
  segment.bytes = whole;
  if (whole < content->size() && ::truncate(segment.path.c_str(), static_cast<off_t>(whole)) != 0) {
    return fail(files::refusal("repair", segment.path, errno));
  }
  return found;
}

bool remove_segment(const Segment& segment) {
  if (::unlink(segment.path.c_str()) == 0 || errno == ENOENT) return true;
  const auto error = files::refusal("remove", segment.path, errno);
  log::warning("an old log segment stays", {{"detail", error.detail()}});
  return false;
}

}  // namespace temps::logs
