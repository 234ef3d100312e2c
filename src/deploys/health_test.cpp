#include "deploys/health.hpp"

#include <gtest/gtest.h>

namespace temps::deploys {
namespace {

TEST(Health, WithoutAPathAnyAnswerBelow500IsGood) {
  EXPECT_TRUE(is_healthy("", 200));
  EXPECT_TRUE(is_healthy("", 404));
  EXPECT_TRUE(is_healthy("", 302));
  EXPECT_FALSE(is_healthy("", 500));
  EXPECT_FALSE(is_healthy("", 503));
}

TEST(Health, WithAPathOnlySuccessAndRedirectsAreGood) {
  EXPECT_TRUE(is_healthy("/up", 200));
  EXPECT_TRUE(is_healthy("/up", 301));
  EXPECT_FALSE(is_healthy("/up", 404));
  EXPECT_FALSE(is_healthy("/up", 500));
}

}  // namespace
}  // namespace temps::deploys
