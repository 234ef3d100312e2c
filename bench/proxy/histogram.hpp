// Counts of durations in buckets that are at most 1.6 % wide, for quantiles.
#pragma once
#include <algorithm>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace temps::bench {

class Histogram {
 public:
  void add(std::chrono::nanoseconds duration) {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(0, duration.count()));
    ++counts_[std::min(bucket_of(value), counts_.size() - 1)];
    ++count_;
    max_ = std::max(max_, duration);
  }

  [[nodiscard]] std::chrono::nanoseconds quantile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(static_cast<double>(count_) * share);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted) return std::chrono::nanoseconds(lower_bound_of(i));
    }
    return max_;
  }

  [[nodiscard]] std::chrono::nanoseconds max() const { return max_; }

 private:
  // 64 buckets for each power of two above the first.
  static constexpr unsigned bits = 6;
  static constexpr std::size_t per_power = 1U << bits;

  static std::size_t bucket_of(std::uint64_t value) {
    const auto width = static_cast<unsigned>(std::bit_width(value | (per_power - 1)));
    const auto shift = width > bits + 1 ? width - bits - 1 : 0;
    return shift * per_power + static_cast<std::size_t>(value >> shift);
  }

  static std::uint64_t lower_bound_of(std::size_t bucket) {
    const auto shift = bucket < 2 * per_power ? 0 : bucket / per_power - 1;
    return static_cast<std::uint64_t>(bucket - shift * per_power) << shift;
  }

  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(per_power * 64);
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds max_{0};
};

}  // namespace temps::bench
