#include "runtime/docker_state.hpp"

#include <gtest/gtest.h>

#include "runtime/docker_api.hpp"

namespace temps::runtime {
namespace {

json::Value value(std::string_view text) { return json::decode<json::Value>(text).value(); }

ContainerState container(const std::string& state) {
  return parse_container(value(R"({"Id":"ab12","RestartCount":3,"State":)" + state + R"(,
    "HostConfig":{"RestartPolicy":{"Name":"no"}},
    "Config":{"Labels":{"temps.installation":"i1","temps.port":"3000"}},
    "NetworkSettings":{"Networks":{"net":{"IPAddress":"172.18.0.3"}}}})"),
                         "net");
}

TEST(DockerState, ReadsARunningContainer) {
  const auto seen = container(R"({"Status":"running","Pid":77,"ExitCode":0,"OOMKilled":false})");
  EXPECT_EQ(seen.state.status, Status::running);
  EXPECT_EQ(seen.state.address, "172.18.0.3:3000");
  EXPECT_EQ(seen.state.restarts, 3);
  EXPECT_EQ(seen.pid, 77);
  EXPECT_EQ(seen.installation, "i1");
}

TEST(DockerState, AKilledChildIsNotTheAppOutOfMemory) {
  EXPECT_TRUE(
      container(R"({"Status":"exited","ExitCode":137,"OOMKilled":true})").state.out_of_memory);
  EXPECT_FALSE(
      container(R"({"Status":"exited","ExitCode":2,"OOMKilled":true})").state.out_of_memory);
  EXPECT_FALSE(
      container(R"({"Status":"exited","ExitCode":137,"OOMKilled":false})").state.out_of_memory);
}

TEST(DockerState, AContainerThatWaitsForItsNextStartStillRuns) {
  EXPECT_EQ(parse_status("restarting"), Status::running);
  EXPECT_EQ(parse_status("created"), Status::exited);
  EXPECT_EQ(parse_status("dead"), Status::exited);
}

TEST(DockerState, WithoutANetworkThereIsNoAddress) {
  EXPECT_EQ(parse_container(value(R"({"State":{"Status":"exited"}})"), "net").state.address, "");
}

TEST(DockerState, ReadsExposedTcpPorts) {
  EXPECT_EQ(
      parse_exposed_ports(value(
          R"({"Config":{"ExposedPorts":{"8080/tcp":{},"53/udp":{},"80/tcp":{},"x/tcp":{}}}})")),
      (std::vector<std::uint16_t>{80, 8080}));
  EXPECT_TRUE(parse_exposed_ports(value(R"({"Config":{"ExposedPorts":null}})")).empty());
}

TEST(DockerState, ReadsWhatAContainerTakes) {
  const auto seen = parse_usage(value(
      R"({"id":"ab12","cpu_stats":{"cpu_usage":{"total_usage":2500000000}},
          "memory_stats":{"usage":10485760,"limit":268435456,"stats":{"inactive_file":1048576}}})"));
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->cpu, std::chrono::milliseconds(2500));
  EXPECT_EQ(seen->memory_bytes, 9U << 20U);
  EXPECT_EQ(seen->memory_bytes_max, 256U << 20U);
  const auto version_1 = parse_usage(value(
      R"({"memory_stats":{"usage":4096,"stats":{"total_inactive_file":8192,"inactive_file":1}}})"));
  ASSERT_TRUE(version_1);
  EXPECT_EQ(version_1->memory_bytes, 0);
  EXPECT_FALSE(parse_usage(value(R"({"memory_stats":{}})")));
  EXPECT_FALSE(parse_usage(value(R"({"memory_stats":{"usage":-1}})")));
}

TEST(RestartWatch, GivesUpAtTenInTenMinutes) {
  RestartWatch watch;
  Instant now{std::chrono::seconds{1000}};
  EXPECT_FALSE(watch.is_too_much(now, 5));
  for (int i = 1; i < 10; ++i)
    EXPECT_FALSE(watch.is_too_much(now += std::chrono::seconds{10}, 5 + i));
  EXPECT_TRUE(watch.is_too_much(now, 15));
}

TEST(RestartWatch, OldRestartsDoNotCount) {
  RestartWatch watch;
  Instant now{std::chrono::seconds{1000}};
  watch.is_too_much(now, 0);
  watch.is_too_much(now, 8);
  now += std::chrono::minutes{11};
  EXPECT_FALSE(watch.is_too_much(now, 8));
  EXPECT_FALSE(watch.is_too_much(now, 12));
}

TEST(ApiVersion, TakesTheNewestThatBothKnow) {
  EXPECT_EQ(choose_api_version("1.12", "1.41").value_or(""), "1.41");
  EXPECT_EQ(choose_api_version("1.24", "1.52").value_or(""), "1.41");
  EXPECT_EQ(choose_api_version("1.44", "1.52").value_or(""), "1.44");
  EXPECT_EQ(choose_api_version("1.12", "1.30").value_or(""), "1.30");
  EXPECT_FALSE(choose_api_version("1.12", "1.18"));
  EXPECT_FALSE(choose_api_version("", ""));
}

}  // namespace
}  // namespace temps::runtime
