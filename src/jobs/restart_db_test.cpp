// What becomes of jobs when the process that runs them stops, dies or is cut off.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "core/testing.hpp"
#include "jobs/jobs.hpp"
#include "jobs/module.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"

namespace temps::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;

constexpr sql::Command<std::string, Instant> left_running{
    "test.left_running",
    "update jobs set status = 'running', attempt = 1, run = run + 1, worker = $1, "
    "lease_until = $2, state = '{\"stage\": 2}'"};

struct RestartTest : testbed::DatabaseTest {
  FakeClock clock;
  Options options{.poll = milliseconds{20}, .lease = milliseconds{150}};
  std::vector<std::string> journal;
  std::deque<Queue> queues;

  // Closed by the test, or at its end.
  Queue& open_queue() { return queues.emplace_back(database, loop, clock, options); }
  void TearDown() override {
    for (auto& queue : queues) EXPECT_TRUE(loop.run(queue.close()));
  }
  void SetUp() override {
    const auto migrated = loop.run(sql::migrate(database, migrations()));
    ASSERT_TRUE(migrated) << migrated.error().detail();
  }

  // Writes down its attempt and state, saves a state, and then ends or hangs.
  enum class End : std::uint8_t { finish, hang };
  Handler stages(End end) {
    return [this, end](Job& job) { return run_stages(job, end); };
  }
  Task<> run_stages(Job& job, End end) {
    journal.push_back(fmt::format("{} {}", job.attempt(), job.state().value_or("-")));
    co_await job.save(R"({"stage": 3})");
    if (end == End::hang) co_await sleep(seconds{60});
  }
  Task<> until_journal_has(std::size_t lines) {
    while (journal.size() < lines) co_await sleep(milliseconds{2});
  }
};

TASK_TEST_F(RestartTest, AJobOfADeadProcessGoesOnAtOnceWithItsStateAndAttempt) {
  auto& queue = open_queue();
  const auto id = co_await queue.add({.kind = "test.stages", .attempts_max = 1});
  co_await database.run(left_running, options.worker, clock.now() + seconds{60});
  queue.handle("test.stages", stages(End::finish));
  queue.start();
  EXPECT_EQ((co_await queue.wait(id)).status, Status::succeeded);
  EXPECT_THAT(journal, ElementsAre(R"(1 {"stage": 2})"));
}

TASK_TEST_F(RestartTest, AJobOfAnotherProcessIsLeftAloneUntilItsLeaseEnds) {
  auto& queue = open_queue();
  const auto id = co_await queue.add({.kind = "test.stages"});
  co_await database.run(left_running, "other", clock.now() + seconds{60});
  queue.handle("test.stages", stages(End::finish));
  queue.start();
  co_await sleep(milliseconds{60});
  EXPECT_EQ((co_await queue.get(id)).status, Status::running);
  EXPECT_TRUE(journal.empty());
  clock.advance(seconds{61});
  EXPECT_EQ((co_await queue.wait(id)).status, Status::succeeded);
}

TASK_TEST_F(RestartTest, AStopReleasesWhatRunsWithoutCountingAnAttempt) {
  auto& queue = open_queue();
  queue.handle("test.stages", stages(End::hang));
  queue.start();
  const auto id = co_await queue.add({.kind = "test.stages", .attempts_max = 1});
  co_await until_journal_has(1);
  co_await queue.close();
  const auto record = co_await queue.get(id);
  EXPECT_EQ(record.status, Status::waiting);
  EXPECT_EQ(record.attempt, 0);
  auto& next = open_queue();
  next.handle("test.stages", stages(End::finish));
  next.start();
  EXPECT_EQ((co_await next.wait(id)).status, Status::succeeded);
  EXPECT_THAT(journal.back(), R"(1 {"stage": 3})");
}

TASK_TEST_F(RestartTest, AJobThatKeepsKillingItsProcessFails) {
  auto& queue = open_queue();
  const auto id = co_await queue.add({.kind = "test.stages"});
  co_await database.run(left_running, options.worker, clock.now());
  co_await database.script("update jobs set interruptions = 5");
  queue.handle("test.stages", stages(End::finish));
  queue.start();
  const auto record = co_await queue.wait(id);
  EXPECT_EQ(record.status, Status::failed);
  EXPECT_EQ(record.error_code, "jobs.interrupted");
  EXPECT_TRUE(journal.empty());
}

TASK_TEST_F(RestartTest, WhoLosesTheLeaseStopsAndRecordsNothing) {
  auto& queue = open_queue();
  std::optional<Error> ended;
  queue.handle("test.hang", [&ended](Job& job) -> Task<> {
    return [](Job& self, std::optional<Error>& how) -> Task<> {
      auto slept = co_await attempt(sleep(seconds{60}));
      how = slept.error();
      EXPECT_TRUE((co_await attempt(shielded(self.save("{}")))).error().is(errors::lease_lost));
      co_await std::move(slept);
    }(job, ended);
  });
  queue.start();
  const auto id = co_await queue.add({.kind = "test.hang"});
  while ((co_await queue.get(id)).status != Status::running) co_await sleep(milliseconds{2});
  co_await database.run(left_running, "other", clock.now() + seconds{60});
  while (!ended) co_await sleep(milliseconds{5});
  EXPECT_TRUE(ended->is(errors::lease_lost));
  co_await queue.close();
  EXPECT_EQ((co_await queue.get(id)).status, Status::running);
}

TASK_TEST_F(RestartTest, AJobOutlastsACrashOfTheServer) {
  auto& queue = open_queue();
  queue.handle("test.stages", stages(End::hang));
  queue.start();
  const auto id = co_await queue.add({.kind = "test.stages"});
  co_await until_journal_has(1);
  co_await database.script("checkpoint");  // the server of tests does not wait for its disk
  testbed::crash_server();
  EXPECT_TRUE(co_await queue.cancel(id));
  EXPECT_EQ((co_await queue.wait(id)).status, Status::cancelled);
}

TASK_TEST_F(RestartTest, JobsThatEndedLongAgoAreRemoved) {
  auto& queue = open_queue();
  const auto old = co_await queue.add({.kind = "test.old"});
  co_await queue.cancel(old);
  clock.advance(std::chrono::hours{14 * 24 + 1});
  const auto fresh_job = co_await queue.add({.kind = "test.old"});
  co_await queue.cancel(fresh_job);
  queue.start();
  while ((co_await attempt(queue.get(old))).has_value()) co_await sleep(milliseconds{2});
  EXPECT_EQ((co_await queue.get(fresh_job)).status, Status::cancelled);
}

}  // namespace
}  // namespace temps::jobs
