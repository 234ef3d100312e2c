// What has gone through, counted by one loop and read by any thread.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "proxy/reactor.hpp"
#include "routing/latency.hpp"
#include "routing/table.hpp"

namespace temps::proxy {

// One thread adds: no locked instruction is needed.
class Counter {
 public:
  void add(std::int64_t count = 1) {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  [[nodiscard]] std::int64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// Answers by class of status and by the time that they took.
class Traffic {
 public:
  void count(int status, TimePoint::duration time) {
    const auto status_class = static_cast<std::size_t>(status / 100);
    classes_[status_class < classes_.size() ? status_class : 0].add();
    latencies_[routing::latency_bucket(time)].add();
    total_micros_.add(std::chrono::duration_cast<std::chrono::microseconds>(time).count());
  }
  void add_to(routing::Answers& sum) const;

 private:
  std::array<Counter, 6> classes_;  // [0]: none was sent
  std::array<Counter, routing::latency_buckets> latencies_;
  Counter total_micros_;
};

// Counts by the second, for a minute.
class RecentRate {
 public:
  void count(TimePoint now) {
    const auto second = second_of(now);
    auto& slot = slots_[second % slots];
    const auto old = slot.load(std::memory_order_relaxed);
    const bool is_same = old >> count_bits == second;
    slot.store((is_same ? old : second << count_bits) + 1, std::memory_order_relaxed);
  }
  // In the whole seconds before the present one; at most 60 of them.
  [[nodiscard]] std::int64_t in_last(int seconds, TimePoint now) const;

 private:
  static constexpr std::size_t slots = 64;
  static constexpr unsigned count_bits = 32;
  static std::uint64_t second_of(TimePoint time) {
    return static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count());
  }
  std::array<std::atomic<std::uint64_t>, slots> slots_{};  // the second, and its count
};

}  // namespace temps::proxy
