#include "runtime/docker_cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/files.hpp"

namespace temps::runtime {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string id_of(char c) { return "sha256:" + std::string(64, c); }

struct DockerCacheTest : testing::Test {
  std::vector<EngineImage> images;
  StepLedger ledger;

  // A base image of the user's.
  void SetUp() override {
    images.push_back({.id = id_of('0'), .tags = {"node:20"}, .size_bytes = 1000, .created_s = 5});
  }
  // A step of ours, 10 bytes larger than what it stands on.
  EngineImage& add_step(char c, char parent, std::int64_t used_s) {
    ledger.note(id_of(c).substr(7, 12), {.since_s = 100, .used_s = used_s});
    return add(c, parent);
  }
  EngineImage& add(char c, char parent) {
    std::uint64_t below = 0;
    for (const auto& image : images) {
      if (image.id == id_of(parent)) below = image.size_bytes;
    }
    images.push_back({.id = id_of(c),
                      .parent = id_of(parent),
                      .size_bytes = below + 10,
                      .created_s = 100 + static_cast<std::int64_t>(images.size())});
    return images.back();
  }
  EngineImage& add_final(char c, char parent, std::string deployment) {
    auto& image = add_step(c, parent, 1);
    image.labels = {{"temps.installation", "i1"},
                    {"temps.project", "shop"},
                    {"temps.deployment", std::move(deployment)}};
    return image;
  }
  // By the letters of the ids.
  std::string removed(std::uint64_t bytes_max, std::size_t steps_max = 100) {
    std::string letters;
    for (const auto& id : images_to_remove(images, ledger, {"i1", bytes_max, steps_max})) {
      letters += id[7];
    }
    return letters;
  }
};

TEST_F(DockerCacheTest, TheLeastRecentlyUsedStepsGoFirstFromTheTopDown) {
  add_step('a', '0', 300);
  add_step('b', 'a', 300);
  add_step('c', 'b', 200);
  add_step('d', 'a', 250);
  EXPECT_EQ(removed(40), "");
  EXPECT_EQ(removed(39), "c");
  EXPECT_EQ(removed(20), "cd");
  EXPECT_EQ(removed(0), "cdba");
}

TEST_F(DockerCacheTest, StepsThatTakeNoSpaceAreCounted) {
  add_step('a', '0', 300).size_bytes = 1000;
  add_step('b', 'a', 300).size_bytes = 1000;
  add_step('c', '0', 200).size_bytes = 1000;
  EXPECT_EQ(removed(0, 3), "");
  EXPECT_EQ(removed(0, 1), "cb");
  EXPECT_EQ(removed(0, 0), "cba");
}

TEST_F(DockerCacheTest, WhatAReleaseStandsOnIsNeitherRemovedNorCounted) {
  add_step('a', '0', 1);
  add_step('b', 'a', 1);
  add_final('c', 'b', "7").tags = {"temps/shop:7"};
  add_step('d', 'a', 1);
  EXPECT_EQ(removed(10), "");
  EXPECT_EQ(removed(0), "d");
}

TEST_F(DockerCacheTest, ImagesOfOthersStay) {
  add('a', '0');                            // not noted
  add_step('b', '0', 1).created_s = 99;     // older than the build that named it
  add_step('c', '0', 1).tags = {"mine:1"};  // has a name
  add_step('d', '0', 1);
  add('e', 'd');  // the user's, on a step of ours
  EXPECT_EQ(removed(0), "");
}

TEST_F(DockerCacheTest, AReplacedImageOfADeploymentGoesAndTheStepsBelowItCount) {
  add_step('a', '0', 1);
  add_final('b', 'a', "7");
  add_final('c', '0', "7").tags = {"temps/shop:7"};
  EXPECT_EQ(removed(10), "b");
  EXPECT_EQ(removed(9), "ba");
}

TEST_F(DockerCacheTest, TheStepsThatSetLabelsAreSteps) {
  add_step('a', '0', 1).labels = {{"temps.deployment", "7"}};
  add_step('b', 'a', 1).labels = {{"temps.deployment", "7"}, {"temps.installation", "i1"}};
  EXPECT_EQ(removed(0), "ba");
}

TEST_F(DockerCacheTest, AnImageOfTheUserOnOneOfOursStays) {
  add_final('b', '0', "7").tags = {"temps/shop:7"};
  // Inherits the labels.
  const auto labels = images.back().labels;
  add('c', '0').labels = labels;
  EXPECT_EQ(removed(0), "");
}

TEST_F(DockerCacheTest, AReleaseThatOnlyLostItsNameStays) {
  add_final('b', '0', "7");
  // Another installation has taken the name.
  add_final('c', '0', "7").tags = {"temps/shop:7"};
  images.back().labels["temps.installation"] = "i2";
  EXPECT_EQ(removed(0), "");
}

TEST_F(DockerCacheTest, TheLedgerOutlivesTheProcessAndForgetsWhatIsGone) {
  const files::TemporaryFolder folder;
  const auto file = folder.path() / "steps";
  add_step('a', '0', 200);
  add_step('b', 'a', 200);
  ASSERT_TRUE(ledger.save(file));
  ASSERT_TRUE(StepLedger::append(file, id_of('c'), {.since_s = 100, .used_s = 300}));
  auto loaded = StepLedger::load(file);
  EXPECT_TRUE(loaded.contains(id_of('a')) && loaded.contains(id_of('c')));
  images.pop_back();
  add('c', 'a').created_s = 50;  // not made by the build that named it
  loaded.keep_only(images);
  EXPECT_EQ(loaded.steps().size(), 1U);
  EXPECT_TRUE(loaded.contains(id_of('a')));
  loaded.touch(id_of('a'), 400);
  loaded.touch(id_of('0'), 400);
  EXPECT_EQ(loaded.steps().begin()->second.used_s, 400);
  EXPECT_EQ(loaded.steps().size(), 1U);
}

TEST_F(DockerCacheTest, AStepThatIsNamedAgainStaysAsOldAsItIs) {
  add_step('a', '0', 200);
  ledger.note(id_of('a'), {.since_s = 500, .used_s = 500});
  EXPECT_EQ(ledger.steps().begin()->second.since_s, 100);
  EXPECT_EQ(removed(0), "a");
}

TEST(StepLedger, AFileThatIsNoLedgerIsAnEmptyOne) {
  const files::TemporaryFolder folder;
  EXPECT_THAT(StepLedger::load(folder.path() / "none").steps(), IsEmpty());
  ASSERT_TRUE(files::write_atomically(folder.path() / "x", "a b\n\nabcdefabcdef 1\n0 0 0\n"));
  EXPECT_THAT(StepLedger::load(folder.path() / "x").steps(), IsEmpty());
}

TEST(EngineImages, AreReadFromTheEnginesList) {
  const auto list = json::decode<json::Value>(
      R"([{"Id":"sha256:a","ParentId":"sha256:b","RepoTags":["<none>:<none>"],"Size":12,
      "Created":34,"Labels":null},{"Id":"sha256:c","RepoTags":["x:1"],"Labels":{"k":"v"}}])");
  ASSERT_TRUE(list);
  const auto images = parse_images(*list);
  ASSERT_EQ(images.size(), 2U);
  EXPECT_EQ(images[0].parent, "sha256:b");
  EXPECT_THAT(images[0].tags, IsEmpty());
  EXPECT_EQ(images[0].size_bytes, 12U);
  EXPECT_EQ(images[0].created_s, 34);
  EXPECT_THAT(images[1].tags, ElementsAre("x:1"));
  EXPECT_EQ(images[1].labels.at("k"), "v");
}

}  // namespace
}  // namespace temps::runtime
