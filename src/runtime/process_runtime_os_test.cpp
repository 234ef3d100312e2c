// The process runtime with real processes. This program is its own shim: see main() below.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "files/files.hpp"
#include "process/process.hpp"
#include "runtime/process_runtime.hpp"
#include "runtime/shim.hpp"

namespace temps::runtime {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// Listens on the port that is its argument and says so.
constexpr std::string_view server_script = R"(
use IO::Socket::INET;
$| = 1;
my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], Listen => 5) or die;
print "listening\n";
sleep 1 while 1;
)";

std::string own_program() { return fs::read_symlink("/proc/self/exe").native(); }

ProcessOptions options_for(const fs::path& data) {
  return {.data_folder = data, .shim_program = own_program()};
}

Task<InstanceSpec> built_instance(ProcessRuntime& runtime, fs::path source, std::string command) {
  BuildSpec build{.project = "shop", .project_id = 5, .deployment = 1, .source = source};
  auto artifact = co_await runtime.build(build, [](std::string_view) {});
  co_return InstanceSpec{.name = "shop-production-1",
                         .project = "shop",
                         .project_id = 5,
                         .deployment = 1,
                         .artifact = artifact.reference,
                         .start_command = std::move(command),
                         .environment = {{"GREETING", "hello"}}};
}

struct ProcessRuntimeTest : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;
  fs::path source = folder.path() / "source";
  fs::path data = folder.path() / "data";
  ProcessRuntime runtime{loop, options_for(data)};

  void SetUp() override {
    fs::permissions(folder.path(), fs::perms{0755});
    ASSERT_TRUE(files::make_folder(source));
    ASSERT_TRUE(files::make_folder(data));
    ASSERT_TRUE(files::write_atomically(source / "server.pl", server_script));
    ASSERT_TRUE(loop.run(runtime.check()));
  }
  void TearDown() override {
    auto removed = loop.run(remove_all());
    EXPECT_TRUE(removed) << removed.error().detail();
  }
  Task<> remove_all() {
    auto listed = co_await runtime.list();
    for (auto& each : listed) co_await runtime.stop_and_remove(each.id, 0s);
  }
  Task<State> wait_for(std::string id, std::function<bool(const State&)> wanted) {
    State state;
    for (int i = 0; i < 500; ++i) {
      state = co_await runtime.inspect(id);
      if (wanted(state)) co_return state;
      co_await sleep(20ms);
    }
    ADD_FAILURE() << "waited 10 s in vain; status " << static_cast<int>(state.status);
    co_return state;
  }
  Task<std::vector<std::string>> log_until(std::string id, std::string last) {
    std::vector<std::string> lines;
    Signal seen;
    auto sink = [&lines, &seen, last](LogLine line) {
      lines.push_back(line.text);
      if (line.text.find(last) != std::string::npos) seen.notify();
    };
    co_await within(10s, race(seen.next(), runtime.follow(id, Instant{}, sink)));
    co_return lines;
  }
};

bool is_up(const State& state) { return !state.listening.empty(); }
bool is_over(const State& state) { return state.status == Status::exited; }

TASK_TEST_F(ProcessRuntimeTest, RunsTheCommandsInOrderAndShowsTheirOutput) {
  std::vector<std::string> lines;
  BuildSpec spec{.project = "shop",
                 .deployment = 1,
                 .source = source,
                 .commands = {"echo $WHO > made; echo warned >&2", "cat made; id -u; nice"},
                 .environment = {{"WHO", "world"}}};
  auto artifact =
      co_await runtime.build(spec, [&lines](std::string_view line) { lines.emplace_back(line); });
  const std::string user = ::geteuid() == 0 ? "700000" : std::to_string(::geteuid());
  EXPECT_EQ(lines, (std::vector<std::string>{"$ echo $WHO > made; echo warned >&2", "warned",
                                             "$ cat made; id -u; nice", "world", user, "10"}));
  EXPECT_TRUE(co_await runtime.has_artifact(artifact.reference));
  EXPECT_FALSE(fs::exists(source / "made"));
  co_await runtime.remove_artifact(artifact.reference);
  EXPECT_FALSE(co_await runtime.has_artifact(artifact.reference));
}

TASK_TEST_F(ProcessRuntimeTest, AFailingCommandIsNamedWithItsExitCodeAndLeavesNothing) {
  BuildSpec spec{.project = "shop", .deployment = 1, .source = source, .commands = {"exit 7"}};
  auto built = co_await attempt(runtime.build(spec, [](std::string_view) {}));
  EXPECT_FALSE(built);
  EXPECT_TRUE(built.error().is(errors::build_failed));
  EXPECT_NE(built.error().detail().find("\"exit 7\" ended with exit code 7"), std::string::npos)
      << built.error().detail();
  EXPECT_FALSE(fs::exists(data / "releases/shop/1"));
}

TASK_TEST_F(ProcessRuntimeTest, ABuildPastItsTimeLimitIsKilledWithEverythingItStarted) {
  const auto pid_file = folder.path() / "pid";
  std::ofstream(pid_file).flush();
  fs::permissions(pid_file, fs::perms{0666});
  BuildSpec spec{.project = "shop",
                 .deployment = 1,
                 .source = source,
                 .commands = {"sleep 60 & echo $! > " + pid_file.native() + "; sleep 60"},
                 .time_limit = 1s};
  auto built = co_await attempt(runtime.build(spec, [](std::string_view) {}));
  EXPECT_FALSE(built);
  EXPECT_TRUE(built.error().is(errors::build_timed_out)) << built.error().code().code;
  const auto pid = std::stoi(files::read(pid_file).value_or("0"));
  EXPECT_GT(pid, 1);
  const auto left = find_process(pid);
  EXPECT_TRUE(!left || left->is_dead());
  EXPECT_FALSE(fs::exists(data / "releases/shop/1"));
}

TASK_TEST_F(ProcessRuntimeTest, ABuildDoesNotWaitForWhatItLeftInTheBackground) {
  BuildSpec spec{
      .project = "shop", .deployment = 1, .source = source, .commands = {"sleep 60 & true"}};
  co_await within(10s, runtime.build(spec, [](std::string_view) {}));
}

TASK_TEST_F(ProcessRuntimeTest, MemoryThatRunsOutInABuildIsSaidInWords) {
  if (::geteuid() != 0 || runtime.caveat().find("not enforced") != std::string_view::npos) {
    std::cout << "skipped: no control groups here\n";
    co_return;
  }
  BuildSpec spec{.project = "shop",
                 .deployment = 1,
                 .source = source,
                 .commands = {"perl -e '$x = \"x\" x 200_000_000; print length $x'"},
                 .limits = {.memory_bytes = 32U << 20U}};
  auto built = co_await attempt(runtime.build(spec, [](std::string_view) {}));
  EXPECT_FALSE(built);
  EXPECT_NE(built.error().detail().find("ran out of memory"), std::string::npos)
      << built.error().detail();
}

TASK_TEST_F(ProcessRuntimeTest, AnAppGetsItsPortItsEnvironmentAndItsOwnUser) {
  auto spec = co_await built_instance(runtime, source,
                                      "echo $GREETING; id -u; pwd; exec perl server.pl $PORT");
  auto instance = co_await runtime.start(spec);
  EXPECT_EQ(instance.address, "127.0.0.1:" + std::to_string(instance.port));
  auto state = co_await wait_for(instance.id, is_up);
  EXPECT_EQ(state.listening, std::vector<std::uint16_t>{instance.port});
  EXPECT_EQ(state.address, instance.address);
  auto lines = co_await log_until(instance.id, "listening");
  const std::string user = ::geteuid() == 0 ? "700005" : std::to_string(::geteuid());
  EXPECT_EQ(lines, (std::vector<std::string>{"hello", user, spec.artifact + "/app", "listening"}));
}

TASK_TEST_F(ProcessRuntimeTest, AnAppOnAnotherPortIsSeenThere) {
  auto spec = co_await built_instance(runtime, source, "exec perl server.pl $((PORT + 10000))");
  auto instance = co_await runtime.start(spec);
  auto state = co_await wait_for(instance.id, is_up);
  EXPECT_EQ(state.listening,
            std::vector<std::uint16_t>{static_cast<std::uint16_t>(instance.port + 10000)});
}

TASK_TEST_F(ProcessRuntimeTest, AnAppThatExitsAtOnceIsNotStartedAgainUnlessWanted) {
  auto spec = co_await built_instance(runtime, source, "echo gone; exit 3");
  auto instance = co_await runtime.start(spec);
  auto state = co_await wait_for(instance.id, is_over);
  EXPECT_EQ(state.exit_code, 3);
  EXPECT_EQ(state.restarts, 0);
  auto lines = co_await log_until(instance.id, "exit code");
  EXPECT_EQ(lines.front(), "gone");
}

TASK_TEST_F(ProcessRuntimeTest, ARestartPolicyTakesEffectWhileTheAppRuns) {
  auto spec = co_await built_instance(runtime, source,
                                      "test -e again && exec perl server.pl $PORT; "
                                      "touch again; sleep 1; exit 1");
  auto instance = co_await runtime.start(spec);
  co_await runtime.set_restart_policy(instance.id, RestartPolicy::unless_stopped);
  auto state = co_await wait_for(instance.id, is_up);
  EXPECT_EQ(state.restarts, 1);
}

TASK_TEST_F(ProcessRuntimeTest, StoppingIsGentleFirstAndKeepsPortAndPolicy) {
  auto spec = co_await built_instance(runtime, source,
                                      "trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done");
  auto instance = co_await runtime.start(spec);
  co_await runtime.set_restart_policy(instance.id, RestartPolicy::unless_stopped);
  co_await sleep(200ms);
  co_await runtime.stop(instance.id, 5s);
  auto state = co_await runtime.inspect(instance.id);
  EXPECT_EQ(state.status, Status::exited);
  EXPECT_EQ(state.exit_code, 0);
  auto lines = co_await log_until(instance.id, "bye");
  co_await runtime.start_again(instance.id);
  state = co_await runtime.inspect(instance.id);
  EXPECT_EQ(state.status, Status::running);
  EXPECT_EQ(state.address, instance.address);
}

TASK_TEST_F(ProcessRuntimeTest, AnAppThatIgnoresTheSignalIsKilledAfterItsGrace) {
  auto spec =
      co_await built_instance(runtime, source, "trap '' TERM; while :; do sleep 0.05; done");
  auto instance = co_await runtime.start(spec);
  co_await sleep(200ms);
  co_await within(5s, runtime.stop(instance.id, 1s));
  auto state = co_await runtime.inspect(instance.id);
  EXPECT_EQ(state.status, Status::exited);
  EXPECT_EQ(state.exit_code, 137);
  co_await runtime.stop_and_remove(instance.id, 1s);
  state = co_await runtime.inspect(instance.id);
  EXPECT_EQ(state.status, Status::missing);
  co_await runtime.stop_and_remove(instance.id, 1s);
}

TASK_TEST_F(ProcessRuntimeTest, AfterTheDeathOfEveryProcessTheInstanceCanBeStartedAgain) {
  auto spec = co_await built_instance(runtime, source, "perl server.pl $PORT & wait");
  auto instance = co_await runtime.start(spec);
  co_await wait_for(instance.id, is_up);
  const auto state = InstanceFolder(data / "instances" / instance.id).state();
  EXPECT_TRUE(state);
  ::kill(state->shim.pid, SIGKILL);
  auto seen = co_await wait_for(instance.id, is_over);
  EXPECT_EQ(seen.exit_code, 137);
  co_await runtime.start_again(instance.id);
  seen = co_await wait_for(instance.id, is_up);
  // What the killed shim left held the port; it is gone.
  EXPECT_EQ(seen.address, instance.address);
  EXPECT_EQ(seen.listening, std::vector<std::uint16_t>{instance.port});
  EXPECT_TRUE(members_of_session(state->app).empty());
}

TASK_TEST_F(ProcessRuntimeTest, AnAppOutlivesWhoStartedItAndIsAdopted) {
  auto spec = co_await built_instance(runtime, source,
                                      "perl server.pl $PORT & while :; do echo tick; sleep 0.1; "
                                      "done");
  process::Spec starter_spec{
      .command = {own_program(), "starter", data.native(), spec.artifact, spec.start_command},
      .environment = process::base_environment()};
  auto starter = co_await process::Child::start(loop, starter_spec);
  char byte[1];
  co_await starter.out()->read_some(byte);
  starter.signal(SIGKILL);
  co_await starter.wait();

  ProcessRuntime next(loop, options_for(data));
  auto listed = co_await next.list();
  EXPECT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.at(0).status, Status::running);
  auto state = co_await wait_for("adopted", is_up);
  EXPECT_EQ(state.status, Status::running);
  auto lines = co_await log_until("adopted", "tick");
  EXPECT_FALSE(lines.empty());
}

TASK_TEST_F(ProcessRuntimeTest, WhatAKilledBuilderLeftIsEndedByTheNextBuild) {
  const auto pid_file = folder.path() / "pid";
  std::ofstream(pid_file).flush();
  fs::permissions(pid_file, fs::perms{0666});
  process::Spec builder_spec{
      .command = {own_program(), "builder", data.native(), source.native(),
                  "sleep 100 & echo $! > " + pid_file.native() + "; echo on; sleep 100"},
      .environment = process::base_environment()};
  auto builder = co_await process::Child::start(loop, builder_spec);
  char byte[1];
  co_await builder.out()->read_some(byte);
  builder.signal(SIGKILL);
  co_await builder.wait();
  const auto pid = std::stoi(files::read(pid_file).value_or("0"));
  EXPECT_GT(pid, 1);

  BuildSpec spec{.project = "shop", .deployment = 1, .source = source, .commands = {"true"}};
  co_await runtime.build(spec, [](std::string_view) {});
  const auto left = find_process(pid);
  EXPECT_TRUE(!left || left->is_dead());
}

TASK_TEST_F(ProcessRuntimeTest, AStaticOutputIsCopiedOutOfTheBuild) {
  BuildSpec spec{.project = "shop",
                 .deployment = 1,
                 .source = source,
                 .commands = {"mkdir dist; echo page > dist/index.html; ln -s /etc/passwd dist/p"}};
  auto artifact = co_await runtime.build(spec, [](std::string_view) {});
  co_await runtime.copy_out(artifact.reference, "dist", folder.path() / "out");
  EXPECT_EQ(files::read(folder.path() / "out/index.html").value_or(""), "page\n");
  EXPECT_FALSE(fs::exists(fs::symlink_status(folder.path() / "out/p")));
  auto missing =
      co_await attempt(runtime.copy_out(artifact.reference, "build", folder.path() / "out2"));
  EXPECT_TRUE(!missing && missing.error().is(errors::nothing_built));
  auto outside =
      co_await attempt(runtime.copy_out(artifact.reference, "../home", folder.path() / "out3"));
  EXPECT_TRUE(!outside && outside.error().is(errors::nothing_built));
}

TASK_TEST_F(ProcessRuntimeTest, AStartWithoutItsReleaseSaysSo) {
  InstanceSpec spec{.name = "shop-1",
                    .project = "shop",
                    .artifact = (data / "releases/shop/9").native(),
                    .start_command = "true"};
  auto started = co_await attempt(runtime.start(spec));
  EXPECT_TRUE(!started && started.error().is(errors::no_such_artifact));
}

// Starts an instance and waits to be killed.
int starter(const fs::path& data, std::string artifact, std::string command) {
  net::Loop loop;
  ProcessRuntime runtime(loop, options_for(data));
  InstanceSpec spec{.name = "adopted",
                    .project = "shop",
                    .project_id = 5,
                    .artifact = std::move(artifact),
                    .start_command = std::move(command)};
  if (!loop.run(runtime.start(spec))) return 1;
  if (::write(1, "k", 1) != 1) return 1;
  ::pause();
  return 0;
}

// Builds, tells of the first line of output, and waits to be killed.
int builder(const fs::path& data, const fs::path& source, std::string command) {
  net::Loop loop;
  ProcessRuntime runtime(loop, options_for(data));
  BuildSpec spec{
      .project = "shop", .deployment = 1, .source = source, .commands = {std::move(command)}};
  auto tell = [](std::string_view line) {
    if (line == "on" && ::write(1, "k", 1) != 1) ::_exit(1);
  };
  return loop.run(runtime.build(spec, tell)) ? 0 : 1;
}

}  // namespace
}  // namespace temps::runtime

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "shim") return temps::runtime::shim_main(argv[2]);
  if (command == "starter") return temps::runtime::starter(argv[2], argv[3], argv[4]);
  if (command == "builder") return temps::runtime::builder(argv[2], argv[3], argv[4]);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
