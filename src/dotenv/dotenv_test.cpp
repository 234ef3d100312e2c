#include "dotenv/dotenv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <vector>

#include "files/files.hpp"
#include "json/json.hpp"

namespace temps::dotenv {
namespace {

using testing::HasSubstr;
using testing::Not;

// What the console's reader is held to, too.
struct Vector {
  std::string name;
  std::string input;
  std::optional<Variables> expected;
  std::optional<std::size_t> error_line;
};

TEST(Dotenv, ReadsWhatTheSharedVectorsSay) {
  std::size_t seen = 0;
  const std::filesystem::path folder = TEMPS_SOURCE_DIR "/tests/data/dotenv";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto vectors =
        json::decode<std::vector<Vector>>(files::read(entry.path()).value(), {}).value();
    for (const auto& vector : vectors) {
      ++seen;
      const auto read = parse(vector.input);
      ASSERT_EQ(read.has_value(), vector.expected.has_value()) << vector.name;
      if (read) {
        EXPECT_EQ(*read, *vector.expected) << vector.name;
        EXPECT_EQ(parse(write(*read)).value(), *read) << vector.name;
      } else {
        EXPECT_THAT(std::string(read.error().detail()),
                    HasSubstr(fmt::format("line {}:", vector.error_line.value())))
            << vector.name;
      }
    }
  }
  EXPECT_GT(seen, 30U);
}

TEST(Dotenv, AnErrorDoesNotShowTheLine) {
  for (const auto* text : {"hidden", "A='hidden", "A=\"x\" hidden", "1=hidden", "A B=hidden"}) {
    const auto read = parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_THAT(std::string(read.error().detail()), Not(HasSubstr("hidden")));
  }
}

TEST(Dotenv, WhatIsTooMuchIsRefused) {
  EXPECT_FALSE(parse(std::string(file_bytes_max + 1, '\n')));
  std::string many;
  for (std::size_t i = 0; i <= variables_max; ++i) many += fmt::format("V{}=1\n", i);
  EXPECT_FALSE(parse(many));
}

TEST(Dotenv, QuotesWhatNeedsIt) {
  EXPECT_EQ(write({{"A", "x"}, {"B", "two words"}, {"C", "a\n\"b\" $c \\"}}),
            "A=x\nB=\"two words\"\nC=\"a\\n\\\"b\\\" \\$c \\\\\"\n");
}

}  // namespace
}  // namespace temps::dotenv
