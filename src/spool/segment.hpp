// The files of a spool's folder.
//
//   <microseconds since 1970>-<process>-<random>.open             a writer has it, and its lock
//   <microseconds since 1970>-<process>-<random>.<records>.spool  closed: never changes again
//
// What stands before the first dot is the segment's id: unique, and in the order of opening.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "files/owned_fd.hpp"

namespace temps::spool {

struct Segment {
  std::string id;
  bool is_closed = false;
  std::uint64_t records = 0;  // of closed ones
  std::uint64_t bytes = 0;    // on disk
  std::filesystem::path path;
};

// Nothing for a file of another kind.
std::optional<Segment> parse_segment_name(std::string_view name);
std::string new_segment_id(Instant now);
std::string open_name(std::string_view id);
std::string closed_name(std::string_view id, std::uint64_t records);

// In the order of opening. A folder that is not there yet is empty.
Result<std::vector<Segment>> segments(const std::filesystem::path& folder);

// A segment that nobody else has open. Nothing where another process holds it, or it is gone.
std::optional<files::OwnedFd> lock_segment(const std::filesystem::path& path, int flags);

// Cuts the torn end off a segment whose writer is gone, and closes it; one without records is
// removed. False when its writer lives.
Result<bool> close_abandoned(const Segment& segment);

// Makes names in the folder survive a power cut.
Result<> sync_folder(const std::filesystem::path& folder);

}  // namespace temps::spool
