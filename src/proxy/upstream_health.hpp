// Whether an upstream is sent requests: those that do not answer get none for a while. Shared by
// all loops.
#pragma once
#include <atomic>
#include <bit>
#include <cstdint>

#include "proxy/reactor.hpp"
#include "routing/report.hpp"

namespace temps::proxy {

// How the last requests went: one bit each, the newest in front, set where no answer came.
using Outcomes = std::uint32_t;
constexpr Outcomes with_outcome(Outcomes before, bool is_failure) {
  constexpr Outcomes remembered = (1U << 20U) - 1;
  return (before << 1U | (is_failure ? 1U : 0U)) & remembered;
}
// Five in a row, or more than half of the last twenty.
constexpr bool are_too_bad(Outcomes outcomes) {
  return std::countr_one(outcomes) >= 5 || std::popcount(outcomes) > 10;
}

// 1 s, and twice as long each time, up to 30 s.
constexpr milliseconds pause_after(int times_before) {
  constexpr milliseconds longest{30'000};
  return times_before >= 5 ? longest : milliseconds(1000) * (1 << times_before);
}

class UpstreamHealth {
 public:
  enum class State : std::uint8_t {
    in,
    // Takes no connections, or nobody knows yet whether it does after it has failed: whoever comes
    // may wait for it.
    unreachable,
    // Takes connections and does not answer. After a pause, one request at a time tries.
    out,
  };
  [[nodiscard]] State state() const { return state_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool is_in() const { return state() == State::in; }
  [[nodiscard]] routing::Health shown() const;
  // Since when it is unreachable.
  [[nodiscard]] TimePoint since() const;
  // When the next request may try one that is out.
  [[nodiscard]] TimePoint out_until() const;

  enum class Asked : std::uint8_t { as_usual, as_trial };
  // An answer has begun. Costs nothing where all is well.
  void note_answer(Asked asked, TimePoint now) {
    if (outcomes_.load(std::memory_order_relaxed) != 0) [[unlikely]]
      add_outcome(false);
    if (asked == Asked::as_trial) [[unlikely]]
      note_well(now);
  }
  // None came. True when nobody sends to it any more because of this.
  bool note_failure(Asked asked, TimePoint now);
  // A connection was refused, or made. note_refusal() is true as note_failure() is.
  bool note_refusal(TimePoint now);
  void note_connected(TimePoint now);
  // It has answered a check.
  void note_well(TimePoint now);
  // Of one that is out: may this request try? Then it is the only one, for as long as that may
  // take.
  [[nodiscard]] bool begin_trial(TimePoint now);
  // The trial has come to nothing, as its client was gone.
  void end_trial();
  // May this loop check it? One of them may, once a second.
  [[nodiscard]] bool claim_check(TimePoint now);
  // As new.
  void forget();

 private:
  using Ticks = TimePoint::rep;
  static Ticks ticks(TimePoint time) { return time.time_since_epoch().count(); }
  static bool claim(std::atomic<Ticks>& last, TimePoint now, milliseconds pause);
  Outcomes add_outcome(bool is_failure);
  bool leave(State to, TimePoint now);
  void put_out(TimePoint now);

  std::atomic<State> state_{State::in};
  std::atomic<Outcomes> outcomes_{0};
  std::atomic<int> times_out_{0};  // lately
  std::atomic<Ticks> since_{0};
  std::atomic<Ticks> failing_since_{0};  // since when all of the last failures have come
  std::atomic<Ticks> out_until_{0};
  std::atomic<Ticks> in_since_{0};
  std::atomic<Ticks> trial_begun_{0};
  std::atomic<Ticks> checked_{0};
};

}  // namespace temps::proxy
