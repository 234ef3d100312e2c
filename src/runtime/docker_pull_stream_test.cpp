#include "runtime/docker_pull_stream.hpp"

#include <gmock/gmock.h>

namespace temps::runtime {
namespace {

using testing::ElementsAre;

struct DockerPullStreamTest : testing::Test {
  std::vector<std::string> lines;
  DockerPullStream stream{[this](std::string_view line) { lines.emplace_back(line); }};
};

TEST_F(DockerPullStreamTest, ShowsQuartersAndLayersAndKeepsTheDigest) {
  for (int part = 0; part <= 100; ++part) {
    EXPECT_TRUE(
        stream.feed(fmt::format("{{\"status\":\"Downloading\",\"id\":\"a1\",\"progressDetail\":"
                                "{{\"current\":{},\"total\":10000000}}}}\r\n",
                                part * 100'000)));
  }
  EXPECT_TRUE(stream.feed(
      "{\"status\":\"Pull complete\",\"id\":\"a1\"}\n{\"status\":\"Digest: sha256:ab\"}\n"));
  EXPECT_TRUE(stream.feed("{\"status\":\"Status: Downloaded newer image for nginx:1\"}"));
  EXPECT_EQ(stream.finish().value(), "");
  EXPECT_EQ(stream.digest(), "sha256:ab");
  EXPECT_THAT(lines, ElementsAre("downloaded 2.5 MB of 10.0 MB", "downloaded 5.0 MB of 10.0 MB",
                                 "downloaded 7.5 MB of 10.0 MB", "downloaded 10.0 MB of 10.0 MB",
                                 "a1: Pull complete", "Downloaded newer image for nginx:1"));
}

TEST_F(DockerPullStreamTest, AnErrorIsTheEnginesWords) {
  EXPECT_TRUE(stream.feed("{\"error\":\"manifest unknown\"}\n"));
  EXPECT_EQ(stream.finish().value(), "manifest unknown");
}

TEST_F(DockerPullStreamTest, AStreamThatEndsEarlyIsNoSuccess) {
  EXPECT_TRUE(stream.feed("{\"status\":\"Pulling from library/nginx\",\"id\":\"1\"}\n"));
  const auto ended = stream.finish();
  ASSERT_FALSE(ended.has_value());
  EXPECT_TRUE(ended.error().is(errors::unavailable));
}

TEST_F(DockerPullStreamTest, WhatIsNoMessageOrTooLongIsRefused) {
  EXPECT_FALSE(stream.feed("no json\n"));
  DockerPullStream other([](std::string_view) {});
  EXPECT_FALSE(other.feed(std::string(DockerPullStream::object_bytes_max + 10, 'x')));
}

}  // namespace
}  // namespace temps::runtime
