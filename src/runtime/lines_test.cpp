#include "runtime/lines.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace temps::runtime {
namespace {

struct LinesTest : testing::Test {
  std::vector<std::string> seen;
  LineSplitter lines{[this](std::string_view line) { seen.emplace_back(line); }};
  using Lines = std::vector<std::string>;
};

TEST_F(LinesTest, JoinsPiecesIntoLines) {
  lines.feed("one\ntw");
  lines.feed("o\n\nthree");
  EXPECT_EQ(seen, (Lines{"one", "two", ""}));
  lines.finish();
  EXPECT_EQ(seen, (Lines{"one", "two", "", "three"}));
}

TEST_F(LinesTest, CutsLinesThatAreTooLong) {
  const std::string half(LineSplitter::line_bytes_max / 2, 'x');
  lines.feed(half);
  lines.feed(half);
  lines.feed("tail\n");
  EXPECT_EQ(seen, (Lines{half + half, "tail"}));
}

TEST_F(LinesTest, ALineOfExactlyTheLimitIsOneLine) {
  const std::string full(LineSplitter::line_bytes_max, 'x');
  lines.feed(full + "\nnext\n");
  EXPECT_EQ(seen, (Lines{full, "next"}));
}

TEST_F(LinesTest, ShowsWhatATerminalWouldShowOfAProgressLine) {
  lines.feed("10 %\r50 %\r100 %\r\n");
  EXPECT_EQ(seen, (Lines{"100 %"}));
}

}  // namespace
}  // namespace temps::runtime
