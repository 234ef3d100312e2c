// Does a client take, or give, its bytes fast enough to be waited for?
#pragma once
#include <chrono>
#include <cstdint>

namespace temps::proxy {

class Pace {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // `bytes`: how many have gone in all.
  void begin(TimePoint now, std::uint64_t bytes) {
    at_ = now;
    bytes_ = bytes;
    is_running_ = true;
  }
  // Goes on from where it stopped: what has gone meanwhile counts, too.
  void go_on() { is_running_ = true; }
  void stop() { is_running_ = false; }
  [[nodiscard]] bool is_running() const { return is_running_; }
  // Since begin() or the last keeps_up().
  [[nodiscard]] TimePoint::duration age(TimePoint now) const { return now - at_; }
  // Have at least `rate` bytes a second gone since then, and one at all? Begins anew.
  [[nodiscard]] bool keeps_up(TimePoint now, std::uint64_t bytes, std::uint64_t rate) {
    const std::chrono::duration<double> passed = now - at_;
    const auto gone = static_cast<double>(bytes - bytes_);
    begin(now, bytes);
    return gone >= 1 && gone >= passed.count() * static_cast<double>(rate);
  }

  // Has it not kept up for as long as that is waited for? To be asked whenever bytes have come.
  [[nodiscard]] bool falls_behind(TimePoint now, std::uint64_t bytes, TimePoint::duration patience,
                                  std::uint64_t rate) {
    if (is_running_) return age(now) >= patience && !keeps_up(now, bytes, rate);
    begin(now, bytes);
    return false;
  }

 private:
  TimePoint at_{};
  std::uint64_t bytes_ = 0;
  bool is_running_ = false;
};

}  // namespace temps::proxy
