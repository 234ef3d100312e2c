#include "logs/test_logs.hpp"

namespace temps::logs {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Ten lines, one each second.
struct LogQuery : LogsTest {
  LogQuery() {
    for (int i = 0; i < 10; ++i) {
      append("apps/3", {fmt::format("line {}", i)});
      clock.advance(1s);
    }
  }
  Instant start = FakeClock().now();
};

TEST_F(LogQuery, ReadsFromATimeToBeforeAnother) {
  EXPECT_THAT(texts("apps/3", {.since = start + 8s}), ElementsAre("line 8", "line 9"));
  EXPECT_THAT(texts("apps/3", {.until = start + 2s}), ElementsAre("line 0", "line 1"));
  EXPECT_THAT(texts("apps/3", {.since = start + 3s, .until = start + 5s}),
              ElementsAre("line 3", "line 4"));
  EXPECT_THAT(texts("apps/3", {.since = start + 10s}), IsEmpty());
}

TEST_F(LogQuery, ReadsOnAfterASequence) {
  const auto all = lines("apps/3");
  EXPECT_THAT(texts("apps/3", {.after_sequence = all[7].sequence}),
              ElementsAre("line 8", "line 9"));
  EXPECT_THAT(texts("apps/3", {.after_sequence = all[9].sequence}), IsEmpty());
}

TEST_F(LogQuery, ReadsTheLastLines) {
  EXPECT_THAT(texts("apps/3", {.last = 2}), ElementsAre("line 8", "line 9"));
  EXPECT_THAT(texts("apps/3", {.until = start + 4s, .last = 2}), ElementsAre("line 2", "line 3"));
  EXPECT_EQ(texts("apps/3", {.last = 100}).size(), 10U);
  EXPECT_THAT(texts("apps/3", {.last = 0}), IsEmpty());
}

TEST_F(LogQuery, ReadsWhatContainsAText) {
  EXPECT_THAT(texts("apps/3", {.contains = "e 7"}), ElementsAre("line 7"));
  EXPECT_THAT(texts("apps/3", {.contains = ".*"}), IsEmpty());
  EXPECT_THAT(texts("apps/3", {.last = 1, .contains = "line"}), ElementsAre("line 9"));
}

struct LongLog : LogsTest {
  // Some segments, each ten minutes after the one before.
  void write_segments(int count) {
    for (int i = 0; i < count; ++i) {
      fill("apps/3", 1100, fmt::format("part{} ", i));
      clock.advance(10min);
    }
  }
};

TEST_F(LongLog, IsReadByTimeAcrossSegments) {
  const auto start = clock.now();
  write_segments(5);
  const auto middle = lines("apps/3", {.since = start + 10min, .until = start + 30min});
  ASSERT_EQ(middle.size(), 2200U);
  EXPECT_TRUE(middle.front().text.starts_with("part1 0 "));
  EXPECT_TRUE(middle.back().text.starts_with("part2 1099 "));
}

TEST_F(LongLog, OpensOnlySegmentsOfTheTimeAsked) {
  const auto start = clock.now();
  write_segments(4);
  auto closed = files("apps/3", ".log.zst");
  std::ranges::sort(closed);
  restart();
  // If it were opened, it would be found damaged and left out from then on.
  const auto good = files::read(closed.at(0)).value();
  std::filesystem::resize_file(closed.at(0), 10);
  EXPECT_FALSE(lines("apps/3", {.since = start + 20min}).empty());
  EXPECT_FALSE(lines("apps/3", {.last = 10}).empty());
  std::ofstream(closed.at(0), std::ios::trunc) << good;
  EXPECT_EQ(lines("apps/3", {.until = start + 1s}).size(), 1100U);
}

TEST_F(LongLog, GivesTheLastLinesFromSeveralSegments) {
  write_segments(3);
  const auto read = lines("apps/3", {.last = 2500});
  ASSERT_EQ(read.size(), 2500U);
  EXPECT_TRUE(read.back().text.starts_with("part2 1099 "));
  for (std::size_t i = 1; i < read.size(); ++i) {
    ASSERT_EQ(read[i].sequence, read[i - 1].sequence + 1);
  }
}

TEST_F(LongLog, IsHandedOutInBoundedParts) {
  std::vector<Line> hundred_thousand;
  for (int i = 0; i < 100'000; ++i) hundred_thousand.push_back(line(fmt::format("line {}", i)));
  ASSERT_TRUE(store().append("apps/3", hundred_thousand).has_value());
  std::int64_t seen = 0;
  int count = 0;
  for (;;) {
    const auto part = lines("apps/3", {.after_sequence = seen});
    if (part.empty()) break;
    ASSERT_LE(part.size(), read_lines_max);
    for (const auto& read : part) ASSERT_EQ(read.text, fmt::format("line {}", count++));
    seen = part.back().sequence;
  }
  EXPECT_EQ(count, 100'000);
  EXPECT_EQ(lines("apps/3", {.last = 1'000'000}).size(), read_lines_max);
}

TEST_F(LongLog, IsBoundedInBytesToo) {
  append("apps/3", std::vector<std::string>(1000, std::string(line_bytes_max, 'x')));
  const auto part = lines("apps/3");
  EXPECT_LT(part.size(), 600U);
  EXPECT_GT(part.size(), 400U);
  EXPECT_LT(lines("apps/3", {.last = 1000}).size(), 600U);
}

TEST_F(LongLog, SaysWhenASearchIsTooWide) {
  for (std::size_t i = 0; i <= searched_segments_max; ++i) {
    append("apps/3", std::vector<std::string>(64, std::string(line_bytes_max, 'x')));
  }
  append("apps/3", {"needle"});
  const Query forward{.contains = "needle"};
  EXPECT_TRUE(store().read("apps/3", forward).error().is(errors::search_too_wide));
  EXPECT_THAT(texts("apps/3", {.last = 1, .contains = "needle"}), ElementsAre("needle"));
  const Query backward{.last = 1, .contains = "nothing"};
  EXPECT_TRUE(store().read("apps/3", backward).error().is(errors::search_too_wide));
}

}  // namespace
}  // namespace temps::logs
