#include "proxy/upstream_health.hpp"

namespace temps::proxy {
namespace {

// A trial that takes longer does not keep others from trying.
constexpr milliseconds trial_patience{5'000};
constexpr milliseconds check_pause{1'000};
// What fails for less long and then takes connections may have been started again in between.
constexpr milliseconds restart_time{1'000};
// One that was well for so long gets the shortest pause again.
constexpr milliseconds forgiven_after{60'000};

}  // namespace

routing::Health UpstreamHealth::shown() const {
  if (!is_in()) return routing::Health::out;
  return outcomes_.load(std::memory_order_relaxed) == 0 ? routing::Health::ok
                                                        : routing::Health::failing;
}

TimePoint UpstreamHealth::since() const {
  return TimePoint(TimePoint::duration(since_.load(std::memory_order_relaxed)));
}

TimePoint UpstreamHealth::out_until() const {
  return TimePoint(TimePoint::duration(out_until_.load(std::memory_order_relaxed)));
}

Outcomes UpstreamHealth::add_outcome(bool is_failure) {
  auto before = outcomes_.load(std::memory_order_relaxed);
  auto after = with_outcome(before, is_failure);
  while (!outcomes_.compare_exchange_weak(before, after, std::memory_order_relaxed))
    after = with_outcome(before, is_failure);
  if (after == 0) failing_since_.store(0, std::memory_order_relaxed);
  return after;
}

// Whether this call has changed it: of several loops that notice the same, one.
bool UpstreamHealth::leave(State to, TimePoint now) {
  auto from = State::in;
  if (!state_.compare_exchange_strong(from, to, std::memory_order_relaxed)) return false;
  since_.store(ticks(now), std::memory_order_relaxed);
  return true;
}

bool UpstreamHealth::note_failure(Asked asked, TimePoint now) {
  const auto outcomes = add_outcome(true);
  Ticks none = 0;
  failing_since_.compare_exchange_strong(none, ticks(now), std::memory_order_relaxed);
  if (asked == Asked::as_trial) {
    if (state() == State::out) put_out(now);
    return true;
  }
  // Whether it is being started again or only does not answer is found out next (note_connected).
  return are_too_bad(outcomes) && leave(State::unreachable, now);
}

bool UpstreamHealth::note_refusal(TimePoint now) {
  // What it did before it went away says nothing of what comes after.
  outcomes_.store(0, std::memory_order_relaxed);
  failing_since_.store(0, std::memory_order_relaxed);
  if (leave(State::unreachable, now)) return true;
  auto from = State::out;
  if (!state_.compare_exchange_strong(from, State::unreachable, std::memory_order_relaxed))
    return false;
  since_.store(ticks(now), std::memory_order_relaxed);
  return true;
}

void UpstreamHealth::note_connected(TimePoint now) {
  if (state() != State::unreachable) return;
  const bool is_bad = are_too_bad(outcomes_.load(std::memory_order_relaxed));
  const auto failing_since = failing_since_.load(std::memory_order_relaxed);
  if (is_bad && now - TimePoint(TimePoint::duration(failing_since)) >= restart_time)
    return put_out(now);
  note_well(now);
  // Not forgotten before it has answered.
  if (is_bad) outcomes_.store(1, std::memory_order_relaxed);
}

void UpstreamHealth::put_out(TimePoint now) {
  const auto well_since = TimePoint(TimePoint::duration(in_since_.load(std::memory_order_relaxed)));
  const bool is_forgiven = state() != State::out && now - well_since > forgiven_after;
  const int times = is_forgiven ? 0 : times_out_.load(std::memory_order_relaxed);
  times_out_.store(times + 1, std::memory_order_relaxed);
  out_until_.store(ticks(now + pause_after(times)), std::memory_order_relaxed);
  trial_begun_.store(0, std::memory_order_relaxed);
  state_.store(State::out, std::memory_order_relaxed);
}

void UpstreamHealth::note_well(TimePoint now) {
  if (is_in()) return;
  outcomes_.store(0, std::memory_order_relaxed);
  trial_begun_.store(0, std::memory_order_relaxed);
  in_since_.store(ticks(now), std::memory_order_relaxed);
  state_.store(State::in, std::memory_order_relaxed);
}

bool UpstreamHealth::claim(std::atomic<Ticks>& last, TimePoint now, milliseconds pause) {
  auto before = last.load(std::memory_order_relaxed);
  if (before != 0 && now - TimePoint(TimePoint::duration(before)) < pause) return false;
  return last.compare_exchange_strong(before, ticks(now), std::memory_order_relaxed);
}

bool UpstreamHealth::begin_trial(TimePoint now) {
  return state() == State::out && now >= out_until() && claim(trial_begun_, now, trial_patience);
}

void UpstreamHealth::end_trial() { trial_begun_.store(0, std::memory_order_relaxed); }

bool UpstreamHealth::claim_check(TimePoint now) { return claim(checked_, now, check_pause); }

void UpstreamHealth::forget() {
  outcomes_.store(0, std::memory_order_relaxed);
  failing_since_.store(0, std::memory_order_relaxed);
  times_out_.store(0, std::memory_order_relaxed);
  trial_begun_.store(0, std::memory_order_relaxed);
  state_.store(State::in, std::memory_order_relaxed);
}

}  // namespace temps::proxy
