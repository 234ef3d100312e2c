// The writing end of a spool, for one thread that may block. Several processes may have one each on
// the same folder.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "files/owned_fd.hpp"
#include "spool/record.hpp"

namespace temps::spool {

// What becomes of a new record when the spool is as large as it may be.
enum class Full : std::uint8_t {
  drop_oldest,  // it takes the place of the oldest segments
  refuse,       // `spool.full`: the caller is told that it was not taken
};

struct Options {
  std::filesystem::path folder;  // made where it is missing
  std::uint64_t bytes_max = 512ULL << 20U;
  Full when_full = Full::refuse;
  // A segment is closed, and so can be loaded, when it has this size or age.
  std::size_t segment_bytes = 8UL << 20U;
  std::chrono::milliseconds segment_age{1000};
};

// The largest segment that is written: what a reader needs memory for.
inline constexpr std::size_t segment_bytes_limit = 64UL << 20U;
inline constexpr std::size_t segment_file_bytes_max = segment_bytes_limit + record_bytes_max + 4096;
// While segments wait to be loaded, new ones grow older, so that there are not too many.
inline constexpr std::chrono::milliseconds segment_age_max{60'000};
std::chrono::milliseconds age_limit(std::chrono::milliseconds wanted, std::size_t waiting);

struct Counts {
  std::uint64_t written = 0;  // records
  std::uint64_t dropped = 0;  // records of segments that gave way to newer ones
};

class Output {
 public:
  Output(Options options, const Clock& clock);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // Takes the record; write() or sync() makes it last. Fails with `too_large`, and with what
  // write() fails with when a segment is full.
  Result<> append(std::string_view record);
  // Afterwards, what was appended survives the end of this process. On failure none of what was
  // appended since the last success is there. Fails with `full`, `core.system`.
  Result<> write();
  // Afterwards, what was appended survives a power cut, too.
  Result<> sync();
  // Ends the segment: a reader gets it. Nothing happens where none is open.
  Result<> close();
  // The same for one that has its age.
  Result<> close_if_old();
  [[nodiscard]] bool is_open() const { return file_.is_open(); }
  // Records that were appended, but not written.
  [[nodiscard]] std::uint64_t pending() const { return pending_records_; }

  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  using Steady = std::chrono::steady_clock;

  Result<> open();
  Result<std::size_t> make_room();
  Result<> take_back(const Error& error);
  void forget_pending();

  Options options_;
  const Clock& clock_;
  Counts counts_;
  std::string pending_;
  std::uint64_t pending_records_ = 0;

  files::OwnedFd file_;
  std::filesystem::path path_;
  std::string id_;
  std::size_t bytes_ = 0;  // of the file
  std::uint64_t records_ = 0;
  Steady::time_point opened_;
  std::chrono::milliseconds age_max_{};
};

namespace errors {
inline constexpr ErrorCode full{"spool.full", ErrorKind::unavailable,
                                "Too much is waiting to be stored"};
inline constexpr ErrorCode too_large{"spool.too_large", ErrorKind::too_large,
                                     "The record is too large for the spool"};
}  // namespace errors

}  // namespace temps::spool
