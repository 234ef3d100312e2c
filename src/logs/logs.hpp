// Logs: the lines that builds and apps write, kept in compressed segments, bounded by size and age,
// read by time and followed live.
//
// All file work blocks, on the loop: a batch is one write(2), closing a segment compresses 1 MiB
// (some 5 ms), a read unpacks up to `searched_segments_max` segments (some 100 ms at the very
// worst).
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/task.hpp"
#include "logs/level.hpp"

namespace temps::logs {

// `system` is what Temps itself says, between the lines of the program.
enum class Stream : std::uint8_t { out, err, system };

struct Line {
  Instant time;
  Stream stream = Stream::out;
  std::string text;  // without the newline
  // Its place in the channel, given by `append`: grows by one, except that a channel which starts
  // anew starts higher than it ever was.
  std::int64_t sequence = 0;
  // Which of several that write to the channel wrote it; 0 where only one does.
  std::int64_t source = 0;
};

// Longer lines are stored as several of at most this length.
inline constexpr std::size_t line_bytes_max = 16UL * 1024;
// What one read hands back at most.
inline constexpr std::size_t read_lines_max = 10'000;
inline constexpr std::size_t read_bytes_max = 8UL * 1024 * 1024;
// What one read unpacks at most.
inline constexpr std::size_t searched_segments_max = 32;

struct Query {
  std::optional<Instant> since{};   // this time and later
  std::optional<Instant> until{};   // before this time
  std::int64_t after_sequence = 0;  // only lines with a higher one
  // Of all that match, only so many of the end. Without it, the first `read_lines_max` of all that
  // match: read on with `after_sequence`.
  std::optional<std::size_t> last{};
  std::string contains{};  // as it stands, no pattern
  std::optional<std::int64_t> source{};
};

struct Retention {
  std::chrono::seconds age_max = std::chrono::days(30);
  // Of files on disk, that is compressed: some 1 GB of text for each 100 MB.
  std::uint64_t channel_bytes_max = 64ULL << 20U;
  std::uint64_t total_bytes_max = 2ULL << 30U;
};

struct Swept {
  std::size_t segments_removed = 0;
  std::uint64_t bytes_removed = 0;
  std::uint64_t bytes_kept = 0;
};

class Channel;

// A channel is named by one to four words of letters, digits, '-' and '_', of at most 64 characters
// each: "builds/17", "apps/3/production". Anything else fails with `bad_channel`. A resource; one
// Store owns `root`.
class Store {
 public:
  Store(std::filesystem::path root, const Clock& clock, Retention retention = {});
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Keeps the lines in this order; their `sequence` is ignored. Newlines inside a text and more
  // than `line_bytes_max` make several lines of it; bytes that are no UTF-8 become U+FFFD. What is
  // acknowledged survives the end of this process, and a power cut after `sync`. Fails with
  // `core.system` when the disk is full; the lines before the failure may be kept.
  Result<> append(std::string_view channel, std::span<const Line> lines);

  // In order of sequence; empty for a channel that has no lines. Damaged segments are left out,
  // with a warning in our own log. Fails with `search_too_wide`.
  Result<std::vector<Line>> read(std::string_view channel, const Query& query = {}) const;

  // Waits until the channel has a line after `after_sequence`. Fails with `removed` when the
  // channel goes meanwhile.
  Task<> wait(std::string channel, std::int64_t after_sequence);
  // The lines after `after_sequence`, at least one: waits for it if need be.
  Task<std::vector<Line>> follow(std::string channel, std::int64_t after_sequence);

  // Writes everything to the disk.
  Result<> sync();
  // Forgets the channel and all below it ("apps/3" with "apps/3/production").
  Result<> remove(std::string_view channel);
  // Compresses segments that have been open for an hour; removes what is older than `age_max`, then
  // the oldest segments beyond the limit of each channel and of all together. For every minute or
  // so.
  Result<Swept> sweep();

 private:
  Result<std::shared_ptr<Channel>> open(std::string_view name) const;
  void forget_if_idle(std::string_view name);
  void remove_beyond_total(const std::vector<std::shared_ptr<Channel>>& all, Swept& swept) const;

  std::filesystem::path root_;
  const Clock& clock_;
  Retention retention_;
  // Those that were used lately or are waited for.
  mutable std::map<std::string, std::shared_ptr<Channel>, std::less<>> channels_;
};

}  // namespace temps::logs
