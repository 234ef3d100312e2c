// Times counted in buckets: cheap to count, sums of loops and of processes are sums of buckets, and
// quantiles are read from them afterwards.
#pragma once
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace temps::routing {

inline constexpr std::size_t latency_buckets = 32;

// Bucket 0 is below 256 µs; each further bucket ends at √2 times the end of the one before; the
// last one has no end.
constexpr std::size_t latency_bucket(std::chrono::nanoseconds time) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(time).count();
  constexpr std::uint64_t first_end = 256;
  if (micros < static_cast<std::int64_t>(first_end)) return 0;
  // Some 19 hours; keeps the square below within 64 bits.
  const auto value = std::min<std::uint64_t>(static_cast<std::uint64_t>(micros), 0xffff'ffffU);
  const auto width = static_cast<std::size_t>(std::bit_width(value));
  const auto octave = width - static_cast<std::size_t>(std::bit_width(first_end));
  const bool is_upper_half = value * value >= std::uint64_t{1} << (2 * width - 1);
  return std::min(2 * octave + (is_upper_half ? 2U : 1U), latency_buckets - 1);
}

// Where the bucket ends, in seconds; nothing for the last.
std::optional<double> latency_bucket_end(std::size_t bucket);

// The time in seconds that the share `quantile` (0 to 1) of all counted stays below, between its
// bucket's ends in proportion. Nothing where nothing was counted. `counts` has a place for each
// bucket; missing ones count as 0.
std::optional<double> latency_quantile(std::span<const std::int64_t> counts, double quantile);

}  // namespace temps::routing
