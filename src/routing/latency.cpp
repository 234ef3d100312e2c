#include "routing/latency.hpp"

#include <cmath>
#include <numeric>

namespace temps::routing {

std::optional<double> latency_bucket_end(std::size_t bucket) {
  if (bucket + 1 >= latency_buckets) return std::nullopt;
  return 256e-6 * std::pow(2.0, static_cast<double>(bucket) / 2);
}

std::optional<double> latency_quantile(std::span<const std::int64_t> counts, double quantile) {
  const auto total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  if (total <= 0) return std::nullopt;
  const double wanted = quantile * static_cast<double>(total);
  double below = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto here = static_cast<double>(counts[i]);
    if (here <= 0 || below + here < wanted) {
      below += here;
      continue;
    }
    const double begin = i == 0 ? 0 : latency_bucket_end(i - 1).value_or(0);
    // Of the last bucket only the beginning is known.
    const double end = latency_bucket_end(i).value_or(begin);
    return begin + (end - begin) * (wanted - below) / here;
  }
  return latency_bucket_end(latency_buckets - 2);
}

}  // namespace temps::routing
