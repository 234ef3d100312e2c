#include "proxy/traffic.hpp"

namespace temps::proxy {

void Traffic::add_to(routing::Answers& sum) const {
  sum.none += classes_[0].get();
  sum.interim += classes_[1].get();
  sum.success += classes_[2].get();
  sum.redirect += classes_[3].get();
  sum.client_error += classes_[4].get();
  sum.server_error += classes_[5].get();
  sum.total_micros += total_micros_.get();
  sum.latencies.resize(latencies_.size());
  for (std::size_t i = 0; i < latencies_.size(); ++i) sum.latencies[i] += latencies_[i].get();
}

std::int64_t RecentRate::in_last(int seconds, TimePoint now) const {
  const auto present = second_of(now);
  std::int64_t sum = 0;
  for (const auto& slot : slots_) {
    const auto value = slot.load(std::memory_order_relaxed);
    const auto second = value >> count_bits;
    if (second < present && second + static_cast<std::uint64_t>(seconds) >= present)
      sum += static_cast<std::int64_t>(value & ((std::uint64_t{1} << count_bits) - 1));
  }
  return sum;
}

}  // namespace temps::proxy
