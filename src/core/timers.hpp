// What running tasks need of an event loop: time, and a turn. net::Loop is the real one, ManualLoop
// the tests'.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>

namespace temps {

class Timers {
 public:
  using Callback = std::move_only_function<void()>;
  enum class TimerId : std::uint64_t {};

  virtual ~Timers() = default;
  // Calls `fire` once on the loop's thread, not before `delay` has passed. Loop thread only.
  virtual TimerId after(std::chrono::nanoseconds delay, Callback fire) = 0;
  // Harmless when the timer has fired already. Loop thread only.
  virtual void cancel(TimerId id) = 0;
  // Runs `work` on the loop's thread, after what runs now. From any thread.
  virtual void post(Callback work) = 0;
};

}  // namespace temps
