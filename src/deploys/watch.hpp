// How long a fresh release is watched, and what counts as going wrong. Pure decisions.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

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

// What a release's visitors got.
struct Record {
  std::int64_t answers = 0;  // `failed` among them
  std::int64_t failed = 0;   // with a 5xx, or none at all
};

// So few may be one visitor's trouble with one page.
inline constexpr std::int64_t failed_answers_min = 10;

// Does the fresh release fail so much more often than the one before that the difference is its
// own? An app that always fails a part of its requests is not gone back from.
constexpr bool has_error_jump(const Record& fresh, const Record& before) {
  if (fresh.failed < failed_answers_min) return false;
  const auto share = [](const Record& record) {
    return record.answers == 0
               ? 0.0
               : static_cast<double>(record.failed) / static_cast<double>(record.answers);
  };
  return share(fresh) >= 0.2 + 2 * share(before);
}

}  // namespace temps::deploys
