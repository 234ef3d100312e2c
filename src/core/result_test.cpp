#include "core/result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "core/id.hpp"

namespace temps {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr ErrorCode taken{"core_test.taken", ErrorKind::conflict, "The name is taken"};

Result<int> refuse(std::string_view name) { return fail(taken, "\"{}\" is taken", name); }

TEST(Result, FailSaysWhatHappenedForThisUser) {
  const auto result = refuse("shop");
  ASSERT_FALSE(result.has_value());
  EXPECT_TRUE(result.error().is(taken));
  EXPECT_FALSE(result.error().is(errors::internal));
  EXPECT_EQ(result.error().detail(), "\"shop\" is taken");
}

TEST(Result, FailWithoutWordsTakesTheTitle) {
  const Result<> result = fail(taken);
  EXPECT_EQ(result.error().detail(), taken.title);
}

TEST(Result, ACauseIsAddedToACopy) {
  const Error error(taken, "for the user", {{"/name", "taken"}});
  const auto explained = error.because("for the log").retry_in(5s);
  EXPECT_EQ(error.cause(), "");
  EXPECT_EQ(error.retry_after(), 0s);
  EXPECT_EQ(explained.cause(), "for the log");
  EXPECT_EQ(explained.retry_after(), 5s);
  EXPECT_EQ(explained.detail(), "for the user");
  EXPECT_EQ(explained.fields().at(0).pointer, "/name");
}

TEST(Result, AnErrnoIsToldInWords) {
  const auto error = errno_error("cannot open /x", ENOSPC);
  EXPECT_TRUE(error.is(errors::system));
  EXPECT_THAT(std::string(error.detail()), HasSubstr("cannot open /x: No space left"));
}

TEST(Id, IdsOfOneTableCompareByValue) {
  using ShopId = Id<struct ShopTag>;
  EXPECT_EQ(ShopId{3}, ShopId{3});
  EXPECT_LT(ShopId{3}, ShopId{4});
  EXPECT_EQ(std::hash<ShopId>{}(ShopId{3}), std::hash<ShopId>{}(ShopId{3}));
}

}  // namespace
}  // namespace temps
