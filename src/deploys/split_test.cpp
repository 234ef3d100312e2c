#include "deploys/split.hpp"

#include <gtest/gtest.h>

#include "deploys/errors.hpp"

namespace temps::deploys {
namespace {

TEST(Split, IsOfTwoReleasesWithWeights) {
  EXPECT_TRUE(check_split({{12, 90}, {13, 10}}).has_value());
  EXPECT_TRUE(check_split({{12, 0}, {13, 1}}).has_value());
  for (const auto& bad : std::vector<std::vector<SplitWish>>{{},
                                                             {{12, 1}},
                                                             {{12, 1}, {13, 1}, {14, 1}},
                                                             {{12, 1}, {12, 1}},
                                                             {{12, -1}, {13, 1}},
                                                             {{12, 1'000'001}, {13, 1}},
                                                             {{12, 0}, {13, 0}}}) {
    const auto checked = check_split(bad);
    ASSERT_FALSE(checked.has_value());
    EXPECT_TRUE(checked.error().is(errors::bad_split));
  }
}

TEST(Split, SharesAreShownInPercent) {
  EXPECT_DOUBLE_EQ(share_in_percent(9, {9, 1}), 90);
  EXPECT_DOUBLE_EQ(share_in_percent(0, {0, 1}), 0);
  EXPECT_DOUBLE_EQ(share_in_percent(0, {0, 0}), 0);
}

}  // namespace
}  // namespace temps::deploys
