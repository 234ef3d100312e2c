// Holds this source tree to the rules of CONTRIBUTING.md.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "tidy/rules.hpp"

namespace temps::tidy {
namespace {

const Tree& tree() {
  static const Tree read = read_tree(TEMPS_SOURCE_DIR);
  return read;
}

void expect_none(const Findings& findings) {
  for (const auto& [path, line, message, weight] : findings) {
    const auto text = fmt::format("{}:{}: {}", path, line, message);
    if (weight == Weight::warning) {
      fmt::print("warning: {}\n", text);
    } else {
      ADD_FAILURE() << text;
    }
  }
}

TEST(SourceTree, IsRead) {
  EXPECT_GT(tree().sources.size(), 50u);
  EXPECT_TRUE(tree().modules.contains("core"));
}

TEST(SourceTree, HasSmallFilesAndFunctions) { expect_none(check_sizes(tree())); }
TEST(SourceTree, UsesNoBannedWords) { expect_none(check_words(tree())); }
TEST(SourceTree, HasNamesThatSayWhatTheThingIs) { expect_none(check_names(tree())); }
TEST(SourceTree, IncludesOnlyWhatModulesDeclare) { expect_none(check_includes(tree())); }
TEST(SourceTree, HasAReadmeATestAndOwnErrorCodesInEachModule) {
  expect_none(check_modules(tree()));
}

}  // namespace
}  // namespace temps::tidy
