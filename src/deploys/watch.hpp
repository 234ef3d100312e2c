// How long a fresh release is watched, and what counts as a crash. Pure decisions.
#pragma once
#include <algorithm>
#include <chrono>

#include "core/clock.hpp"
#include "runtime/runtime.hpp"

namespace temps::deploys {

// A watch that begins late, after a restart of Temps or of the engine, still sees an app that
// starts and crashes.
inline constexpr std::chrono::seconds late_watch{10};

constexpr Instant end_of_watch(Instant live_at, Instant now, std::chrono::seconds watch) {
  return std::max(live_at + watch, now + std::min(watch, late_watch));
}

inline bool has_crashed(const runtime::State& state) {
  return state.status != runtime::Status::running || state.restarts > 0;
}

}  // namespace temps::deploys
