#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "core/testing.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "process/process.hpp"

namespace temps::process {
namespace {

using namespace std::chrono_literals;

Spec shell(const std::string& script) {
  return {.command = {"sh", "-c", script}, .environment = base_environment()};
}

bool is_alive(int pid) { return start_time(pid).has_value(); }

struct Process : testing::Test {
  net::Loop loop;
  files::TemporaryFolder folder;

  // The first line that the child writes.
  Task<std::string> line(Child& child) {
    std::string text;
    char byte{};
    while (co_await child.out()->read_some({&byte, 1}) == 1 && byte != '\n') text += byte;
    co_return text;
  }
  Task<> gone(int pid) {
    while (is_alive(pid)) co_await sleep(5ms);
  }
};

TASK_TEST_F(Process, GivesOutputErrorsAndExitCode) {
  auto done = co_await capture(loop, shell("echo out; echo err >&2; exit 7"));
  EXPECT_EQ(done.out, "out\n");
  EXPECT_EQ(done.err, "err\n");
  EXPECT_EQ(done.exit.code, 7);
  EXPECT_EQ(done.exit.text(), "exit code 7");
  EXPECT_FALSE(done.exit.is_success());
}

TASK_TEST_F(Process, TellsWhichSignalEndedAProgram) {
  auto done = co_await capture(loop, shell("kill -KILL $$"));
  EXPECT_EQ(done.exit.signal, SIGKILL);
  EXPECT_EQ(done.exit.code, 137);
  EXPECT_EQ(done.exit.text(), "killed by signal 9 (SIGKILL)");
}

TASK_TEST_F(Process, FeedsInputAndCollectsBigOutput) {
  std::string input(3'000'000, 'x');
  auto done =
      co_await capture(loop, {.command = {"cat"}, .environment = base_environment()}, input);
  EXPECT_EQ(done.out.size(), input.size());
}

TASK_TEST_F(Process, DoesNotMindInputThatNobodyReads) {
  auto done = co_await capture(loop, shell("exit 3"), std::string(3'000'000, 'x'));
  EXPECT_EQ(done.exit.code, 3);
}

TASK_TEST_F(Process, EndsAProgramThatWritesWithoutEnd) {
  auto done = co_await attempt(
      capture(loop, {.command = {"yes"}, .environment = base_environment()}, {}, 1U << 20U));
  EXPECT_TRUE(done.error().is(errors::failed));
}

TASK_TEST_F(Process, GivesExactlyTheEnvironmentAndFolderAskedFor) {
  auto done = co_await capture(loop, {.command = {"/bin/sh", "-c", "env; pwd"},
                                      .environment = {{"ONLY", "this=one"}},
                                      .folder = folder.path()});
  EXPECT_NE(done.out.find("ONLY=this=one\n"), std::string::npos);
  EXPECT_EQ(done.out.find("HOME="), std::string::npos);
  EXPECT_NE(done.out.find(folder.path().native() + "\n"), std::string::npos);
}

TASK_TEST_F(Process, SaysHowToInstallAMissingProgram) {
  const Spec spec{.command = {"git", "--version"},
                  .environment = {{"PATH", folder.path().native()}}};
  auto done = co_await attempt(capture(loop, spec));
  EXPECT_TRUE(done.error().is(errors::not_found));
  EXPECT_EQ(done.error().detail(), "git is not installed. Install it: apt-get install git");
  const Spec unknown{.command = {"no-such-program"}, .environment = base_environment()};
  EXPECT_TRUE((co_await attempt(capture(loop, unknown))).error().is(errors::not_found));
  const Spec by_path{.command = {"/no/such/program"}, .environment = {}};
  EXPECT_TRUE((co_await attempt(capture(loop, by_path))).error().is(errors::not_found));
}

TASK_TEST_F(Process, SaysWhyAProgramCannotStart) {
  co_await files::write_atomically(folder.path() / "text", "no program", 0755);
  co_await files::write_atomically(folder.path() / "script", "#!/no/such/shell\n", 0755);
  const Spec text{.command = {folder.path() / "text"}, .environment = {}};
  const Spec script{.command = {folder.path() / "script"}, .environment = {}};
  const Spec nowhere{.command = {"/bin/true"}, .environment = {}, .folder = "/no/such/folder"};
  const auto not_program = Child::start(loop, text);
  EXPECT_NE(not_program.error().detail().find("is not a program"), std::string::npos);
  EXPECT_TRUE(Child::start(loop, script).error().is(errors::not_found));
  const auto no_folder = Child::start(loop, nowhere);
  EXPECT_NE(no_folder.error().detail().find("/no/such/folder"), std::string::npos);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a failed child was left behind";
  co_return;
}

TASK_TEST_F(Process, WritesToAFileAndMergesBothStreams) {
  auto spec = shell("echo one; echo two >&2");
  spec.out = Output::to_file;
  spec.out_file = folder.path() / "log";
  spec.merge_err_into_out = true;
  for (int i = 0; i < 2; ++i) {
    auto child = co_await Child::start(loop, spec);
    EXPECT_EQ(child.out(), nullptr);
    EXPECT_TRUE((co_await child.wait()).is_success());
  }
  EXPECT_EQ(*files::read(folder.path() / "log"), "one\ntwo\none\ntwo\n");
}

TASK_TEST_F(Process, CanBeWaitedForAgainAndByTwoAtOnce) {
  auto child = co_await Child::start(loop, shell("sleep 0.05; exit 4"));
  const auto wait = [](Child& running) -> Task<> { EXPECT_EQ((co_await running.wait()).code, 4); };
  std::vector<Task<>> both;
  both.push_back(wait(child));
  both.push_back(wait(child));
  co_await all(std::move(both));
  EXPECT_EQ((co_await child.wait()).code, 4);
  EXPECT_TRUE(child.has_exited());
}

TASK_TEST_F(Process, CancellationKillsTheWholeGroup) {
  const auto file = folder.path() / "pid";
  const auto script =
      fmt::format("sleep 1000 & echo $! > {0}.new; mv {0}.new {0}; wait", file.native());
  const auto cut_short = [](net::Loop& on, Spec spec, files::Path written) -> Task<int> {
    auto child = co_await Child::start(on, std::move(spec));
    while (!std::filesystem::exists(written)) co_await sleep(5ms);
    co_await within(10ms, child.wait());
    co_return 0;
  };
  auto result = co_await attempt(cut_short(loop, shell(script), file));
  EXPECT_TRUE(result.error().is(temps::errors::timed_out));
  const auto grandchild = parse_number<int>(trimmed(*files::read(file)));
  co_await within(5s, gone(grandchild.value()));
}

TASK_TEST_F(Process, CaptureDoesNotWaitForWhatACommandLeavesBehind) {
  auto done = co_await within(5s, capture(loop, shell("sleep 1000 & echo $!")));
  co_await within(5s, gone(parse_number<int>(trimmed(done.out)).value()));
}

TASK_TEST_F(Process, StopAsksFirstAndKillsAfterTheGrace) {
  auto polite = co_await Child::start(loop, shell("trap 'exit 5' TERM; echo; sleep 1000 & wait"));
  co_await line(polite);
  EXPECT_EQ((co_await polite.stop(200ms)).code, 5);
  auto stubborn =
      co_await Child::start(loop, shell("trap '' TERM; echo; while :; do sleep 1; done"));
  co_await line(stubborn);
  EXPECT_EQ((co_await stubborn.stop(50ms)).signal, SIGKILL);
}

TASK_TEST_F(Process, StopLeavesTheGraceToTheProgramUnderAShell) {
  const auto file = folder.path() / "drained";
  auto child =
      co_await Child::start(loop, shell(fmt::format("(trap 'sleep 0.1; touch {}; exit' TERM; echo; "
                                                    "while :; do sleep 0.01; done) & wait",
                                                    file.native())));
  co_await line(child);
  co_await child.stop(5s);
  EXPECT_TRUE(std::filesystem::exists(file));
}

TASK_TEST_F(Process, AReleasedChildGoesOn) {
  int pid = 0;
  {
    auto child = co_await Child::start(loop, shell("exec sleep 1000"));
    pid = child.pid();
    child.release();
  }
  EXPECT_TRUE(is_alive(pid));
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  EXPECT_FALSE(is_alive(pid));
}

TASK_TEST_F(Process, StartsWithUsualSignalsAndNoStrayDescriptors) {
  const int stray = ::fcntl(0, F_DUPFD, 100);  // without O_CLOEXEC, as a careless library would
  const int wanted = ::fcntl(0, F_DUPFD, 100);
  auto spec = shell("grep -E 'SigBlk|SigIgn' /proc/self/status; ls /proc/self/fd");
  spec.inherit_fds = {wanted};
  auto done = co_await capture(loop, spec);
  ::close(stray);
  ::close(wanted);
  EXPECT_NE(done.out.find("SigBlk:\t0000000000000000"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("SigIgn:\t0000000000000000"), std::string::npos) << done.out;
  EXPECT_NE(done.out.find(fmt::format("\n{}\n", wanted)), std::string::npos) << done.out;
  EXPECT_EQ(done.out.find(fmt::format("\n{}\n", stray)), std::string::npos) << done.out;
}

TASK_TEST_F(Process, SwitchesToAnotherUserForGood) {
  if (::geteuid() != 0) co_return;  // only root can
  ::chmod(folder.path().c_str(), 0755);
  Spec spec{.command = {"sh", "-c", "id -u; id -g; id -G; grep CapEff /proc/self/status"},
            .environment = base_environment(),
            .folder = folder.path(),
            .user = User{.uid = 4242, .gid = 4243}};
  auto done = co_await capture(loop, spec);
  EXPECT_EQ(done.out, "4242\n4243\n4243\nCapEff:\t0000000000000000\n");
  ::chmod(folder.path().c_str(), 0700);
  const auto refused = Child::start(loop, spec);
  EXPECT_NE(refused.error().detail().find("as user 4242"), std::string::npos);
}

TASK_TEST_F(Process, DiesWithItsParentWhenAskedTo) {
  // A copy of this process starts the child and ends without a word.
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const int copy = ::fork();
  if (copy == 0) {
    net::Loop own;
    auto spec = shell("exec sleep 1000");
    spec.dies_with_parent = true;
    auto child = Child::start(own, spec);
    const int pid = child ? child->pid() : -1;
    (void)!::write(ends[1], &pid, sizeof pid);
    ::_exit(0);
  }
  int pid = -1;
  EXPECT_EQ(::read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  ::close(ends[0]);
  ::close(ends[1]);
  ::waitpid(copy, nullptr, 0);
  EXPECT_GT(pid, 0);
  if (pid > 0) co_await within(5s, gone(pid));
}

TEST(FileLimit, IsRaisedForUsAndNotForChildren) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 200;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &small), 0);
  raise_file_limit();
  rlimit now{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &now), 0);
  EXPECT_EQ(now.rlim_cur, before.rlim_max);
  net::Loop loop;
  auto child = loop.run(capture(loop, shell("ulimit -n")));
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ(child->out, "200\n");
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace temps::process
