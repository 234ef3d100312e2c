// The segments of one channel, in the order of their sequences. Private to logs.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "core/result.hpp"
#include "logs/logs.hpp"
#include "logs/segment.hpp"

namespace temps::logs {

class Channel {
 public:
  // Reads what the folder holds and mends what a crash has left. A missing folder holds nothing.
  static Result<std::shared_ptr<Channel>> load(std::filesystem::path folder);

  explicit Channel(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  Result<> append(std::span<const Line> lines, Instant now);
  Result<std::vector<Line>> read(const Query& query);
  [[nodiscard]] bool has_after(std::int64_t sequence) const;

  // Closes the open segment when it is full or has been open for long.
  Result<> close_when_due(Instant now);
  Result<> sync();
  // Remove the oldest; what is removed is added to `swept`.
  void remove_older(Instant than, Swept& swept);
  void remove_beyond(std::uint64_t bytes_max, Swept& swept);
  void remove_oldest(Swept& swept);

  [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }
  [[nodiscard]] bool is_empty() const { return segments_.empty(); }
  [[nodiscard]] bool has_open_segment() const {
    return !segments_.empty() && !segments_.back().closed;
  }
  [[nodiscard]] std::uint64_t bytes() const;

  // For when its files are gone.
  void forget() {
    segments_.clear();
    marks_.clear();
    removed = true;
  }

  // Notified when lines came and when the channel was removed.
  Signal changed;
  bool removed = false;

 private:
  // Records that were made and not yet written.
  struct Batch {
    Segment holds;
    std::string content;
  };
  // Where in the open segment a sequence stands.
  struct Mark {
    std::int64_t sequence;
    std::uint64_t offset;
  };

  [[nodiscard]] std::int64_t next_sequence(Instant now) const;
  Result<> flush(Batch& batch, Instant now);
  Result<> write(std::string_view content);
  Result<> start_segment(const Batch& batch, Instant now);
  void note(const Batch& batch);
  Result<std::vector<Line>> read_first(const Query& query);
  Result<std::vector<Line>> read_last(const Query& query, std::size_t count);
  std::string content(Segment& segment, const Query& query);
  void remove_at(std::size_t index, Swept& swept);

  std::filesystem::path folder_;
  std::vector<Segment> segments_;  // only the last one may be open
  std::vector<Mark> marks_;
  std::int64_t last_sequence_ = 0;
  bool unsynced_ = false;
};

}  // namespace temps::logs
