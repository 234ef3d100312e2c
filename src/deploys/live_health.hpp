// When is a live app that does not answer worth a word, and when is it started again? Pure
// decisions.
#pragma once
#include <chrono>
#include <cstdint>

#include "core/clock.hpp"

namespace temps::deploys {

inline constexpr int failures_until_warning = 3;
inline constexpr int failures_until_restart = 10;
// Between restarts of one app: doubles with each, and starts anew once it has been well for long.
inline constexpr std::chrono::minutes restart_pause_first{1};
inline constexpr std::chrono::minutes restart_pause_max{60};
inline constexpr std::chrono::minutes well_for_long{10};

struct LiveHealth {
  int failures = 0;  // in a row
  int restarts = 0;
  Instant restarted_at{};
};

enum class LiveStep : std::uint8_t { none, warn, restart, recovered };

struct LiveDecision {
  LiveHealth next;
  LiveStep step = LiveStep::none;
};

LiveDecision decide(LiveHealth health, bool answers, Instant now);

constexpr bool is_failing(const LiveHealth& health) {
  return health.failures >= failures_until_warning;
}

}  // namespace temps::deploys
