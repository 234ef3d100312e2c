#include "runtime/docker_build_stream.hpp"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace temps::runtime {
namespace {

struct BuildStreamTest : testing::Test {
  std::vector<std::string> seen;
  DockerBuildStream stream{[this](std::string_view line) { seen.emplace_back(line); }};
  using Lines = std::vector<std::string>;
};

TEST_F(BuildStreamTest, ShowsStepsAndOutputWithoutTheEnginesChatter) {
  ASSERT_TRUE(stream.feed(R"({"stream":"Step 1/2 : FROM base:1"})"
                          "\n"
                          R"({"stream":"\n"})"
                          "\n"
                          R"({"stream":" ---\u003e 0123456789ab\n"})"
                          "\n"
                          R"({"stream":"Step 2/2 : RUN x\n"})"
                          "\n"
                          R"({"stream":" ---\u003e Running in 0123456789ab\n"})"
                          "\n"
                          R"({"stream":"\u001b[91mwarned\n\u001b[0m"})"
                          "\n"
                          R"({"aux":{"ID":"sha256:aa"}})"
                          "\n"));
  EXPECT_EQ(stream.finish().value_or("failed"), "sha256:aa");
  EXPECT_EQ(seen, (Lines{"Step 1/2 : FROM base:1", "Step 2/2 : RUN x", "warned"}));
}

TEST_F(BuildStreamTest, NamesTheStepThatFailed) {
  ASSERT_TRUE(stream.feed(
      "{\"stream\":\"Step 1/1 : RUN npm ci\\n\"}\n"
      "{\"errorDetail\":{\"code\":7,\"message\":\"m\"},\"error\":\"The command returned 7\"}\n"));
  const auto built = stream.finish();
  ASSERT_FALSE(built);
  EXPECT_TRUE(built.error().is(errors::build_failed));
  EXPECT_EQ(built.error().detail(),
            "\"RUN npm ci\" ended with exit code 7; its output above says why");
}

TEST_F(BuildStreamTest, SaysThatMemoryRanOut) {
  ASSERT_TRUE(
      stream.feed("{\"stream\":\"Step 1/1 : RUN x\\n\"}\n"
                  "{\"errorDetail\":{\"code\":137,\"message\":\"m\"},\"error\":\"e\"}\n"));
  EXPECT_NE(stream.finish().error().detail().find("ran out of memory"), std::string_view::npos);
}

TEST_F(BuildStreamTest, AnUnreachableRegistryIsAMissingBaseImage) {
  ASSERT_TRUE(stream.feed(
      "{\"stream\":\"Step 1/9 : FROM node:20-slim AS build\\n\"}\n"
      "{\"error\":\"Get \\\"https://registry.example/v2/\\\": dial tcp: lookup failed\"}\n"));
  const auto built = stream.finish();
  ASSERT_FALSE(built);
  EXPECT_TRUE(built.error().is(errors::base_image_missing));
  EXPECT_NE(built.error().detail().find("node:20-slim is not on this machine"),
            std::string_view::npos);
}

TEST_F(BuildStreamTest, AStreamThatBreaksOffIsAStoppedEngine) {
  ASSERT_TRUE(stream.feed("{\"stream\":\"Step 1/2 : FROM base:1\\n\"}\n{\"stre"));
  EXPECT_TRUE(stream.finish().error().is(errors::unavailable));
  DockerBuildStream another([](std::string_view) {});
  ASSERT_TRUE(another.feed("{\"stream\":\"Step 1/2 : FROM base:1\\n\"}\n"));
  EXPECT_TRUE(another.finish().error().is(errors::unavailable));
}

TEST_F(BuildStreamTest, CountsStepsAsTheUsersFileDoesAndNamesTheLine) {
  SentDockerfile dockerfile("FROM base:1\n\nRUN x\nRUN y\n", "Dockerfile");
  dockerfile.insert_before_first_steps({"COPY a b", "ARG c"});
  DockerBuildStream counted([this](std::string_view line) { seen.emplace_back(line); },
                            &dockerfile);
  ASSERT_TRUE(counted.feed(
      "{\"stream\":\"Step 1/6 : FROM base:1\\n\"}\n{\"stream\":\"Step 2/6 : COPY a b\\n\"}\n"
      "{\"stream\":\"Step 3/6 : ARG c\\n\"}\n{\"stream\":\"Step 4/6 : RUN x\\n\"}\n"
      "{\"stream\":\"Step 6/6 : said by x\\n\"}\n{\"stream\":\"Step 5/6 : RUN y\\n\"}\n"
      "{\"errorDetail\":{\"code\":7,\"message\":\"m\"},\"error\":\"e\"}\n"));
  EXPECT_EQ(counted.finish().error().detail(),
            "line 4 of Dockerfile: \"RUN y\" ended with exit code 7; its output above says why");
  EXPECT_EQ(seen, (Lines{"Step 1/3 : FROM base:1", "Step 2/3 : RUN x", "Step 6/6 : said by x",
                         "Step 3/3 : RUN y"}));
}

TEST_F(BuildStreamTest, TellsWhichImagesTheStepsMadeAndWhichWereThere) {
  Lines images;
  DockerBuildStream watched(
      [](std::string_view) {}, nullptr,
      [&](std::string_view id, StepImage origin) {
        images.push_back((origin == StepImage::made ? "made " : "used ") + std::string(id));
      });
  for (const auto* line :
       {"Step 1/4 : FROM base", " ---> aa", "Step 2/4 : RUN x", " ---> Using cache", " ---> bb",
        "Step 3/4 : COPY . .", " ---> cc", "Step 4/4 : FROM base", "# Executing 1 build trigger",
        " ---> Running in 00", " ---> dd"}) {
    ASSERT_TRUE(watched.feed(
        json::encode(std::map<std::string, std::string>{{"stream", std::string(line) + "\n"}}) +
        "\n"));
  }
  EXPECT_EQ(images, (Lines{"used bb", "made cc", "made dd"}));
}

TEST_F(BuildStreamTest, ShowsTheEndOfEachLayerOnly) {
  ASSERT_TRUE(
      stream.feed("{\"status\":\"Pulling from library/node\",\"id\":\"20\"}\n"
                  "{\"status\":\"Downloading\",\"id\":\"ab\",\"progress\":\"1\"}\n"
                  "{\"status\":\"Pull complete\",\"id\":\"ab\"}\n"
                  "{\"status\":\"Status: Downloaded newer image\"}\n"));
  EXPECT_EQ(seen, (Lines{"ab: Pull complete", "Status: Downloaded newer image"}));
}

}  // namespace
}  // namespace temps::runtime
