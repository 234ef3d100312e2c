#include "projects/name.hpp"

#include <gtest/gtest.h>

#include <array>

namespace temps::projects {
namespace {

TEST(ProjectName, AcceptsWhatFitsADnsLabelAFolderAndARepository) {
  for (const auto* name : {"shop", "a", "my-shop-2", "x234567890123456789012345678901234567890"}) {
    EXPECT_TRUE(check_name(std::string_view(name).substr(0, 40))) << name;
  }
}

TEST(ProjectName, RefusesOddCharactersAndSaysWhatWouldDo) {
  const auto result = check_name("My Shop!");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code().code, "projects.bad_name");
  EXPECT_NE(result.error().detail().find("\"my-shop\" would do"), std::string_view::npos);
}

TEST(ProjectName, RefusesWhatWouldBreakAPathOrAHost) {
  for (const auto* name : {"", "-a", "a-", "a--b", "1a", "a.b", "../etc", "a/b", "A", "ä",
                           "localhost", "git", "a b", "x;rm -rf"}) {
    EXPECT_FALSE(check_name(name)) << name;
  }
  EXPECT_FALSE(check_name(std::string(41, 'a')));
}

TEST(ProjectName, SaysThatAReservedNameIsKept) {
  EXPECT_NE(check_name("console").error().detail().find("kept for Temps"), std::string_view::npos);
}

TEST(ProjectName, MakesAUsableNameOfAlmostAnything) {
  EXPECT_EQ(usable_name("Hello, World"), "hello-world");
  EXPECT_EQ(usable_name("42"), "");
  EXPECT_EQ(usable_name("42nd street"), "nd-street");
  EXPECT_EQ(usable_name("git"), "");
}

TEST(EnvironmentName, FitsIntoTheHost) {
  for (const auto* name : {"staging", "a", "pr-12", "abcdefghijklmnopqrstuv"}) {
    EXPECT_TRUE(check_environment_name(name)) << name;
  }
  for (const auto* name :
       {"", "1a", "A", "a_b", "a--b", "a-", "abcdefghijklmnopqrstuvw", "eu-production", "a.b"}) {
    EXPECT_FALSE(check_environment_name(name)) << name;
  }
}

}  // namespace
}  // namespace temps::projects
