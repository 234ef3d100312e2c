// When an app that ended is started again, and when that is given up.
#pragma once
#include <chrono>
#include <deque>
#include <optional>

namespace temps::runtime {

class RestartCounter {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t restarts_max = 10;
  static constexpr std::chrono::minutes window{10};
  static constexpr std::chrono::milliseconds first_delay{100};
  static constexpr std::chrono::seconds longest_delay{30};
  // An app that ran this long has come up; its next end is a new trouble.
  static constexpr std::chrono::seconds steady_after{10};

  // How long to wait before the next start; nothing when there were too many lately.
  std::optional<std::chrono::milliseconds> next(Time now, std::chrono::nanoseconds ran_for);
  [[nodiscard]] int total() const { return total_; }

 private:
  std::deque<Time> recent_;
  std::chrono::milliseconds delay_ = first_delay;
  int total_ = 0;
};

}  // namespace temps::runtime
