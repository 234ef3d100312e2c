#include "spool/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/log.hpp"
#include "files/files.hpp"
#include "files/refusal.hpp"
#include "spool/segment.hpp"

namespace temps::spool {
namespace {

// What is collected before it is written without being asked.
constexpr std::size_t pending_bytes_max = 256UL * 1024;
// A name is taken by chance, or by a reader that takes a new file for one without a writer.
constexpr int open_attempts = 8;

}  // namespace

std::chrono::milliseconds age_limit(std::chrono::milliseconds wanted, std::size_t waiting) {
  return std::min(segment_age_max, wanted * (1 + static_cast<std::int64_t>(waiting)));
}

Output::Output(Options options, const Clock& clock) : options_(std::move(options)), clock_(clock) {
  options_.segment_bytes = std::min(options_.segment_bytes, segment_bytes_limit);
}

Output::~Output() {
  if (auto closed = close(); !closed)
    log::warning("the last segment of a spool was not closed",
                 {{"detail", closed.error().detail()}});
}

Result<> Output::append(std::string_view record) {
  if (record.empty() || record.size() > record_bytes_max)
    return fail(errors::too_large, "a record holds 1 to {} bytes", record_bytes_max);
  write_record(pending_, record);
  ++pending_records_;
  const bool is_full = bytes_ + pending_.size() >= options_.segment_bytes;
  if (!is_full && pending_.size() < pending_bytes_max) return {};
  if (auto written = write(); !written) return written;
  return is_full ? close() : Result<>{};
}

Result<> Output::write() {
  if (pending_.empty()) return {};
  if (!file_.is_open()) {
    if (auto opened = open(); !opened) {
      forget_pending();
      return opened;
    }
  }
  if (auto written = files::write_fully(file_.get(), pending_, path_); !written)
    return take_back(written.error());
  bytes_ += pending_.size();
  records_ += pending_records_;
  counts_.written += pending_records_;
  forget_pending();
  return {};
}

Result<> Output::sync() {
  if (auto written = write(); !written) return written;
  if (!file_.is_open() || ::fdatasync(file_.get()) == 0) return {};
  const auto error = files::refusal("sync", path_, errno);
  // Nobody knows what of the file is on the disk: what comes next goes into another.
  (void)close();
  return fail(error);
}

Result<> Output::close() {
  auto written = write();
  if (!file_.is_open()) return written;
  Result<> done;
  if (records_ == 0) {
    ::unlink(path_.c_str());
  } else {
    const auto closed = path_.parent_path() / closed_name(id_, records_);
    // Renamed even if syncing fails: a reader takes what is there.
    const int sync_code = ::fdatasync(file_.get()) == 0 ? 0 : errno;
    const int code = ::rename(path_.c_str(), closed.c_str()) == 0 ? sync_code : errno;
    if (code != 0) done = fail(files::refusal("close", path_, code));
    if (done) done = sync_folder(options_.folder);
  }
  file_.reset();
  records_ = 0;
  bytes_ = 0;
  return written ? done : written;
}

Result<> Output::close_if_old() {
  if (!file_.is_open() || Steady::now() - opened_ < age_max_) return {};
  return close();
}

// Yields how many segments wait to be loaded.
Result<std::size_t> Output::make_room() {
  auto all = segments(options_.folder);
  if (!all) return fail(all.error());
  std::uint64_t used = 0;
  for (const auto& segment : *all) used += segment.bytes;
  std::erase_if(*all, [](const Segment& segment) { return !segment.is_closed; });
  std::size_t gone = 0;
  while (used + options_.segment_bytes > options_.bytes_max) {
    if (options_.when_full == Full::refuse || gone == all->size()) {
      // A single segment may always be written where older ones are given up.
      if (options_.when_full == Full::drop_oldest) break;
      return fail(Error(errors::full, "what was taken in waits for the database; try again later")
                      .retry_in(std::chrono::seconds{30}));
    }
    const auto& oldest = (*all)[gone++];
    if (::unlink(oldest.path.c_str()) == 0) counts_.dropped += oldest.records;
    used -= std::min(used, oldest.bytes);
  }
  return all->size() - gone;
}

Result<> Output::open() {
  if (auto made = files::make_folder(options_.folder, 0700); !made) return made;
  auto waiting = make_room();
  if (!waiting) return fail(waiting.error());
  for (int attempt = 0; attempt < open_attempts; ++attempt) {
    id_ = new_segment_id(clock_.now());
    path_ = options_.folder / open_name(id_);
    auto locked = lock_segment(path_, O_WRONLY | O_APPEND | O_CREAT | O_EXCL);
    if (!locked) {
      if (errno == ENOSPC || errno == EACCES || errno == EROFS || errno == EDQUOT) break;
      continue;
    }
    file_ = std::move(*locked);
    opened_ = Steady::now();
    age_max_ = age_limit(options_.segment_age, *waiting);
    records_ = 0;
    bytes_ = segment_mark.size();
    if (auto marked = files::write_fully(file_.get(), segment_mark, path_); !marked) {
      file_.reset();
      ::unlink(path_.c_str());
      return marked;
    }
    return {};
  }
  return fail(files::refusal("create", path_, errno));
}

// A disk that is full takes a part of what is written.
Result<> Output::take_back(const Error& error) {
  forget_pending();
  if (::ftruncate(file_.get(), static_cast<off_t>(bytes_)) != 0) (void)close();
  return fail(error);
}

void Output::forget_pending() {
  pending_.clear();
  pending_records_ = 0;
}

}  // namespace temps::spool
