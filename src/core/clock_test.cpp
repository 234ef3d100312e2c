#include "core/clock.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace temps {
namespace {

using namespace std::chrono_literals;

constexpr Instant epoch{};

std::optional<Instant> read(std::string_view text) {
  auto time = parse_rfc3339(text);
  return time ? std::optional(*time) : std::nullopt;
}

TEST(Clock, WritesUtcWithMilliseconds) {
  EXPECT_EQ(to_rfc3339(epoch), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(to_rfc3339(epoch + 1'772'366'400s + 7ms + 999us), "2026-03-01T12:00:00.007Z");
  EXPECT_EQ(to_rfc3339(epoch - 1us), "1969-12-31T23:59:59.999Z");
}

TEST(Clock, ReadsWhatItWrites) {
  const Instant time = epoch + 1'700'000'000s + 123ms;
  EXPECT_EQ(read(to_rfc3339(time)), time);
}

TEST(Clock, ReadsOffsetsAndFractions) {
  const Instant noon = *parse_rfc3339("2026-03-01T12:00:00Z");
  EXPECT_EQ(read("2026-03-01T14:30:00+02:30"), noon);
  EXPECT_EQ(read("2026-03-01T04:00:00-08:00"), noon);
  EXPECT_EQ(read("2026-03-01t12:00:00z"), noon);
  EXPECT_EQ(read("2026-03-01 12:00:00.5Z"), noon + 500ms);
  EXPECT_EQ(read("2026-03-01T12:00:00.123456789Z"), noon + 123456us);
}

TEST(Clock, KnowsLeapDaysAndLeapSeconds) {
  EXPECT_TRUE(parse_rfc3339("2024-02-29T00:00:00Z").has_value());
  EXPECT_FALSE(parse_rfc3339("2026-02-29T00:00:00Z").has_value());
  EXPECT_EQ(read("2016-12-31T23:59:60Z"), read("2017-01-01T00:00:00Z"));
}

TEST(Clock, RefusesWhatIsNoTime) {
  for (const auto* text :
       {"", "2026-03-01", "2026-03-01T12:00:00", "2026-13-01T12:00:00Z", "2026-03-01T24:00:00Z",
        "2026-03-01T12:60:00Z", "2026-03-01T12:00:61Z", "2026-03-01T12:00:00.Z",
        "2026-03-01T12:00:00+2:00", "2026-03-01T12:00:00+24:00", "2026-03-01T12:00:00Zjunk",
        "2026/03/01T12:00:00Z", "+026-03-01T12:00:00Z", "2026-03-01T-1:00:00Z"}) {
    const auto time = parse_rfc3339(text);
    ASSERT_FALSE(time.has_value()) << text;
    EXPECT_TRUE(time.error().is(errors::bad_time));
  }
}

TEST(Clock, AFakeClockMovesOnlyWhenTold) {
  FakeClock clock;
  const auto before = clock.now();
  EXPECT_EQ(clock.now(), before);
  clock.advance(90s);
  EXPECT_EQ(clock.now() - before, 90s);
}

TEST(Clock, TheSystemClockIsInThisCentury) {
  EXPECT_GT(SystemClock{}.now(), *parse_rfc3339("2024-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace temps
