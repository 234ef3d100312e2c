#include "http/history.hpp"

#include <gtest/gtest.h>

#include "http/errors.hpp"

namespace temps::http {
namespace {

TEST(HistoryCursor, ComesBackAsItWasWritten) {
  const HistoryCursor cursor{Instant(std::chrono::microseconds(1'772'366'400'000'001)), 42};
  EXPECT_EQ(to_text(cursor), "1772366400000001-42");
  const auto read = read_history_cursor(to_text(cursor));
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->began_at, cursor.began_at);
  EXPECT_EQ((*read)->id, 42);
  const auto none = read_history_cursor(std::nullopt);
  EXPECT_TRUE(none && !*none);
}

TEST(HistoryCursor, AnythingElseIsRefusedWithItsPlace) {
  for (const auto* text : {"", "x", "1", "1-", "-1", "-1-2", "1-x", "9000000000000000000-1",
                           "100000000000000001-1", "1-99999999999999999999"}) {
    const auto read = read_history_cursor(text);
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(read.error().is(errors::bad_parameter)) << text;
    EXPECT_EQ(read.error().fields().at(0).pointer, "/query/cursor");
  }
}

TEST(HistoryPeriod, HasEitherEndBothOrNone) {
  const auto both = read_period("2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->since, both->until);
  const auto open = read_period("2026-03-01T12:00:00Z", std::nullopt);
  EXPECT_TRUE(open && open->since && !open->until);
  const auto none = read_period(std::nullopt, std::nullopt);
  EXPECT_TRUE(none && !none->since && !none->until);
}

TEST(HistoryPeriod, WhatIsNoTimeIsNamed) {
  const auto since = read_period("yesterday", std::nullopt);
  ASSERT_FALSE(since);
  EXPECT_EQ(since.error().fields().at(0).pointer, "/query/since");
  const auto until = read_period(std::nullopt, "2026-13-01T00:00:00Z");
  ASSERT_FALSE(until);
  EXPECT_EQ(until.error().fields().at(0).pointer, "/query/until");
}

}  // namespace
}  // namespace temps::http
