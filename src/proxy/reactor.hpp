// One epoll loop: sockets, timers and messages from other threads. A loop shares nothing with the
// others; everything but post() belongs to the thread that runs it.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace temps::proxy {

using TimePoint = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

// What a watched descriptor reports to. Edge-triggered: events tell of changes, so the target reads
// and writes until the kernel says EAGAIN.
class EventTarget {
 public:
  EventTarget() = default;
  EventTarget(const EventTarget&) = delete;
  EventTarget& operator=(const EventTarget&) = delete;
  virtual ~EventTarget() = default;
  virtual void on_events(std::uint32_t events) = 0;
  // The turn that was asked for with Reactor::soon().
  virtual void on_turn() {}

 private:
  friend class Reactor;
  bool retired_ = false;
  bool queued_ = false;
};

// A deadline in the reactor's wheel. Moving it later, which is what nearly every request does,
// costs one store: the wheel looks again when the old time comes.
class Timer {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  virtual ~Timer() { cancel(); }
  void cancel();
  [[nodiscard]] bool is_armed() const { return armed_; }

 protected:
  virtual void on_time() = 0;

 private:
  friend class Reactor;
  void unlink();
  std::uint64_t deadline_ = 0;     // in ticks
  std::uint64_t linked_tick_ = 0;  // where it hangs in the wheel
  Timer* next_ = nullptr;
  Timer** previous_ = nullptr;
  bool armed_ = false;
};

class Reactor {
 public:
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // Runs until stop().
  void run();
  void stop() { running_ = false; }

  // Reports reading, writing and hanging up, edge-triggered, until the descriptor is closed.
  bool watch(int fd, EventTarget& target);
  // Reports a descriptor that is watched to another target from now on, its present state first.
  bool rewatch(int fd, EventTarget& target);
  // Level-triggered reading only, for listeners.
  bool watch_level(int fd, EventTarget& target);
  void unwatch(int fd);
  // Calls target.on_turn() in the next round, after other descriptors had theirs.
  void soon(EventTarget& target);
  // Frees the target after the present round; until then it gets no more events.
  void retire(std::unique_ptr<EventTarget> target);

  void arm(Timer& timer, milliseconds from_now);
  [[nodiscard]] TimePoint now() const { return now_; }

  // Runs `work` on this loop's thread. Any thread may call it. Once the loop has ended, it is
  // destroyed instead.
  void post(std::move_only_function<void()> work);

  // Room for one read (large ones cost less CPU a byte), valid until the next one on this loop.
  [[nodiscard]] std::span<char> scratch() { return *scratch_; }
  static constexpr std::size_t scratch_bytes = 256UL * 1024;

 private:
  static constexpr milliseconds tick{50};
  static constexpr std::size_t slots = 2048;

  void wait();
  void dispatch(std::uint32_t events, EventTarget* target);
  void run_posted();
  void run_queued();
  void run_timers();
  void fire_slot(std::uint64_t tick_number);
  void link(Timer& timer, std::uint64_t tick_number);
  [[nodiscard]] int wait_milliseconds() const;
  [[nodiscard]] std::uint64_t tick_of(TimePoint time) const;
  void find_next_wake();

  int epoll_ = -1;
  int wakeup_ = -1;
  bool running_ = true;
  TimePoint start_;
  TimePoint now_;
  std::uint64_t done_tick_ = 0;      // all slots up to here are dealt with
  std::uint64_t next_wake_ = ~0ULL;  // no timer is due before this tick
  std::array<Timer*, slots> wheel_{};
  std::vector<EventTarget*> queued_;
  std::vector<std::unique_ptr<EventTarget>> retired_;
  std::unique_ptr<std::array<char, scratch_bytes>> scratch_;
  std::mutex posted_mutex_;
  std::vector<std::move_only_function<void()>> posted_;
  bool has_ended_ = false;  // with the mutex held
};

}  // namespace temps::proxy
