// Trees that want to be read wrongly, and settings that lead out of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "detect/detect.hpp"

namespace temps::detect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct HostileTree : testing::Test {
  std::filesystem::path folder = std::filesystem::temp_directory_path() /
                                 ("detect-" + std::to_string(::getpid()) + "-" +
                                  testing::UnitTest::GetInstance()->current_test_info()->name());
  void SetUp() override { std::filesystem::create_directories(folder / "tree"); }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void write(const std::string& path, const std::string& text) {
    const auto whole = folder / path;
    std::filesystem::create_directories(whole.parent_path());
    std::ofstream(whole, std::ios::binary) << text;
  }
  Result<Plan> plan(const Settings& settings = {}) {
    auto tree = read_tree(folder / "tree");
    if (!tree) return std::unexpected(tree.error());
    return detect(*tree, settings);
  }
};

TEST_F(HostileTree, LinksOutOfTheRootAreNotFollowed) {
  write("secret.json", R"({"scripts":{"start":"node secret"}})");
  std::filesystem::create_symlink(".", folder / "tree/a");
  std::filesystem::create_symlink("../secret.json", folder / "tree/package.json");
  const auto found = plan();
  ASSERT_FALSE(found.has_value());
  EXPECT_TRUE(found.error().is(errors::no_provider));
  EXPECT_THAT(found.error().detail(), HasSubstr("package.json is a link that leads out"));
}

TEST_F(HostileTree, LinkedFoldersAreNotEntered) {
  write("outside/package.json", "{}");
  write("tree/index.html", "");
  std::filesystem::create_symlink("../outside", folder / "tree/out2");
  std::filesystem::create_symlink(folder / "outside", folder / "tree/absolute");
  EXPECT_THAT(read_tree(folder / "tree")->files(), ElementsAre("index.html"));
}

TEST_F(HostileTree, LinksInsideTheTreeStandForTheirFile) {
  write("tree/deploy/Procfile.web", "web: node x\n");
  write("tree/package.json", "{}");
  std::filesystem::create_symlink("deploy/Procfile.web", folder / "tree/Procfile");
  std::filesystem::create_symlink("Procfile", folder / "tree/Chain");
  const auto tree = read_tree(folder / "tree");
  EXPECT_EQ(tree->text("Procfile"), "web: node x\n");
  EXPECT_FALSE(tree->has("Chain"));  // one link is enough
}

TEST_F(HostileTree, ALinkPutInPlaceOfAFileIsNotRead) {
  write("secret", "secret");
  write("tree/below/package.json", "{}");
  const auto tree = read_tree(folder / "tree");
  std::filesystem::remove_all(folder / "tree/below");
  std::filesystem::create_directories(folder / "elsewhere");
  write("elsewhere/package.json", "secret");
  std::filesystem::create_symlink(folder / "elsewhere", folder / "tree/below");
  EXPECT_EQ(tree->text("below/package.json"), "");
}

TEST_F(HostileTree, DevicesAndPipesAreNoFiles) {
  ASSERT_EQ(::mkfifo((folder / "tree/package.json").c_str(), 0600), 0);
  write("tree/index.html", "");
  EXPECT_EQ(plan()->provider, "static");
}

TEST_F(HostileTree, FoldersAreSkippedByTheirExactName) {
  for (const auto name : {"node_modules/next", "distribution", "dist", "builder", ".git"}) {
    write(std::string("tree/") + name + "/index.html", "");
  }
  EXPECT_THAT(read_tree(folder / "tree")->files(),
              ElementsAre("builder/index.html", "distribution/index.html"));
  const auto found = plan();
  ASSERT_FALSE(found.has_value());
  EXPECT_TRUE(found.error().is(errors::no_provider));
  EXPECT_THAT(found.error().detail(), HasSubstr("set the root directory to builder"));
}

TEST_F(HostileTree, TheWalkEndsAtSixLevels) {
  write("tree/1/2/3/4/5/seen", "");
  write("tree/1/2/3/4/5/6/unseen", "");
  EXPECT_THAT(read_tree(folder / "tree")->files(), ElementsAre("1/2/3/4/5/seen"));
}

TEST_F(HostileTree, AnEndlessTreeIsCutShortBelowItsTop) {
  for (int i = 0; i < 21; ++i) {
    for (int j = 0; j < 1000; ++j) {
      const auto path = "tree/" + std::to_string(i) + "/" + std::to_string(j);
      if (j == 0) {
        write(path, "");
      } else {
        std::filesystem::create_hard_link(folder / ("tree/" + std::to_string(i) + "/0"),
                                          folder / path);
      }
    }
  }
  write("tree/index.html", "");
  const auto found = plan();
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->warnings, ElementsAre(HasSubstr("more than 20000 entries")));
}

TEST_F(HostileTree, AHugeManifestIsRefused) {
  write("tree/package.json", "{\"a\":\"" + std::string(5 << 20, 'x') + "\"}");
  write("tree/index.html", "");
  const auto found = plan();
  ASSERT_FALSE(found.has_value());
  EXPECT_TRUE(found.error().is(errors::manifest_too_large));
  EXPECT_THAT(found.error().detail(), HasSubstr("package.json"));
}

TEST_F(HostileTree, AMissingFolderIsAnError) {
  EXPECT_FALSE(read_tree(folder / "nowhere").has_value());
}

TEST(HostileManifest, ABrokenOneIsAnErrorAndNoOtherProviderIsTried) {
  const auto found = detect(Tree::of({{"package.json", "{\"name\":"}, {"index.html", ""}}));
  ASSERT_FALSE(found.has_value());
  EXPECT_TRUE(found.error().is(errors::invalid_manifest));
  EXPECT_THAT(found.error().detail(), HasSubstr("package.json: "));
  EXPECT_THAT(found.error().detail(), HasSubstr("line 1"));
}

TEST(HostileManifest, OddShapesAreNoCrash) {
  for (const auto text : {"[]", "null", "3", "\"x\""}) {
    const auto found = detect(Tree::of({{"package.json", text}}));
    ASSERT_FALSE(found.has_value()) << text;
    EXPECT_TRUE(found.error().is(errors::invalid_manifest)) << text;
  }
  const auto odd = detect(
      Tree::of({{"package.json",
                 R"({"scripts":[1],"dependencies":"x","engines":3,"main":{},"packageManager":[]})"},
                {"package-lock.json", "[[["},
                {"server.js", ""}}));
  ASSERT_TRUE(odd.has_value()) << odd.error().detail();
  EXPECT_EQ(odd->start_command, "node server.js");
}

TEST(HostileManifest, DeeplyNestedOnesAreRefused) {
  const std::string deep(200'000, '[');
  EXPECT_TRUE(detect(Tree::of({{"package.json", deep}})).error().is(errors::invalid_manifest));
  EXPECT_TRUE(
      detect(Tree::of({{"pyproject.toml", "a = " + deep}})).error().is(errors::invalid_manifest));
}

TEST(HostileManifest, OutputFoldersStayInsideOfTheTree) {
  const auto found =
      detect(Tree::of({{"package.json", R"({"devDependencies":{"vite":"6"}})"},
                       {"vite.config.js", "export default {build: {outDir: '../../../etc'}}"}}));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->static_output->directory, "dist");
}

TEST(HostileManifest, RequirementsThatIncludeEachOtherEnd) {
  const auto found = detect(Tree::of({{"requirements.txt", "-r a.txt\n-r ../../etc/passwd\n"},
                                      {"a.txt", "-r requirements.txt\n-r a.txt\n"},
                                      {"main.py", ""}}));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->manifests.size(), 2U);
}

TEST(HostileSettings, FoldersLeadNowhereElse) {
  const auto tree = Tree::of({{"index.html", ""}, {"web/index.html", ""}});
  for (const auto folder : {"/etc", "../x", "a/../../x", "a\nb", "missing"}) {
    const auto found = detect(tree, {.root_directory = folder});
    ASSERT_FALSE(found.has_value()) << folder;
    EXPECT_TRUE(found.error().is(errors::bad_setting)) << folder;
  }
  EXPECT_TRUE(detect(tree, {.output_directory = "../x"}).error().is(errors::bad_setting));
  EXPECT_EQ(detect(tree, {.root_directory = "./web/"})->context, "web");
}

TEST(NoProvider, NamesTheFilesSeenAndWhatWasLookedFor) {
  const auto found = detect(Tree::of({{"README.md", ""}, {"go.mod", ""}, {"cmd/main.go", ""}}));
  ASSERT_FALSE(found.has_value());
  EXPECT_TRUE(found.error().is(errors::no_provider));
  EXPECT_THAT(found.error().detail(), HasSubstr("Found README.md, cmd/, go.mod."));
  EXPECT_THAT(found.error().detail(), HasSubstr("node: package.json"));
  EXPECT_THAT(detect(Tree::of({})).error().detail(), HasSubstr("Found nothing."));
}

TEST(NoProvider, PointsAtADockerfileElsewhere) {
  const auto found = detect(Tree::of({{"docker/Dockerfile", ""}, {"main.go", ""}}));
  EXPECT_THAT(found.error().detail(), HasSubstr("docker/Dockerfile: name it as the Dockerfile"));
}

TEST(NoProvider, ShowsNoControlCharacters) {
  const auto found = detect(Tree::of({{"a\x1b[31m\n", ""}}));
  EXPECT_THAT(found.error().detail(), HasSubstr("a?[31m?"));
}

}  // namespace
}  // namespace temps::detect
