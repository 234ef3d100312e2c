#include "logs/record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace temps::logs {
namespace {

using testing::ElementsAre;

Record record() {
  return {.sequence = 42,
          .time = Instant{std::chrono::microseconds{1'700'000'000'123'456}},
          .stream = Stream::err,
          .text = "two  words "};
}

TEST(LogRecord, ReadsBackAsItWasWritten) {
  std::string out;
  write_record(out, record());
  EXPECT_EQ(out.substr(8), " 42 1700000000123456 e two  words \n");
  const auto read = parse_record(std::string_view(out).substr(0, out.size() - 1));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->sequence, 42);
  EXPECT_EQ(read->time, record().time);
  EXPECT_EQ(read->stream, Stream::err);
  EXPECT_EQ(read->text, "two  words ");
}

TEST(LogRecord, KeepsWhoWroteIt) {
  auto written = record();
  written.source = 17;
  std::string out;
  write_record(out, written);
  EXPECT_EQ(out.substr(8), " 42 1700000000123456 e17 two  words \n");
  const auto read = parse_record(std::string_view(out).substr(0, out.size() - 1));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->source, 17);
  EXPECT_EQ(read->stream, Stream::err);
  EXPECT_TRUE(matches(*read, {.source = 17}));
  EXPECT_FALSE(matches(*read, {.source = 1}));
}

TEST(LogRecord, KeepsAnEmptyTextAndATimeBefore1970) {
  std::string out;
  write_record(out, {.sequence = 1, .time = Instant{std::chrono::microseconds{-5}}, .text = ""});
  const auto read = parse_record(std::string_view(out).substr(0, out.size() - 1));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->text, "");
  EXPECT_EQ(read->time.time_since_epoch().count(), -5);
}

TEST(LogRecord, NoticesAChangeOfAnyByte) {
  std::string out;
  write_record(out, record());
  out.pop_back();
  for (std::size_t at = 0; at < out.size(); ++at) {
    auto changed = out;
    changed[at] = changed[at] == '~' ? '!' : '~';
    EXPECT_FALSE(parse_record(changed).has_value()) << at;
    EXPECT_FALSE(parse_record(std::string_view(out).substr(0, at)).has_value()) << at;
  }
}

TEST(LogRecord, SkipsDamageAndGoesOn) {
  std::string out;
  write_record(out, {.sequence = 1, .text = "first"});
  out += "not a record\n\n";
  write_record(out, {.sequence = 2, .text = "second"});
  out += "torn";
  std::vector<std::string> texts;
  for_each_record(out, [&](const Record& read) { texts.emplace_back(read.text); });
  EXPECT_THAT(texts, ElementsAre("first", "second"));
}

TEST(StoredLines, CutAtNewlines) {
  EXPECT_THAT(stored_lines("plain"), ElementsAre("plain"));
  EXPECT_THAT(stored_lines("a\n\nb\n"), ElementsAre("a", "", "b"));
  EXPECT_THAT(stored_lines(""), ElementsAre(""));
  EXPECT_THAT(stored_lines("\n"), ElementsAre(""));
}

TEST(StoredLines, AreBoundedAndNeverCutACharacter) {
  std::string text;
  while (text.size() < 3 * line_bytes_max) text += "€";
  const auto lines = stored_lines(text);
  ASSERT_EQ(lines.size(), 4U);
  std::string whole;
  for (const auto& line : lines) {
    EXPECT_LE(line.size(), line_bytes_max);
    EXPECT_EQ(line.size() % 3, 0U);
    whole += line;
  }
  EXPECT_EQ(whole, text);
}

TEST(StoredLines, AreUtf8WhateverCame) {
  EXPECT_THAT(stored_lines("a\xFF"
                           "b\xE2\x82"),
              ElementsAre("a\uFFFDb\uFFFD\uFFFD"));
}

}  // namespace
}  // namespace temps::logs
