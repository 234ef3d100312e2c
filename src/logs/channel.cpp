#include "logs/channel.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "files/files.hpp"
#include "files/owned_fd.hpp"
#include "files/refusal.hpp"
#include "logs/record.hpp"

namespace temps::logs {

namespace {

constexpr std::uint64_t mark_distance_bytes = 16UL * 1024;

struct Listed {
  std::vector<Segment> segments;
  std::vector<std::filesystem::path> drafts;  // of a close that a crash has cut short
};

Result<Listed> list(const std::filesystem::path& folder) {
  Listed listed;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  if (error == std::errc::no_such_file_or_directory) return listed;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const auto name = entry->path().filename().native();
    if (name.starts_with('.')) listed.drafts.push_back(entry->path());
    auto segment = parse_segment_name(name);
    if (!segment) continue;
    std::error_code gone;
    segment->path = entry->path();
    segment->bytes = entry->file_size(gone);
    if (!gone) listed.segments.push_back(std::move(*segment));
  }
  if (error) return fail(files::refusal("read the folder", folder, error.value()));
  std::ranges::sort(listed.segments, {}, [](const Segment& segment) {
    return std::pair(segment.first, !segment.closed);
  });
  return listed;
}

}  // namespace

Result<std::shared_ptr<Channel>> Channel::load(std::filesystem::path folder) {
  auto listed = list(folder);
  if (!listed) return fail(listed.error());
  for (const auto& draft : listed->drafts) ::unlink(draft.c_str());
  auto channel = std::make_shared<Channel>(std::move(folder));
  for (auto& segment : listed->segments) {
    if (!segment.closed) {
      // A crash between the compressed form and the removal of the open one leaves both.
      const bool is_copy = segment.first <= channel->last_sequence_;
      const auto holds_lines = is_copy ? Result<bool>(false) : repair_segment(segment);
      if (!holds_lines) return fail(holds_lines.error());
      if (!*holds_lines) {
        remove_segment(segment);
        continue;
      }
    }
    if (channel->has_open_segment()) {
      if (auto closed = close_segment(channel->segments_.back()); !closed) {
        return fail(closed.error());
      }
    }
    channel->last_sequence_ = std::max(channel->last_sequence_, segment.last);
    channel->segments_.push_back(std::move(segment));
  }
  return channel;
}

std::int64_t Channel::next_sequence(Instant now) const {
  // A channel without segments may have had some: what starts anew starts behind them.
  if (!segments_.empty()) return last_sequence_ + 1;
  return std::max<std::int64_t>({last_sequence_ + 1, now.time_since_epoch().count(), 1});
}

Result<> Channel::append(std::span<const Line> lines, Instant now) {
  auto sequence = next_sequence(now);
  Batch batch;
  for (const auto& line : lines) {
    for (const auto& text : stored_lines(line.text)) {
      const bool full = batch.content.size() >= segment_bytes_max ||
                        (has_open_segment() &&
                         segments_.back().bytes + batch.content.size() >= segment_bytes_max);
      if (full) {
        if (auto done = flush(batch, now); !done) return done;
      }
      const auto time = line.time == Instant{} ? now : line.time;
      auto& holds = batch.holds;
      if (batch.content.empty()) {
        holds = {.first = sequence, .last = sequence, .earliest = time, .latest = time};
      }
      holds.earliest = std::min(holds.earliest, time);
      holds.latest = std::max(holds.latest, time);
      holds.last = sequence;
      write_record(batch.content, {sequence++, time, line.stream, text, line.source});
    }
  }
  return flush(batch, now);
}

// Writes the batch and leaves it empty; closes the segment when it is full then.
Result<> Channel::flush(Batch& batch, Instant now) {
  if (auto closed = close_when_due(now); !closed) return closed;
  if (batch.content.empty()) return {};
  if (!has_open_segment()) {
    if (auto started = start_segment(batch, now); !started) return started;
  }
  if (auto written = write(batch.content); !written) {
    if (segments_.back().bytes == 0) {
      remove_segment(segments_.back());
      segments_.pop_back();
    }
    return written;
  }
  note(batch);
  batch.content.clear();
  changed.notify();
  return close_when_due(now);
}

Result<> Channel::write(std::string_view content) {
  const auto& segment = segments_.back();
  const files::OwnedFd file(
      ::open(segment.path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open()) return fail(files::refusal("open", segment.path, errno));
  auto written = files::write_fully(file.get(), content, segment.path);
  // Half a batch was not acknowledged; if it stayed, its sequences would come twice. Should this
  // fail as well, then readers see them twice.
  if (!written) (void)!::ftruncate(file.get(), static_cast<off_t>(segment.bytes));
  return written;
}

Result<> Channel::start_segment(const Batch& batch, Instant now) {
  if (auto made = files::make_folder(folder_, 0700); !made) return made;
  auto segment = batch.holds;
  segment.opened = now;
  segment.path = folder_ / open_name(segment);
  segments_.push_back(std::move(segment));
  marks_.clear();
  return {};
}

void Channel::note(const Batch& batch) {
  auto& segment = segments_.back();
  if (marks_.empty() || segment.bytes >= marks_.back().offset + mark_distance_bytes) {
    marks_.push_back({batch.holds.first, segment.bytes});
  }
  segment.bytes += batch.content.size();
  segment.earliest = std::min(segment.earliest, batch.holds.earliest);
  segment.latest = std::max(segment.latest, batch.holds.latest);
  segment.last = batch.holds.last;
  last_sequence_ = batch.holds.last;
  unsynced_ = true;
}

Result<> Channel::close_when_due(Instant now) {
  if (!has_open_segment()) return {};
  auto& segment = segments_.back();
  if (segment.bytes < segment_bytes_max && now - segment.opened < segment_time_max) return {};
  marks_.clear();
  return close_segment(segment);
}

Result<> Channel::sync() {
  if (!unsynced_ || !has_open_segment()) return {};
  for (const auto& path : {segments_.back().path, folder_}) {
    const files::OwnedFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open() || ::fsync(file.get()) != 0) {
      return fail(files::refusal("write to disk", path, errno));
    }
  }
  unsynced_ = false;
  return {};
}

bool Channel::has_after(std::int64_t sequence) const {
  return std::ranges::any_of(segments_, [sequence](const Segment& segment) {
    return !segment.damaged && segment.last > sequence;
  });
}

std::uint64_t Channel::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& segment : segments_) sum += segment.bytes;
  return sum;
}

void Channel::remove_at(std::size_t index, Swept& swept) {
  if (!remove_segment(segments_[index])) return;
  ++swept.segments_removed;
  swept.bytes_removed += segments_[index].bytes;
  if (!segments_[index].closed) marks_.clear();
  segments_.erase(segments_.begin() + static_cast<std::ptrdiff_t>(index));
}

void Channel::remove_older(Instant than, Swept& swept) {
  for (auto index = segments_.size(); index-- > 0;) {
    if (segments_[index].latest < than) remove_at(index, swept);
  }
}

void Channel::remove_oldest(Swept& swept) {
  if (!segments_.empty() && segments_.front().closed) remove_at(0, swept);
}

void Channel::remove_beyond(std::uint64_t bytes_max, Swept& swept) {
  while (bytes() > bytes_max && segments_.front().closed) {
    const auto before = segments_.size();
    remove_at(0, swept);
    if (segments_.size() == before) return;  // it could not be removed
  }
}

}  // namespace temps::logs
