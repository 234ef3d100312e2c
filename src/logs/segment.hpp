// One file of a channel. Private to logs.
//
// An open segment, "<first>_<opened>.log", takes new records at its end. A closed one,
// "<first>_<last>_<earliest>_<latest>.log.zst", is compressed and never changes; its name says
// which sequences and times are inside, so that reading by time opens no other.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "logs/logs.hpp"

namespace temps::logs {

// What a segment holds before it is closed, and for how long it takes new records.
inline constexpr std::size_t segment_bytes_max = 1024UL * 1024;
inline constexpr std::chrono::hours segment_time_max{1};

struct Segment {
  std::int64_t first = 0;  // sequences
  std::int64_t last = 0;
  Instant earliest;
  Instant latest;
  Instant opened;  // of open ones
  bool closed = false;
  bool damaged = false;     // found out when reading; left alone from then on
  std::uint64_t bytes = 0;  // on disk
  std::filesystem::path path;

  [[nodiscard]] bool may_match(const Query& query) const;
};

std::string closed_name(const Segment& segment);
std::string open_name(const Segment& segment);
// What the name of a file tells, without `path` and `bytes`; nothing for a file of another kind.
std::optional<Segment> parse_segment_name(std::string_view name);

// The records as text, from the byte `offset` on. Fails when the file is damaged.
Result<std::string> read_segment(const Segment& segment, std::uint64_t offset = 0);
// Writes the compressed form, removes the open one and makes `segment` the closed one.
Result<> close_segment(Segment& segment);
// Takes the torn end off an open segment after a crash and finds out what it holds. False when that
// is nothing.
Result<bool> repair_segment(Segment& segment);
// False when it could not be removed, which our own log tells.
bool remove_segment(const Segment& segment);

}  // namespace temps::logs
