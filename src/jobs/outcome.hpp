// What becomes of a job after a run: pure decisions.
#pragma once
#include <chrono>
#include <cstdint>

#include "core/result.hpp"

namespace temps::jobs {

enum class Outcome : std::uint8_t {
  succeed,
  fail,
  retry,    // again after a pause
  release,  // again at once or at the next start; the attempt does not count
  cancel,
  forget,  // another process has it
};

struct RunEnd {
  bool is_closing = false;  // the process stops
  bool cancel_requested = false;
  std::int32_t attempt = 1;
  std::int32_t attempts_max = 1;
};

bool is_retryable(ErrorKind kind);
Outcome decide(const Result<>& result, const RunEnd& end);

// The pause after attempt number `attempt`: doubles from `first` to `most`, and then up to a
// quarter longer or shorter, by `chance` from 0 to 1, so that jobs that failed together part.
std::chrono::milliseconds pause_after(std::int32_t attempt, std::chrono::milliseconds first,
                                      std::chrono::milliseconds most, double chance);

}  // namespace temps::jobs
