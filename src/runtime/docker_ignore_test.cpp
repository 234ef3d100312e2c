#include "runtime/docker_ignore.hpp"

#include <gtest/gtest.h>

namespace temps::runtime {
namespace {

bool fits(std::string_view pattern, std::string_view path) {
  return PathPattern(pattern).matches(path);
}

TEST(PathPattern, AStarStaysWithinAName) {
  EXPECT_TRUE(fits("*.log", "a.log"));
  EXPECT_FALSE(fits("*.log", "a/b.log"));
  EXPECT_TRUE(fits("a/*/c", "a/b/c"));
  EXPECT_FALSE(fits("a/*/c", "a/b/b/c"));
  EXPECT_TRUE(fits("te?t", "test"));
  EXPECT_FALSE(fits("te?t", "te/t"));
}

TEST(PathPattern, TwoStarsGoAcrossNamesOrNone) {
  EXPECT_TRUE(fits("**/node_modules", "node_modules"));
  EXPECT_TRUE(fits("**/node_modules", "a/b/node_modules"));
  EXPECT_FALSE(fits("**/node_modules", "my_node_modules"));
  EXPECT_TRUE(fits("docs/**", "docs/a/b"));
  EXPECT_TRUE(fits("a/**/z", "a/z"));
  EXPECT_TRUE(fits("a/**/z", "a/b/c/z"));
  EXPECT_FALSE(fits("a/**/z", "a/bz"));
}

TEST(PathPattern, KnowsClassesAndEscapes) {
  EXPECT_TRUE(fits("[a-c]x", "bx"));
  EXPECT_FALSE(fits("[^a-c]x", "bx"));
  EXPECT_TRUE(fits("\\*", "*"));
  EXPECT_FALSE(fits("\\*", "a"));
  EXPECT_TRUE(fits("[", "["));
}

TEST(PathPattern, ManyStarsAreNotSlow) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(fits(pattern, std::string(2000, 'a') + "b"));
}

TEST(DockerIgnore, AnIgnoredFolderTakesItsContentAlong) {
  const DockerIgnore rules("# comment\n/node_modules/\n*.md\n");
  EXPECT_TRUE(rules.ignores("node_modules"));
  EXPECT_TRUE(rules.ignores("node_modules/left-pad/index.js"));
  EXPECT_FALSE(rules.ignores("src/node_modules/x"));
  EXPECT_TRUE(rules.ignores("README.md"));
  EXPECT_FALSE(rules.ignores("docs/README.md"));
}

TEST(DockerIgnore, TheLastRuleThatFitsDecides) {
  const DockerIgnore rules("*\n!src\nsrc/secret\n");
  EXPECT_TRUE(rules.ignores("README.md"));
  EXPECT_FALSE(rules.ignores("src/main.js"));
  EXPECT_TRUE(rules.ignores("src/secret/key"));
}

TEST(DockerIgnore, AnEmptyFileIgnoresNothing) {
  EXPECT_TRUE(DockerIgnore("\n#x\n  \n").empty());
  EXPECT_FALSE(DockerIgnore(".\n").ignores("a"));
}

}  // namespace
}  // namespace temps::runtime
