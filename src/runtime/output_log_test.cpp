#include "runtime/output_log.hpp"

#include <gtest/gtest.h>

#include "files/files.hpp"

namespace temps::runtime {
namespace {

LogLine line(int second, std::string text) {
  return {.time = Instant{std::chrono::seconds{second}},
          .is_error_stream = second % 2 == 1,
          .text = std::move(text)};
}

struct OutputLogTest : testing::Test {
  files::TemporaryFolder folder;
  OutputReader reader{folder.path()};

  std::vector<std::string> texts() {
    std::vector<std::string> all;
    for (auto lines = reader.read(); !lines.empty(); lines = reader.read()) {
      for (auto& each : lines) all.push_back(each.text);
    }
    return all;
  }
};

TEST_F(OutputLogTest, KeepsTimeStreamAndText) {
  OutputLog log(folder.path());
  log.write(line(7, "hello  world"));
  log.flush();
  const auto lines = reader.read();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].time, Instant{std::chrono::seconds{7}});
  EXPECT_TRUE(lines[0].is_error_stream);
  EXPECT_EQ(lines[0].text, "hello  world");
}

TEST_F(OutputLogTest, AReaderThatKeepsUpLosesNothingWhenFilesAreReplaced) {
  OutputLog log(folder.path(), 100);
  std::vector<std::string> written;
  std::vector<std::string> read;
  for (int i = 0; i < 50; ++i) {
    log.write(line(i, "line " + std::to_string(i)));
    log.flush();
    written.push_back("line " + std::to_string(i));
    if (i % 3 == 0) {
      const auto more = texts();
      read.insert(read.end(), more.begin(), more.end());
    }
  }
  const auto more = texts();
  read.insert(read.end(), more.begin(), more.end());
  EXPECT_EQ(read, written);
}

TEST_F(OutputLogTest, ALateReaderGetsTheLastTwoFilesInOrder) {
  OutputLog log(folder.path(), 60);
  for (int i = 0; i < 30; ++i) {
    log.write(line(i, "line " + std::to_string(i)));
    log.flush();
  }
  const auto read = texts();
  ASSERT_GE(read.size(), 3U);
  EXPECT_LE(read.size(), 6U);
  EXPECT_EQ(read.back(), "line 29");
  EXPECT_EQ(read.front(), "line " + std::to_string(30 - static_cast<int>(read.size())));
}

TEST_F(OutputLogTest, NothingIsReadWhereNothingWasWritten) { EXPECT_TRUE(reader.read().empty()); }

TEST(OutputLine, RefusesOtherText) {
  EXPECT_FALSE(parse_output_line(""));
  EXPECT_FALSE(parse_output_line("12"));
  EXPECT_FALSE(parse_output_line("12 x text"));
  EXPECT_FALSE(parse_output_line("no o text"));
  ASSERT_TRUE(parse_output_line("12 o "));
  EXPECT_EQ(parse_output_line("12 o ")->text, "");
}

}  // namespace
}  // namespace temps::runtime
