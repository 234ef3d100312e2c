// The docker runtime with a real engine; skipped, visibly, where none answers.
#include <gtest/gtest.h>

#include "net/socket.hpp"
#include "runtime/docker_fixture.hpp"

namespace temps::runtime {
namespace {

using namespace std::chrono_literals;

TASK_TEST_F(DockerRuntimeTest, AnAppAnswersAtItsAddressAndItsOutputIsFollowed) {
  auto instance = co_await start("");
  auto state = co_await wait_for(instance.id, [](const State& s) { return !s.listening.empty(); });
  EXPECT_EQ(state.listening, std::vector<std::uint16_t>{3000});
  EXPECT_FALSE(state.listens_on_loopback_only);
  EXPECT_EQ(state.address, instance.address);
  auto address = co_await net::parse_address(instance.address);
  auto socket = co_await within(5s, net::connect(loop, address));
  EXPECT_EQ(co_await within(5s, socket.read_to_end(100)), "hello\n");

  auto lines = co_await log_until(instance.id, "on an error stream");
  EXPECT_TRUE(line_with(lines, "on an error stream").is_error_stream);
  // The engine keeps no order between the two streams.
  lines = co_await log_until(instance.id, "listening");
  EXPECT_FALSE(line_with(lines, "listening").is_error_stream);
  auto listed = co_await runtime.list();
  EXPECT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.at(0).name, "shop-production-1");
  EXPECT_EQ(listed.at(0).deployment, 1);
  EXPECT_EQ(listed.at(0).status, Status::running);
}

TASK_TEST_F(DockerRuntimeTest, StopsGentlyStartsAgainAndRemoves) {
  auto instance = co_await start("");
  co_await wait_for(instance.id, [](const State& s) { return !s.listening.empty(); });
  co_await runtime.set_restart_policy(instance.id, RestartPolicy::unless_stopped);
  co_await runtime.stop(instance.id, 10s);
  auto state = co_await runtime.inspect(instance.id);
  EXPECT_EQ(state.status, Status::exited);
  EXPECT_EQ(state.exit_code, 0);
  co_await runtime.start_again(instance.id);
  state = co_await wait_for(instance.id, [](const State& s) { return !s.listening.empty(); });
  EXPECT_FALSE(state.address.empty());
  auto lines = co_await log_until(instance.id, "bye");
  co_await runtime.stop_and_remove(instance.id, 10s);
  co_await runtime.stop_and_remove(instance.id, 10s);
  state = co_await runtime.inspect(instance.id);
  EXPECT_EQ(state.status, Status::missing);
}

TASK_TEST_F(DockerRuntimeTest, AnAppOnLoopbackOnlyIsSeen) {
  auto instance = co_await start("exec perl server.pl 127.0.0.1 4000");
  auto state = co_await wait_for(instance.id, [](const State& s) { return !s.listening.empty(); });
  EXPECT_EQ(state.listening, std::vector<std::uint16_t>{4000});
  EXPECT_TRUE(state.listens_on_loopback_only);
}

TASK_TEST_F(DockerRuntimeTest, AnAppOutOfMemoryIsTold) {
  auto instance = co_await start("perl -e '$x = \"x\" x 200_000_000; print length $x'");
  auto state =
      co_await wait_for(instance.id, [](const State& s) { return s.status == Status::exited; });
  EXPECT_EQ(state.exit_code, 137);
  EXPECT_TRUE(state.out_of_memory);
}

TASK_TEST_F(DockerRuntimeTest, AStartOfTheSameNameReplacesWhatRuns) {
  auto first = co_await start("");
  auto second = co_await start("echo $GREETING $PORT; sleep 100");
  EXPECT_NE(first.id, second.id);
  auto state = co_await runtime.inspect(first.id);
  EXPECT_EQ(state.status, Status::missing);
  auto lines = co_await log_until(second.id, "hello 3000");
}

TASK_TEST_F(DockerRuntimeTest, ACommandThatIsNotThereExitsAtOnceAndSaysSo) {
  auto artifact =
      co_await build({.dockerfile_text = "FROM temps-test/base:1\nCMD [\"/no/such\"]\n"});
  auto instance = co_await runtime.start(
      {.name = "shop-2", .project = "shop", .deployment = 1, .artifact = artifact.reference});
  auto state =
      co_await wait_for(instance.id, [](const State& s) { return s.status == Status::exited; });
  EXPECT_EQ(state.exit_code, 127);
}

TASK_TEST_F(DockerRuntimeTest, AStartWithoutItsImageSaysSo) {
  auto gone = co_await attempt(runtime.start(
      {.name = "shop-2", .project = "shop", .artifact = "sha256:" + std::string(64, 'a')}));
  EXPECT_TRUE(!gone && gone.error().is(errors::no_such_artifact));
}

TEST(DockerWithoutEngine, EveryCallSaysHowToStartIt) {
  net::Loop loop;
  DockerRuntime runtime(loop, {.socket = "/nonexistent/docker.sock", .installation = "x"});
  const auto checked = loop.run(runtime.check());
  ASSERT_FALSE(checked);
  EXPECT_TRUE(checked.error().is(errors::unavailable));
  EXPECT_NE(checked.error().detail().find("systemctl start docker"), std::string_view::npos);
  EXPECT_FALSE(loop.run(docker_answers(loop, "/nonexistent/docker.sock")).value_or(true));
}

}  // namespace
}  // namespace temps::runtime
