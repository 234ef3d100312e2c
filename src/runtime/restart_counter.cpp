#include "runtime/restart_counter.hpp"

#include <algorithm>

namespace temps::runtime {

std::optional<std::chrono::milliseconds> RestartCounter::next(Time now,
                                                              std::chrono::nanoseconds ran_for) {
  while (!recent_.empty() && now - recent_.front() > window) recent_.pop_front();
  if (recent_.size() >= restarts_max) return std::nullopt;
  if (ran_for >= steady_after) delay_ = first_delay;
  const auto delay = delay_;
  delay_ = std::min<std::chrono::milliseconds>(delay_ * 2, longest_delay);
  recent_.push_back(now);
  ++total_;
  return delay;
}

}  // namespace temps::runtime
