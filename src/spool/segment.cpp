#include "spool/segment.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/log.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "files/refusal.hpp"
#include "spool/output.hpp"
#include "spool/record.hpp"

namespace temps::spool {
namespace {

constexpr std::string_view open_ending = ".open";
constexpr std::string_view closed_ending = ".spool";
// Time, process and random number; the time has 16 digits until the year 2286.
constexpr std::size_t time_digits = 16;

bool is_id(std::string_view text) {
  const auto parts = split(text, '-');
  return parts.size() == 3 && parts[0].size() == time_digits &&
         parse_number<std::int64_t>(parts[0]) && parse_number<std::int64_t>(parts[1]) &&
         parse_number<std::uint64_t>(parts[2], 16);
}

}  // namespace

std::optional<Segment> parse_segment_name(std::string_view name) {
  Segment segment;
  auto stem = name;
  if (name.ends_with(open_ending)) {
    stem.remove_suffix(open_ending.size());
  } else if (name.ends_with(closed_ending)) {
    stem.remove_suffix(closed_ending.size());
    const auto [id, count] = cut(stem, ".");
    const auto records = parse_number<std::uint64_t>(count);
    if (!records) return std::nullopt;
    stem = id;
    segment.records = *records;
    segment.is_closed = true;
  } else {
    return std::nullopt;
  }
  if (!is_id(stem)) return std::nullopt;
  segment.id = stem;
  return segment;
}

std::string new_segment_id(Instant now) {
  return fmt::format("{:016}-{}-{}", now.time_since_epoch().count(), ::getpid(), random_hex(4));
}

std::string open_name(std::string_view id) { return fmt::format("{}{}", id, open_ending); }

std::string closed_name(std::string_view id, std::uint64_t records) {
  return fmt::format("{}.{}{}", id, records, closed_ending);
}

Result<std::vector<Segment>> segments(const std::filesystem::path& folder) {
  std::vector<Segment> found;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (const std::filesystem::directory_iterator end; !error && entry != end;
       entry.increment(error)) {
    auto segment = parse_segment_name(entry->path().filename().string());
    if (!segment) continue;
    // A segment may be closed or loaded meanwhile.
    std::error_code gone;
    segment->bytes = entry->file_size(gone);
    if (gone) continue;
    segment->path = entry->path();
    found.push_back(std::move(*segment));
  }
  if (error && error != std::errc::no_such_file_or_directory)
    return fail(files::refusal("read", folder, error.value()));
  std::ranges::sort(found, {}, &Segment::id);
  return found;
}

std::optional<files::OwnedFd> lock_segment(const std::filesystem::path& path, int flags) {
  files::OwnedFd file(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open() || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  // Whoever had it before may have closed or removed it.
  struct stat held{};
  struct stat named{};
  if (::fstat(file.get(), &held) != 0 || ::stat(path.c_str(), &named) != 0 ||
      held.st_ino != named.st_ino)
    return std::nullopt;
  return file;
}

Result<bool> close_abandoned(const Segment& segment) {
  const auto file = lock_segment(segment.path, O_RDWR);
  if (!file) return false;
  const auto content = files::read(segment.path, segment_file_bytes_max);
  if (!content) return fail(content.error());
  RecordReader reader(*content);
  while (reader.next()) {
  }
  if (reader.records() + reader.damaged() == 0) {
    ::unlink(segment.path.c_str());
    return true;
  }
  const auto size = reader.whole_bytes();
  const auto closed =
      segment.path.parent_path() / closed_name(segment.id, reader.records() + reader.damaged());
  if (::ftruncate(file->get(), static_cast<off_t>(size)) != 0 || ::fdatasync(file->get()) != 0 ||
      ::rename(segment.path.c_str(), closed.c_str()) != 0)
    return fail(files::refusal("close", segment.path, errno));
  log::warning("a spool's writer had ended without closing its segment",
               {{"segment", segment.id},
                {"records", reader.records()},
                {"bytes_cut_off", content->size() - size}});
  if (auto synced = sync_folder(segment.path.parent_path()); !synced) return fail(synced.error());
  return true;
}

Result<> sync_folder(const std::filesystem::path& folder) {
  const files::OwnedFd file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open() || ::fsync(file.get()) != 0)
    return fail(files::refusal("sync", folder, errno));
  return {};
}

}  // namespace temps::spool
