// What a client may ask of an HTTP/2 connection without bringing a request farther.
#pragma once
#include <chrono>
#include <cstddef>

namespace temps::proxy {

// So many at once, so many a second.
class Allowance {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  constexpr Allowance(double burst, double per_second)
      : burst_(burst), per_second_(per_second), left_(burst) {}
  // False when it is used up.
  [[nodiscard]] bool take(TimePoint now);
  void earn(double count) { left_ = left_ + count < burst_ ? left_ + count : burst_; }

 private:
  double burst_;
  double per_second_;
  double left_;
  TimePoint at_{};
};

// Each note_…() is false when the connection has to end.
class Http2Budget {
 public:
  using TimePoint = Allowance::TimePoint;

  // A frame without a request's head or a byte of its body: PING, SETTINGS, PRIORITY,
  // WINDOW_UPDATE, an empty DATA. nghttp2 bounds those that wait for an answer, but not those that
  // are answered.
  [[nodiscard]] bool note_idle_frame(TimePoint now) { return idle_frames_.take(now); }
  // A stream that ends because of what the client has sent on it. nghttp2 counts only those that
  // clients reset themselves (CVE-2023-44487, and CVE-2025-8671 the other way round).
  [[nodiscard]] bool note_stream_error(TimePoint now) { return stream_errors_.take(now); }
  // Bytes that were read. Frames that nghttp2 ignores, such as those of unknown types, are seen
  // here alone.
  [[nodiscard]] bool note_bytes(std::size_t bytes) {
    return (bytes_without_progress_ += bytes) <= bytes_without_progress_max;
  }
  // More has come, without progress, than a client can have had under way.
  [[nodiscard]] bool is_overdrawn() const {
    return bytes_without_progress_ > bytes_without_progress_max;
  }
  // A head, or bytes of a body, have come.
  void note_progress() {
    bytes_without_progress_ = 0;
    idle_frames_.earn(1);
  }
  // A DATA frame was sent: windows may be opened for it.
  void note_data_sent() { idle_frames_.earn(updates_per_data_frame); }

 private:
  static constexpr double idle_frames_burst = 1000;
  static constexpr double idle_frames_rate = 50;
  static constexpr double updates_per_data_frame = 4;
  static constexpr double stream_errors_burst = 200;
  static constexpr double stream_errors_rate = 20;
  // More than a client may have under way for a stream that was reset: a connection's window.
  static constexpr std::size_t bytes_without_progress_max = 4UL * 1024 * 1024;

  Allowance idle_frames_{idle_frames_burst, idle_frames_rate};
  Allowance stream_errors_{stream_errors_burst, stream_errors_rate};
  std::size_t bytes_without_progress_ = 0;
};

}  // namespace temps::proxy
