#include "compress/compress.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/text.hpp"

namespace temps::compress {
namespace {

std::string noise(std::size_t size) {
  std::mt19937 random(7);
  std::string text(size, '\0');
  for (auto& c : text) c = static_cast<char>(random());
  return text;
}

struct Method {
  std::string name;
  std::string (*pack)(std::string_view);
  Result<std::string> (*unpack)(std::string_view, std::size_t);
};

struct Compression : testing::TestWithParam<Method> {};

TEST_P(Compression, GivesBackWhatWasPacked) {
  for (const auto& text : {std::string(), std::string("x"), std::string(1'000'000, 'a'),
                           noise(300'000), std::string(64UL * 1024, 'b')}) {
    EXPECT_EQ(GetParam().unpack(GetParam().pack(text), text.size()).value(), text);
  }
}

TEST_P(Compression, MakesTextSmaller) {
  std::string text;
  for (int i = 0; i < 10'000; ++i)
    text += "GET /api/v1/projects 200 in " + std::to_string(i) + "\n";
  EXPECT_LT(GetParam().pack(text).size() * 4, text.size());
}

TEST_P(Compression, StopsAtTheLimit) {
  const auto bomb = GetParam().pack(std::string(50'000'000, '\0'));
  EXPECT_LT(bomb.size(), 100'000U);
  EXPECT_TRUE(GetParam().unpack(bomb, 1'000'000).error().is(errors::too_large));
  EXPECT_TRUE(GetParam().unpack(GetParam().pack("ab"), 1).error().is(errors::too_large));
}

TEST_P(Compression, NoticesDamage) {
  const auto text = noise(10'000);
  const auto packed = GetParam().pack(text);
  EXPECT_TRUE(GetParam().unpack("", 10).error().is(errors::bad_data));
  EXPECT_TRUE(GetParam().unpack("not compressed at all", 100).error().is(errors::bad_data));
  for (const std::size_t left : {std::size_t{1}, std::size_t{17}, packed.size() - 1}) {
    const auto cut = GetParam().unpack(std::string_view(packed).substr(0, left), text.size());
    EXPECT_TRUE(cut.error().is(errors::bad_data)) << left;
  }
  auto changed = packed;
  changed[packed.size() / 2] = static_cast<char>(changed[packed.size() / 2] ^ 1);
  EXPECT_FALSE(GetParam().unpack(changed, text.size()).has_value());
  EXPECT_TRUE(GetParam().unpack(packed + "tail", text.size()).error().is(errors::bad_data));
}

INSTANTIATE_TEST_SUITE_P(All, Compression,
                         testing::Values(Method{"zstd", &zstd, &unzstd},
                                         Method{"gzip", &gzip, &gunzip}),
                         [](const auto& method) { return method.param.name; });

TEST(Zstd, ReadsFramesInARow) {
  EXPECT_EQ(unzstd(zstd("one ") + zstd("two"), 7).value(), "one two");
}

TEST(Crc32, AgreesWithTheCheckValueOfTheStandard) {
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc32(""), 0U);
}

TEST(Gzip, ReadsWhatTheGzipProgramWrites) {
  const auto packed =
      from_hex("1f8b0800000000000003cb48cdc9c95728cf2fca49e102002d3b08af0c000000").value();
  EXPECT_EQ(gunzip(packed, 12).value(), "hello world\n");
}

}  // namespace
}  // namespace temps::compress
