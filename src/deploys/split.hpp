// Two releases that share an environment's requests: a fresh one that only some visitors see.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace temps::deploys {

// A release, by the number of its deployment, and its share by comparison with the other.
struct SplitWish {
  std::int64_t number = 0;
  std::int32_t weight = 0;
};

inline constexpr std::int32_t split_weight_max = 1'000'000;

// Fails with `deploys.bad_split`.
Result<> check_split(const std::vector<SplitWish>& wishes);

// "#12=90 #13=10"
std::string in_words(const std::vector<SplitWish>& wishes);

// How much of everything has this weight, in percent.
double share_in_percent(std::int32_t weight, const std::vector<std::int32_t>& all);

}  // namespace temps::deploys
