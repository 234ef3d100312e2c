#include "runtime/docker_build_stream.hpp"

#include <gtest/gtest.h>

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
      "{\"stream\":\"Step 2/2 : RUN npm ci\\n\"}\n"
      "{\"errorDetail\":{\"code\":7,\"message\":\"m\"},\"error\":\"The command returned 7\"}\n"));
  const auto built = stream.finish();
  ASSERT_FALSE(built);
  EXPECT_TRUE(built.error().is(errors::build_failed));
  EXPECT_EQ(built.error().detail(),
            "\"RUN npm ci\" ended with exit code 7; its output above says why");
}

TEST_F(BuildStreamTest, SaysThatMemoryRanOut) {
  ASSERT_TRUE(
      stream.feed("{\"stream\":\"Step 2/2 : RUN x\\n\"}\n"
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
