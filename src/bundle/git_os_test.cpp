// Our reading of .gitignore files beside git's own.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>

#include "bundle/bundle.hpp"
#include "core/text.hpp"
#include "net/loop.hpp"
#include "process/process.hpp"

namespace temps::bundle {
namespace {

namespace fs = std::filesystem;

struct GitTest : testing::Test {
  net::Loop loop;

  std::string git(const fs::path& folder, std::vector<std::string> words) {
    words.insert(words.begin(), {"git", "-C", folder.string()});
    auto environment = process::base_environment();
    environment["HOME"] = "/nonexistent";
    environment["GIT_CONFIG_NOSYSTEM"] = "1";
    auto done =
        loop.run(process::capture(loop, {.command = std::move(words), .environment = environment}));
    EXPECT_TRUE(done && done->exit.is_success()) << (done ? done->err : done.error().detail());
    return done ? done->out : std::string();
  }
  // What git would add.
  std::vector<std::string> expected(const fs::path& folder) {
    const auto listed = git(folder, {"ls-files", "-z", "--others", "--exclude-standard"});
    std::vector<std::string> names;
    for (const auto name : split(listed, '\0')) {
      if (!name.empty()) names.emplace_back(name);
    }
    std::ranges::sort(names);
    return names;
  }
  static std::vector<std::string> ours(const fs::path& folder) {
    auto found = contents_of(folder);
    EXPECT_TRUE(found) << found.error().detail();
    std::ranges::sort(found->names);
    return found->names;
  }
};

// Trees and rules of few names, so that they meet.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::string name() {
    static constexpr std::string_view names[] = {"a",   "b",   "ab", "a.b", "ba.a", "abc",
                                                 "b-a", "[a]", "#a", "!b",  "a b",  "a "};
    return std::string(names[below(std::size(names))]);
  }
  std::string path() {
    std::string text = name();
    for (auto depth = below(4); depth > 0; --depth) text += "/" + name();
    return text;
  }
  std::string piece() {
    static constexpr std::string_view pieces[] = {
        "a",    "b",     ".",    "*",      "**",      "?",    "/",     "[ab]",
        "[!a]", "[^b-]", "-",    "**/",    "/**",     "/**/", "[a-c]", "[[:alpha:]]",
        "\\a",  "\\",    "[",    "]",      " ",       "\\ ",  "#",     "!",
        "c",    "*/",    "[]a]", "[a\\]]", "[[:x:]]", "[a-",  "\t"};
    return std::string(pieces[below(std::size(pieces))]);
  }
  std::string rule() {
    std::string text;
    if (below(4) == 0) text += "!";
    if (below(5) == 0) text += "/";
    if (below(2) == 0) {
      text += path();
    } else {
      for (auto left = 1 + below(5); left > 0; --left) text += piece();
    }
    if (below(4) == 0) text += "/";
    if (below(8) == 0) text += " ";
    if (below(10) == 0) text += "\r";
    return text;
  }
  std::string rules() {
    std::string text;
    for (auto left = 1 + below(5); left > 0; --left) text += rule() + "\n";
    if (below(5) == 0) text.pop_back();
    return text;
  }

 private:
  std::mt19937 random_;
};

void write(const fs::path& path, std::string_view text) {
  std::error_code in_the_way;
  fs::create_directories(path.parent_path(), in_the_way);
  if (!in_the_way) std::ofstream(path, std::ios::binary) << text;
}

TEST_F(GitTest, GeneratedTreesAndRulesAreReadAlike) {
  constexpr unsigned rounds = 100;
  for (unsigned seed = 1; seed <= rounds; ++seed) {
    Generator generator(seed);
    const files::TemporaryFolder folder;
    git(folder.path(), {"init", "--quiet"});
    for (int i = 0; i < 25; ++i) write(folder.path() / generator.path(), "x");
    std::string rules;
    for (auto left = 1 + generator.below(3); left > 0; --left) {
      const auto at = left == 1 ? fs::path() : fs::path(generator.path());
      const auto text = generator.rules();
      if (!fs::is_directory(folder.path() / at)) continue;
      write(folder.path() / at / ".gitignore", text);
      rules += "--- " + at.string() + "/.gitignore\n" + text;
    }
    ASSERT_EQ(ours(folder.path()), expected(folder.path())) << "seed " << seed << "\n" << rules;
  }
}

TEST_F(GitTest, RulesThatPeopleWriteAreReadAlike) {
  const files::TemporaryFolder folder;
  git(folder.path(), {"init", "--quiet"});
  write(folder.path() / ".gitignore",
        "\xEF\xBB\xBF# build output\n/build/\ndist\n*.log\n!important.log\nlogs/**/*.gz\n"
        "**/cache/**\n!**/cache/keep\ndocs/*.html\n/*.tmp\n\\#notes\n\\!bang\ntrailing   \n"
        "vendor/*\n!vendor/ours/\ncov[0-9]*\nfoo**/bar\n.DS_Store\n");
  write(folder.path() / "packages/web/.gitignore", "/out\n!dist\r\n");
  for (const auto* name : {"build/a",
                           "src/build/a",
                           "dist/x",
                           "src/dist",
                           "a.log",
                           "important.log",
                           "src/important.log",
                           "logs/a.gz",
                           "logs/2020/01/a.gz",
                           "cache/x",
                           "src/cache/x",
                           "src/cache/keep",
                           "docs/a.html",
                           "docs/sub/a.html",
                           "a.tmp",
                           "src/a.tmp",
                           "#notes",
                           "!bang",
                           "trailing",
                           "vendor/theirs/a",
                           "vendor/ours/a",
                           "cov1/x",
                           "cov9.txt",
                           "cover",
                           "foo/bar",
                           "foox/bar",
                           "foox/y/bar",
                           "foo.bar",
                           ".DS_Store",
                           "src/.DS_Store",
                           "packages/web/out/x",
                           "packages/web/src/out/x",
                           "packages/web/dist/x"}) {
    write(folder.path() / name, "x");
  }
  EXPECT_EQ(ours(folder.path()), expected(folder.path()));
}

}  // namespace
}  // namespace temps::bundle
