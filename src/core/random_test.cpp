#include "core/random.hpp"

#include <gtest/gtest.h>

namespace temps {
namespace {

TEST(Random, GivesAsManyBytesAsAsked) {
  EXPECT_EQ(random_bytes(0), "");
  EXPECT_EQ(random_bytes(5000).size(), 5000U);
  EXPECT_EQ(random_hex(16).size(), 32U);
  EXPECT_EQ(random_token(24).size(), 32U);
}

TEST(Random, DoesNotRepeatItself) {
  EXPECT_NE(random_bytes(16), random_bytes(16));
  EXPECT_NE(random_bytes(300), std::string(300, '\0'));
}

TEST(Random, TokensFitIntoUrlsAndCommandLines) {
  constexpr auto alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  EXPECT_EQ(random_token(300).find_first_not_of(alphabet), std::string::npos);
  EXPECT_EQ(random_hex(300).find_first_not_of("0123456789abcdef"), std::string::npos);
}

}  // namespace
}  // namespace temps
