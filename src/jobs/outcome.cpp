#include "jobs/outcome.hpp"

#include <algorithm>

#include "jobs/errors.hpp"

namespace temps::jobs {

bool is_retryable(ErrorKind kind) {
  return kind == ErrorKind::unavailable || kind == ErrorKind::timeout ||
         kind == ErrorKind::internal;
}

Outcome decide(const Result<>& result, const RunEnd& end) {
  if (result) return Outcome::succeed;
  if (result.error().is(errors::lease_lost)) return Outcome::forget;
  if (end.cancel_requested) return Outcome::cancel;
  // Whatever error the handler made of its being stopped.
  if (end.is_closing) return Outcome::release;
  if (is_retryable(result.error().code().kind) && end.attempt < end.attempts_max) {
    return Outcome::retry;
  }
  return Outcome::fail;
}

std::chrono::milliseconds pause_after(std::int32_t attempt, std::chrono::milliseconds first,
                                      std::chrono::milliseconds most, double chance) {
  auto pause = first;
  for (std::int32_t i = 1; i < attempt && pause < most; ++i) pause *= 2;
  pause = std::min(pause, most);
  const double factor = 0.75 + 0.5 * chance;
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(static_cast<double>(pause.count()) * factor));
}

}  // namespace temps::jobs
