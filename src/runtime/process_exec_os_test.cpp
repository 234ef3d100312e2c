// Commands beside an app of the process runtime, with real processes and terminals. This program is
// the shim, see process_runtime_os_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "runtime/process_runtime.hpp"
#include "runtime/process_table.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

struct Said {
  std::string out;
  std::string err;
  int code = -1;
};

Task<Said> read_all(RunningCommand& command) {
  Said said;
  for (auto piece = co_await command.read(); !piece.bytes.empty();
       piece = co_await command.read()) {
    (piece.is_error_stream ? said.err : said.out) += piece.bytes;
  }
  said.code = co_await command.exit_code();
  co_return said;
}

struct ProcessExecTest : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;
  fs::path source = folder.path() / "source";
  fs::path data = folder.path() / "data";
  ProcessOptions options{.data_folder = data,
                         .shim_program = fs::read_symlink("/proc/self/exe").native()};
  ProcessRuntime runtime{loop, options};
  InstanceSpec app{.name = "shop-production-1",
                   .project = "shop",
                   .project_id = 5,
                   .deployment = 1,
                   .artifact = {},
                   .start_command = "exec sleep 1000",
                   .environment = {{"GREETING", "hello"}}};

  void SetUp() override {
    fs::permissions(folder.path(), fs::perms{0755});
    ASSERT_TRUE(files::make_folder(source));
    ASSERT_TRUE(files::make_folder(data));
    ASSERT_TRUE(files::write_atomically(source / "page.txt", "one"));
    ASSERT_TRUE(files::write_atomically(source / "tool", "#!/bin/sh\necho tool $1\n", 0755));
    const auto made = loop.run(make());
    ASSERT_TRUE(made) << made.error().detail();
  }
  void TearDown() override { EXPECT_TRUE(loop.run(runtime.stop_and_remove(app.name, 0s))); }
  Task<> make() {
    co_await runtime.check();
    BuildSpec build{.project = "shop", .project_id = 5, .deployment = 1, .source = source};
    auto artifact = co_await runtime.build(build, [](std::string_view) {});
    app.artifact = artifact.reference;
    co_await runtime.start(app);
  }
  Task<std::unique_ptr<RunningCommand>> shell(std::string script, bool terminal = false) {
    Command command{.words = {"sh", "-c", std::move(script)}};
    if (terminal) command.terminal = TerminalSize{.columns = 100, .rows = 30};
    co_return co_await runtime.execute(app.name, std::move(command));
  }
  Task<Said> run(std::string script) {
    auto command = co_await shell(std::move(script));
    co_await command->end_input();
    auto said = co_await within(20s, read_all(*command));
    co_await command->end();
    co_return said;
  }
  Task<std::string> until(RunningCommand& command, std::string text) {
    std::string seen;
    while (seen.find(text) == std::string::npos) {
      auto piece = co_await within(20s, command.read());
      if (piece.bytes.empty()) break;
      seen += piece.bytes;
    }
    co_return seen;
  }
  static bool lives(int pid) {
    const auto process = find_process(pid);
    return process && !process->is_dead();
  }
};

TASK_TEST_F(ProcessExecTest, ACommandRunsInTheAppsSurroundingsWithItsStreamsApart) {
  auto said =
      co_await run("echo $GREETING $(cat page.txt); id -u; echo $PORT; echo no >&2; exit 7");
  const auto user = ::geteuid() == 0 ? "700005" : std::to_string(::geteuid());
  const auto state = co_await runtime.inspect(app.name);
  const auto port = state.address.substr(state.address.rfind(':') + 1);
  EXPECT_EQ(said.out, fmt::format("hello one\n{}\n{}\n", user, port));
  EXPECT_EQ(said.err, "no\n");
  EXPECT_EQ(said.code, 7);
}

TASK_TEST_F(ProcessExecTest, ACommandIsLimitedAsTheAppIs) {
  if (::geteuid() != 0) co_return;
  auto said = co_await run("grep -c one-off /proc/self/cgroup; cat /proc/self/cgroup");
  EXPECT_THAT(said.out, HasSubstr("app-shop-production-1"));
  said = co_await run("grep NoNewPrivs /proc/self/status");
  EXPECT_THAT(said.out, HasSubstr("1"));
}

TASK_TEST_F(ProcessExecTest, WhatIsWrittenIsReadToItsEnd) {
  auto command = co_await shell("wc -c");
  for (int i = 0; i < 16; ++i) co_await command->write(std::string(64U << 10U, 'x'));
  co_await command->end_input();
  auto said = co_await within(20s, read_all(*command));
  EXPECT_EQ(trimmed(said.out), "1048576");
  co_await command->end();
}

TASK_TEST_F(ProcessExecTest, AProgramOfTheAppsFolderIsFound) {
  auto command = co_await runtime.execute(app.name, {.words = {"./tool", "sharp"}});
  auto said = co_await within(20s, read_all(*command));
  EXPECT_EQ(said.out, "tool sharp\n");
  co_await command->end();
}

TASK_TEST_F(ProcessExecTest, WhatCannotRunIsRefused) {
  auto missing = co_await attempt(runtime.execute(app.name, {.words = {"no-such-program"}}));
  EXPECT_TRUE(!missing && missing.error().is(errors::command_failed));
  auto nowhere = co_await attempt(runtime.execute("shop-production-9", {.words = {"true"}}));
  EXPECT_TRUE(!nowhere && nowhere.error().is(errors::no_such_instance));
}

TASK_TEST_F(ProcessExecTest, AKilledCommandTellsItsSignal) {
  auto said = co_await run("kill -9 $$");
  EXPECT_EQ(said.code, 137);
}

TASK_TEST_F(ProcessExecTest, AProcessLeftBehindDoesNotHoldTheEndUp) {
  auto said = co_await run("sleep 1000 & echo $!");
  EXPECT_EQ(said.code, 0);
  const auto left = parse_number<int>(trimmed(said.out)).value_or(0);
  EXPECT_TRUE(lives(left));
  ::kill(left, SIGKILL);
}

TASK_TEST_F(ProcessExecTest, ATerminalHasASizeAndTakesCtrlC) {
  auto command = co_await shell(
      "test -t 0 && stty size; trap 'stty size' WINCH; echo ready; while :; do sleep 0.1; done",
      true);
  EXPECT_THAT(co_await until(*command, "ready"), HasSubstr("30 100"));
  co_await command->resize({.columns = 77, .rows = 11});
  EXPECT_THAT(co_await until(*command, "11 77"), HasSubstr("11 77"));
  co_await command->write("\x03");
  auto said = co_await within(20s, read_all(*command));
  EXPECT_EQ(said.code, 128 + SIGINT);
  co_await command->end();
}

TASK_TEST_F(ProcessExecTest, AnEndTakesAllOfACommandThatRuns) {
  auto command = co_await shell("trap '' HUP TERM; sleep 1000 & echo $!; sleep 1000; true");
  const auto child = parse_number<int>(trimmed(co_await until(*command, "\n"))).value_or(0);
  EXPECT_TRUE(lives(child));
  co_await command->end();
  EXPECT_FALSE(lives(child));
  const auto state = co_await runtime.inspect(app.name);
  EXPECT_EQ(state.status, Status::running);
}

TASK_TEST_F(ProcessExecTest, AOneOffInstanceHasTheAppsSurroundingsAndLeavesNothing) {
  app.limits = {.memory_bytes = 256U << 20U, .pids = 64};
  auto command = co_await runtime.run_once(
      app, {.words = {"sh", "-c", "echo $GREETING $(cat page.txt) $PORT; sleep 1000 & echo $!"}});
  const auto listed = co_await runtime.list();
  EXPECT_EQ(listed.size(), 1U);
  auto said = co_await within(20s, read_all(*command));
  EXPECT_THAT(said.out, HasSubstr("hello one 2"));
  const auto left =
      parse_number<int>(trimmed(std::string_view(said.out).substr(said.out.find('\n') + 1)))
          .value_or(0);
  EXPECT_TRUE(lives(left));
  co_await command->end();
  EXPECT_FALSE(lives(left));
  EXPECT_TRUE(fs::is_empty(data / "commands"));
}

TASK_TEST_F(ProcessExecTest, TheNextProcessEndsWhatAKilledOneLeft) {
  auto command =
      co_await runtime.run_once(app, {.words = {"sh", "-c", "sleep 1000 & echo $!; read line"}});
  const auto left = parse_number<int>(trimmed(co_await until(*command, "\n"))).value_or(0);
  EXPECT_TRUE(lives(left));
  co_await runtime.end_forgotten_commands();
  EXPECT_TRUE(lives(left));
  ProcessRuntime next(loop, options);
  co_await next.end_forgotten_commands();
  EXPECT_FALSE(lives(left));
  EXPECT_TRUE(fs::is_empty(data / "commands"));
  co_await command->end();
}

TASK_TEST_F(ProcessExecTest, ACommandWaitsForAReaderThatIsSlow) {
  auto command = co_await shell("head -c 100000000 /dev/zero; echo done >&2");
  auto first = co_await command->read();
  EXPECT_FALSE(first.bytes.empty());
  co_await sleep(200ms);
  const auto second = co_await command->read();
  EXPECT_LE(second.bytes.size(), 64U << 10U);
  EXPECT_FALSE(second.is_error_stream);
  co_await command->end();
}

}  // namespace
}  // namespace temps::runtime
