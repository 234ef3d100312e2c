#include "compress/decoder.hpp"

#include <gtest/gtest.h>

#include <random>

#include "compress/compress.hpp"

namespace temps::compress {
namespace {

// What comes out when the file is given in pieces of this size.
Result<std::string> unpacked(std::string_view file, std::size_t piece, std::uint64_t bytes_max) {
  Gunzip stream(bytes_max);
  std::string out;
  for (std::size_t at = 0; at < file.size(); at += piece) {
    stream.give(file.substr(at, piece));
    for (;;) {
      auto part = stream.next();
      if (!part) return std::unexpected(part.error());
      if (part->empty()) break;
      out += *part;
    }
  }
  if (auto ended = stream.finish(); !ended) return std::unexpected(ended.error());
  return out;
}

std::string sample() {
  std::mt19937 random(7);
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += static_cast<char>('a' + random() % 9);
  return text;
}

TEST(Gunzip, GivesBackWhatWasPackedWhateverThePieces) {
  const auto text = sample();
  const auto file = gzip(text);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, file.size()}) {
    EXPECT_EQ(unpacked(file, piece, text.size()).value(), text) << piece;
  }
  EXPECT_EQ(unpacked(gzip(""), 3, 0).value(), "");
}

TEST(Gunzip, ReadsMembersInARow) {
  EXPECT_EQ(unpacked(gzip("one ") + gzip("") + gzip("two"), 5, 100).value(), "one two");
}

TEST(Gunzip, ABombEndsAtTheLimitInSmallPieces) {
  const auto bomb = gzip(std::string(50'000'000, '\0'));
  const auto result = unpacked(bomb, bomb.size(), 1'000'000);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().is(errors::too_large));
  Gunzip stream(50'000'000);
  stream.give(bomb);
  EXPECT_LE(stream.next().value().size(), 64U << 10U);
}

TEST(Gunzip, NoticesDamage) {
  const auto file = gzip(sample());
  for (const std::size_t left : {std::size_t{1}, std::size_t{17}, file.size() - 1}) {
    const auto cut = unpacked(std::string_view(file).substr(0, left), 1000, 1U << 20U);
    ASSERT_FALSE(cut) << left;
    EXPECT_TRUE(cut.error().is(errors::bad_data)) << left;
  }
  for (const auto& wrong : {std::string("PK\x03\x04 not gzip"), file + "tail"}) {
    const auto result = unpacked(wrong, 1000, 1U << 20U);
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().is(errors::bad_data));
  }
  EXPECT_FALSE(unpacked("", 1, 10));
}

}  // namespace
}  // namespace temps::compress
