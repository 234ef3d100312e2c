// How long to wait before asking an authority again. Private to acme.
#pragma once
#include <algorithm>
#include <chrono>
#include <optional>

namespace temps::acme {

// Grows from half a second to ten; what the authority asks for counts, up to a minute, so that one
// header cannot stop an order.
class Pause {
 public:
  std::chrono::milliseconds next(std::optional<std::chrono::seconds> asked) {
    const auto own = own_;
    own_ = std::min(own_ * 3 / 2, longest_own);
    if (!asked) return own;
    return std::clamp(std::chrono::milliseconds(*asked), shortest, longest);
  }

 private:
  static constexpr std::chrono::milliseconds shortest{500};
  static constexpr std::chrono::milliseconds longest_own{10'000};
  static constexpr std::chrono::milliseconds longest{60'000};
  std::chrono::milliseconds own_ = shortest;
};

}  // namespace temps::acme
