#include "bundle/glob.hpp"

#include <gtest/gtest.h>

#include <string>

namespace temps::bundle {
namespace {

struct Case {
  std::string_view pattern;
  std::string_view path;
  bool matches;
};

TEST(Glob, MatchesAsGitDoes) {
  static constexpr Case cases[] = {
      {"a.txt", "a.txt", true},
      {"a.txt", "b/a.txt", false},
      {"*.txt", "a.txt", true},
      {"*.txt", "b/a.txt", false},
      {"a?c", "abc", true},
      {"a?c", "a/c", false},
      {"**/c", "c", true},
      {"**/c", "a/b/c", true},
      {"a/**/c", "a/c", true},
      {"a/**/c", "a/x/y/c", true},
      {"a/**/c", "ab/c", false},
      {"a/**", "a/b/c", true},
      {"a/**", "a", false},
      {"a/*/c", "a/b/c", true},
      {"a/*/c", "a/b/b/c", false},
      {"a/b**c", "a/bxc", true},
      {"[a-c]x", "bx", true},
      {"[!a-c]x", "bx", false},
      {"[^a-c]x", "dx", true},
      {"[]]x", "]x", true},
      {"[a-]x", "-x", true},
      {"[[:digit:]]x", "7x", true},
      {"[[:nonsense:]]x", "7x", false},
      {"a[b", "a[b", false},
      {"a\\*b", "a*b", true},
      {"a\\*b", "axb", false},
      {"a\\", "a\\", false},
      {"[a/]b", "/b", false},
      {"**/a*b/**/d", "x/aab/y/z/d", true},
      {"*a*b*c", "xaxbxbxc", true},
      {"*a*b*c", "xaxbxbxd", false},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(Glob(one.pattern).matches(one.path), one.matches)
        << one.pattern << " and " << one.path;
  }
}

TEST(Glob, ManyStarsTakeNoTime) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "**/a*a*";
  const std::string path(20'000, 'a');
  EXPECT_FALSE(Glob(pattern + "b").matches(path));
}

}  // namespace
}  // namespace temps::bundle
