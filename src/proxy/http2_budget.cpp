#include "proxy/http2_budget.hpp"

#include <algorithm>

namespace temps::proxy {

bool Allowance::take(TimePoint now) {
  if (now > at_) {
    const std::chrono::duration<double> passed = now - at_;
    left_ = std::min(burst_, left_ + passed.count() * per_second_);
    at_ = now;
  }
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

}  // namespace temps::proxy
