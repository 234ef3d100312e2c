// Commands in real containers; skipped, visibly, where no engine answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "runtime/docker_fixture.hpp"

namespace temps::runtime {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct DockerExecTest : DockerRuntimeTest {
  struct Said {
    std::string out;
    std::string err;
    int code = -1;
  };
  static Task<Said> read_all(RunningCommand& command) {
    Said said;
    for (auto piece = co_await command.read(); !piece.bytes.empty();
         piece = co_await command.read()) {
      (piece.is_error_stream ? said.err : said.out) += piece.bytes;
    }
    said.code = co_await command.exit_code();
    co_return said;
  }
  static Task<std::string> until(RunningCommand& command, std::string text) {
    std::string seen;
    while (seen.find(text) == std::string::npos) {
      auto piece = co_await within(20s, command.read());
      if (piece.bytes.empty()) break;
      seen += piece.bytes;
    }
    co_return seen;
  }
  static Command shell(std::string script) {
    return {.words = {"/bin/sh", "-c", std::move(script)}};
  }
  InstanceSpec app_of(const Artifact& artifact) {
    return {.name = "shop-production-1",
            .project = "shop",
            .deployment = 1,
            .artifact = artifact.reference,
            .environment = {{"GREETING", "hello"}},
            .limits = {.memory_bytes = 64U << 20U, .pids = 50}};
  }
  // How many containers this installation has, one-off ones too.
  Task<std::size_t> containers() {
    DockerApi api(loop, std::string(default_docker_socket));
    auto answer =
        co_await api.call({.path = "/containers/json?all=1&filters=" +
                                   percent_encoded(fmt::format(
                                       R"({{"label":["temps.installation={}"]}})", installation))});
    co_return answer.value().size();
  }
  // Whether a process with this word in its command line runs in the container.
  Task<bool> runs(std::string id, std::string word) {
    DockerApi api(loop, std::string(default_docker_socket));
    auto answer = co_await api.call({.path = "/containers/" + id + "/top"});
    co_return answer.body.find(word) != std::string::npos;
  }
};

TASK_TEST_F(DockerExecTest, ACommandRunsInTheContainerWithItsStreamsApart) {
  auto instance = co_await start("");
  auto command = co_await runtime.execute(instance.id,
                                          shell("echo $GREETING $PORT; cat; echo no >&2; exit 7"));
  co_await command->write("what was piped\n");
  co_await command->end_input();
  auto said = co_await within(20s, read_all(*command));
  EXPECT_EQ(said.out, "hello 3000\nwhat was piped\n");
  EXPECT_EQ(said.err, "no\n");
  EXPECT_EQ(said.code, 7);
  co_await command->end();
}

TASK_TEST_F(DockerExecTest, ACommandThatIsNotThereSaysSo) {
  auto instance = co_await start("");
  auto command = co_await runtime.execute(instance.id, {.words = {"no-such-program"}});
  auto said = co_await within(20s, read_all(*command));
  EXPECT_THAT(said.out + said.err, HasSubstr("no-such-program"));
  EXPECT_THAT(said.code, testing::AnyOf(126, 127));
  co_await command->end();
  auto nowhere = co_await attempt(runtime.execute("0123456789ab", {.words = {"true"}}));
  EXPECT_TRUE(!nowhere && nowhere.error().is(errors::no_such_instance));
}

TASK_TEST_F(DockerExecTest, ATerminalTakesCtrlC) {
  auto instance = co_await start("");
  auto wanted = shell("test -t 0 && echo at a terminal; echo $TERM; while :; do sleep 0.1; done");
  wanted.terminal = TerminalSize{.columns = 100, .rows = 30};
  wanted.environment = {{"TERM", "xterm-special"}};
  auto command = co_await runtime.execute(instance.id, wanted);
  EXPECT_THAT(co_await until(*command, "xterm-special"), HasSubstr("at a terminal"));
  co_await command->resize({.columns = 77, .rows = 11});
  co_await command->write("\x03");
  auto said = co_await within(20s, read_all(*command));
  EXPECT_EQ(said.code, 128 + SIGINT);
  co_await command->end();
}

TASK_TEST_F(DockerExecTest, AnEndTakesACommandThatRunsAndNotTheApp) {
  auto instance = co_await start("");
  auto command = co_await runtime.execute(
      instance.id, shell("trap '' HUP TERM; echo ready; sleep 987; sleep 986; true"));
  co_await until(*command, "ready");
  EXPECT_TRUE(co_await runs(instance.id, "987"));
  co_await command->end();
  EXPECT_FALSE(co_await runs(instance.id, "987"));
  const auto state = co_await runtime.inspect(instance.id);
  EXPECT_EQ(state.status, Status::running);
}

TASK_TEST_F(DockerExecTest, AOneOffContainerHasTheAppsSurroundingsAndGoes) {
  auto artifact = co_await build({.dockerfile_text = app_dockerfile});
  auto command = co_await runtime.run_once(
      app_of(artifact),
      shell("echo $GREETING; test -f server.pl && echo in the folder; cat; exit 9"));
  co_await command->write("piped");
  co_await command->end_input();
  const auto listed = co_await runtime.list();
  EXPECT_TRUE(listed.empty());
  auto said = co_await within(30s, read_all(*command));
  EXPECT_EQ(said.out, "hello\nin the folder\npiped");
  EXPECT_EQ(said.code, 9);
  co_await command->end();
  EXPECT_EQ(co_await containers(), 0U);
}

TASK_TEST_F(DockerExecTest, AOneOffContainerThatRunsGoesAtAnEnd) {
  auto artifact = co_await build({.dockerfile_text = app_dockerfile});
  auto wanted = shell("stty size; echo ready; sleep 1000");
  wanted.terminal = TerminalSize{.columns = 100, .rows = 30};
  auto command = co_await runtime.run_once(app_of(artifact), wanted);
  co_await until(*command, "ready");
  EXPECT_EQ(co_await containers(), 1U);
  co_await command->end();
  EXPECT_EQ(co_await containers(), 0U);
}

TASK_TEST_F(DockerExecTest, TheNextProcessRemovesWhatAKilledOneLeft) {
  auto artifact = co_await build({.dockerfile_text = app_dockerfile});
  auto command = co_await runtime.run_once(app_of(artifact), shell("echo ready; sleep 1000"));
  co_await until(*command, "ready");
  co_await runtime.end_forgotten_commands();
  EXPECT_EQ(co_await containers(), 1U);
  DockerRuntime next(loop, options());
  co_await next.end_forgotten_commands();
  EXPECT_EQ(co_await containers(), 0U);
  co_await command->end();
}

TASK_TEST_F(DockerExecTest, AOneOffContainerWithoutItsImageSaysSo) {
  auto gone = co_await attempt(runtime.run_once(
      {.project = "shop", .artifact = "sha256:" + std::string(64, 'a')}, shell("true")));
  EXPECT_TRUE(!gone && gone.error().is(errors::no_such_artifact));
  EXPECT_EQ(co_await containers(), 0U);
}

}  // namespace
}  // namespace temps::runtime
