#include "runtime/docker_frames.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace temps::runtime {
namespace {

using namespace std::string_literals;

std::string frame(char stream, std::string_view payload) {
  std::string bytes{stream,
                    0,
                    0,
                    0,
                    0,
                    0,
                    static_cast<char>(payload.size() >> 8U),
                    static_cast<char>(payload.size() & 0xffU)};
  return bytes.append(payload);
}

struct FramesTest : testing::Test {
  std::vector<std::pair<bool, std::string>> seen;
  FrameReader reader{[this](bool is_error_stream, std::string_view payload) {
    seen.emplace_back(is_error_stream, payload);
  }};
};

TEST_F(FramesTest, TellsTheStreamsApart) {
  ASSERT_TRUE(reader.feed(frame(1, "out\n") + frame(2, "err\n") + frame(1, "")));
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0], std::pair(false, "out\n"s));
  EXPECT_EQ(seen[1], std::pair(true, "err\n"s));
  EXPECT_EQ(seen[2], std::pair(false, ""s));
}

TEST_F(FramesTest, JoinsPiecesOfAnyLength) {
  for (const char c : frame(1, std::string(300, 'x')) + frame(2, "y")) {
    ASSERT_TRUE(reader.feed({&c, 1}));
  }
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].second, std::string(300, 'x'));
  EXPECT_EQ(seen[1].second, "y");
}

TEST_F(FramesTest, RefusesWhatIsNoFrame) {
  EXPECT_FALSE(reader.feed("plain text"));
  FrameReader another([](bool, std::string_view) {});
  EXPECT_FALSE(another.feed("\1\0\0\0\x7f\xff\xff\xff"s));
}

TEST(StampedLine, KeepsNanosecondsAndTheText) {
  const auto line = parse_stamped_line("2026-11-23T22:49:07.884415632Z  two spaces");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->nanoseconds % 1'000'000'000, 884'415'632);
  EXPECT_EQ(line->text, " two spaces");
  EXPECT_EQ(parse_stamped_line("2026-11-23T22:49:07.8Z x")->nanoseconds % 1'000'000'000,
            800'000'000);
  EXPECT_EQ(parse_stamped_line("2026-11-23T22:49:07Z")->text, "");
  EXPECT_FALSE(parse_stamped_line("no time"));
  EXPECT_FALSE(parse_stamped_line("4052-11-23T22:49:07Z x"));
}

}  // namespace
}  // namespace temps::runtime
