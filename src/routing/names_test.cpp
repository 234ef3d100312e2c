#include "routing/names.hpp"

#include <gtest/gtest.h>

namespace temps::routing {
namespace {

TEST(Wildcard, StandsForTheNamesOneLevelBelow) {
  EXPECT_TRUE(covers("shop.example.com", "shop.example.com"));
  EXPECT_TRUE(covers("*.example.com", "shop.example.com"));
  EXPECT_TRUE(covers("*.example.com", "*.example.com"));
  EXPECT_FALSE(covers("*.example.com", "example.com"));
  EXPECT_FALSE(covers("*.example.com", "a.shop.example.com"));
  EXPECT_FALSE(covers("*.example.com", ".example.com"));
  EXPECT_FALSE(covers("shop.example.com", "example.com"));
  EXPECT_FALSE(covers("shop.example.com", "*.example.com"));
}

}  // namespace
}  // namespace temps::routing
