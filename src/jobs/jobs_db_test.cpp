#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "jobs/jobs.hpp"
#include "jobs/module.hpp"
#include "jobs/queries.hpp"
#include "sql/catalogue.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"

namespace temps::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr ErrorCode away{"test.away", ErrorKind::unavailable, "Away"};
constexpr ErrorCode wrong{"test.wrong", ErrorKind::invalid, "Wrong"};

struct JobsTest : testbed::DatabaseTest {
  FakeClock clock;
  Options options{.poll = milliseconds{20}, .lease = milliseconds{150}};
  Queue queue{database, loop, clock, options};
  std::vector<std::string> journal;

  void SetUp() override {
    const auto migrated = loop.run(sql::migrate(database, migrations()));
    ASSERT_TRUE(migrated) << migrated.error().detail();
  }
  void TearDown() override { EXPECT_TRUE(loop.run(queue.close())); }

  // A handler that writes down the payload.
  Handler writes() {
    return [this](Job& job) -> Task<> {
      return [](std::vector<std::string>& to, std::string payload) -> Task<> {
        to.push_back(std::move(payload));
        co_return;
      }(journal, job.payload());
    };
  }
  static Task<> hang(Job&) { co_await sleep(seconds{60}); }
  // Until the job's row says so.
  Task<> until(JobId id, Status status) {
    while ((co_await queue.get(id)).status != status) co_await sleep(milliseconds{2});
  }
};

TASK_TEST_F(JobsTest, EveryStatementFitsTheTables) {
  EXPECT_THAT(co_await sql::check(database, statements()), IsEmpty());
}

TASK_TEST_F(JobsTest, AJobRunsAndIsRememberedAsSucceeded) {
  queue.handle("test.write", writes());
  queue.start();
  const auto id = co_await queue.add({.kind = "test.write", .payload = R"({"a": 1})"});
  const auto record = co_await queue.wait(id);
  EXPECT_EQ(record.status, Status::succeeded);
  EXPECT_EQ(record.attempt, 1);
  EXPECT_EQ(record.finished_at, clock.now());
  EXPECT_THAT(journal, ElementsAre(R"({"a": 1})"));
}

TASK_TEST_F(JobsTest, AJobOfATransactionRunsOnlyAfterItsCommit) {
  queue.handle("test.write", writes());
  queue.start();
  const auto id =
      co_await database.transact<JobId>([this](this auto, sql::Transaction& tx) -> Task<JobId> {
        const auto made = co_await queue.add({.kind = "test.write", .payload = "1"}, tx);
        co_await sleep(milliseconds{60});
        journal.emplace_back("about to commit");
        co_return made;
      });
  co_await queue.wait(id);
  EXPECT_THAT(journal, ElementsAre("about to commit", "1"));
}

TASK_TEST_F(JobsTest, AJobOfAFailedTransactionNeverWas) {
  std::optional<JobId> id;
  (void)co_await attempt(
      database.transact<void>([this, &id](this auto, sql::Transaction& tx) -> Task<> {
        id = co_await queue.add({.kind = "test.write"}, tx);
        co_await fail(wrong);
      }));
  const auto record = co_await attempt(queue.get(*id));
  EXPECT_TRUE(record.error().is(errors::no_such_job));
}

// Each look at it is a little later.
struct HastyClock final : Clock {
  [[nodiscard]] Instant now() const override { return at += milliseconds{10}; }
  mutable Instant at{seconds{1'700'000'000}};
};

TASK_TEST_F(JobsTest, AJobThatBecomesDueDuringALookIsNotLeftToThePoll) {
  for (int i = 1; i <= 12; ++i) {
    const HastyClock hasty;
    Queue slow(database, loop, hasty, {.worker = "slow", .poll = seconds{60}});
    slow.handle("test.slow", writes());
    const auto id =
        co_await slow.add({.kind = "test.slow", .run_at = hasty.at + i * milliseconds{10}});
    slow.start();
    const auto ended = co_await attempt(within(seconds{5}, slow.wait(id)));
    EXPECT_TRUE(ended.has_value()) << i;
    co_await slow.close();
  }
}

TASK_TEST_F(JobsTest, AnAddedJobStartsWithoutWaitingForThePoll) {
  Queue slow(database, loop, clock, {.worker = "slow", .poll = seconds{60}});
  slow.handle("test.slow", writes());
  slow.start();
  co_await sleep(milliseconds{30});
  const auto id = co_await slow.add({.kind = "test.slow"});
  co_await within(seconds{5}, slow.wait(id));
  co_await slow.close();
}

TASK_TEST_F(JobsTest, AJobWaitsForItsTime) {
  queue.handle("test.write", writes());
  queue.start();
  const auto id = co_await queue.add({.kind = "test.write", .run_at = clock.now() + seconds{60}});
  co_await sleep(milliseconds{60});
  EXPECT_EQ((co_await queue.get(id)).status, Status::waiting);
  clock.advance(seconds{60});
  EXPECT_EQ((co_await queue.wait(id)).status, Status::succeeded);
}

TASK_TEST_F(JobsTest, AJobWithoutAHandlerWaits) {
  queue.handle("test.write", writes());
  queue.start();
  const auto stranger = co_await queue.add({.kind = "test.unknown"});
  co_await queue.wait(co_await queue.add({.kind = "test.write"}));
  EXPECT_EQ((co_await queue.get(stranger)).status, Status::waiting);
}

TASK_TEST_F(JobsTest, JobsOfOneKeyRunInOrderAlsoAcrossARetry) {
  int failures = 1;
  queue.handle("test.order", [this, &failures](Job& job) -> Task<> {
    return [](std::vector<std::string>& to, int& left, std::string payload) -> Task<> {
      to.push_back("begin " + payload);
      co_await sleep(milliseconds{5});
      if (left-- > 0) co_await fail(away);
      to.push_back("end " + payload);
    }(journal, failures, job.payload());
  });
  std::vector<JobId> ids;
  for (const auto* payload : {"1", "2", "3"}) {
    ids.push_back(co_await queue.add({.kind = "test.order", .key = "k", .payload = payload}));
  }
  queue.start();
  while (failures > 0 || (co_await queue.get(ids[0])).status == Status::running) {
    co_await sleep(milliseconds{2});
  }
  clock.advance(seconds{10});
  co_await queue.wait(ids[2]);
  EXPECT_THAT(journal,
              ElementsAre("begin 1", "begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"));
}

TASK_TEST_F(JobsTest, JobsOfDifferentKeysRunAtTheSameTime) {
  Signal met;
  int here = 0;
  queue.handle("test.meet", [&met, &here](Job&) -> Task<> {
    return [](Signal& signal, int& count) -> Task<> {
      if (++count == 2) signal.notify();
      if (count < 2) co_await signal.next();
    }(met, here);
  });
  queue.start();
  const auto one = co_await queue.add({.kind = "test.meet", .key = "a"});
  const auto two = co_await queue.add({.kind = "test.meet", .key = "b"});
  EXPECT_EQ((co_await within(seconds{5}, queue.wait(one))).status, Status::succeeded);
  EXPECT_EQ((co_await queue.wait(two)).status, Status::succeeded);
}

struct Gauge {
  int now = 0;
  int most = 0;
};
Task<> measured(Gauge& gauge) {
  gauge.most = std::max(gauge.most, ++gauge.now);
  co_await sleep(milliseconds{3});
  --gauge.now;
}

TASK_TEST_F(JobsTest, NoMoreJobsOfAKindRunThanItsLimit) {
  Gauge gauge;
  queue.handle("test.few", [&gauge](Job&) { return measured(gauge); }, {.running_max = 2});
  std::vector<JobId> ids;
  for (int i = 0; i < 8; ++i) ids.push_back(co_await queue.add({.kind = "test.few"}));
  queue.start();
  for (const auto id : ids) co_await queue.wait(id);
  EXPECT_EQ(gauge.most, 2);
}

TASK_TEST_F(JobsTest, AFullKindHoldsUpNoOther) {
  queue.handle("test.hang", hang, {.running_max = 10});
  queue.handle("test.write", writes());
  std::vector<JobId> hung;
  for (int i = 0; i < 12; ++i) hung.push_back(co_await queue.add({.kind = "test.hang"}));
  queue.start();
  co_await until(hung[9], Status::running);
  const auto id = co_await queue.add({.kind = "test.write"});
  EXPECT_EQ((co_await within(seconds{5}, queue.wait(id))).status, Status::succeeded);
  EXPECT_EQ((co_await queue.get(hung[10])).status, Status::waiting);
}

TASK_TEST_F(JobsTest, TwoProcessesNeverRunOneKeyAtOnce) {
  Gauge gauge;
  Queue other(database, loop, clock, {.worker = "other", .poll = milliseconds{2}});
  for (auto* worker : {&queue, &other}) {
    worker->handle("test.alone", [&gauge](Job&) { return measured(gauge); });
    worker->start();
  }
  std::vector<JobId> ids;
  for (int i = 0; i < 30; ++i) {
    ids.push_back(co_await queue.add({.kind = "test.alone", .key = "k"}));
  }
  for (const auto id : ids) EXPECT_EQ((co_await queue.wait(id)).status, Status::succeeded);
  EXPECT_EQ(gauge.most, 1);
  co_await other.close();
}

TASK_TEST_F(JobsTest, AnErrorThatMayPassIsRetriedAfterAGrowingPause) {
  int tries = 0;
  queue.handle("test.flaky", [&tries](Job& job) -> Task<> {
    return [](int& count, std::int32_t attempt_number) -> Task<> {
      EXPECT_EQ(++count, attempt_number);
      if (count < 3) co_await fail(away, "not yet");
    }(tries, job.attempt());
  });
  queue.start();
  const auto id = co_await queue.add({.kind = "test.flaky"});
  for (const auto pause : {milliseconds{2000}, milliseconds{4000}}) {
    auto record = co_await queue.get(id);
    while (record.run_at <= clock.now()) {
      co_await sleep(milliseconds{2});
      record = co_await queue.get(id);
    }
    EXPECT_EQ(record.status, Status::waiting);
    EXPECT_EQ(record.error_detail, "not yet");
    EXPECT_GE(record.run_at - clock.now(), pause * 3 / 4);
    EXPECT_LE(record.run_at - clock.now(), pause * 5 / 4);
    clock.advance(pause * 5 / 4);
  }
  const auto record = co_await queue.wait(id);
  EXPECT_EQ(record.status, Status::succeeded);
  EXPECT_EQ(record.attempt, 3);
  EXPECT_FALSE(record.error_code);
}

TASK_TEST_F(JobsTest, AFinalErrorEndsTheJobWithItsReason) {
  queue.handle("test.wrong", [](Job&) -> Task<> { co_await fail(wrong, "no such thing"); });
  queue.start();
  const auto record = co_await queue.wait(co_await queue.add({.kind = "test.wrong"}));
  EXPECT_EQ(record.status, Status::failed);
  EXPECT_EQ(record.attempt, 1);
  EXPECT_EQ(record.error_code, "test.wrong");
  EXPECT_EQ(record.error_detail, "no such thing");
}

TASK_TEST_F(JobsTest, AJobFailsForGoodAfterItsLastAttempt) {
  queue.handle("test.away", [](Job&) -> Task<> { co_await fail(away); });
  queue.start();
  const auto record =
      co_await queue.wait(co_await queue.add({.kind = "test.away", .attempts_max = 1}));
  EXPECT_EQ(record.status, Status::failed);
}

TASK_TEST_F(JobsTest, ARunThatTakesTooLongIsCutOff) {
  queue.handle("test.hang", hang, {.run_max = seconds{0}});
  queue.start();
  const auto record =
      co_await queue.wait(co_await queue.add({.kind = "test.hang", .attempts_max = 1}));
  EXPECT_EQ(record.error_code, "core.timed_out");
}

TASK_TEST_F(JobsTest, CancellingEndsAWaitingJob) {
  const auto id = co_await queue.add({.kind = "test.write"});
  EXPECT_TRUE(co_await queue.cancel(id));
  EXPECT_FALSE(co_await queue.cancel(id));
  queue.handle("test.write", writes());
  queue.start();
  co_await sleep(milliseconds{30});
  EXPECT_EQ((co_await queue.get(id)).status, Status::cancelled);
  EXPECT_THAT(journal, IsEmpty());
}

TASK_TEST_F(JobsTest, CancellingEndsARunningJobWhichCanTellWhy) {
  bool told = false;
  queue.handle("test.hang", [&told](Job& job) -> Task<> {
    return [](Job& self, bool& seen) -> Task<> {
      auto slept = co_await attempt(sleep(seconds{60}));
      seen = self.is_cancelled();
      co_await std::move(slept);
    }(job, told);
  });
  queue.start();
  const auto id = co_await queue.add({.kind = "test.hang"});
  co_await until(id, Status::running);
  EXPECT_TRUE(co_await queue.cancel(id));
  EXPECT_EQ((co_await queue.wait(id)).status, Status::cancelled);
  EXPECT_TRUE(told);
}

TASK_TEST_F(JobsTest, AJobOfAnotherProcessIsCancelledByItsNextHeartbeat) {
  queue.handle("test.hang", hang);
  queue.start();
  const auto id = co_await queue.add({.kind = "test.hang"});
  co_await until(id, Status::running);
  Queue other(database, loop, clock, {.worker = "other"});
  EXPECT_TRUE(co_await other.cancel(id));
  EXPECT_EQ((co_await queue.wait(id)).status, Status::cancelled);
}

TASK_TEST_F(JobsTest, ListsTheNewestFirstByStatus) {
  const auto first = co_await queue.add({.kind = "test.write"});
  const auto second = co_await queue.add({.kind = "test.write"});
  const auto third = co_await queue.add({.kind = "test.write"});
  co_await queue.cancel(second);
  const auto ids = [](const std::vector<JobRecord>& records) {
    std::vector<JobId> found;
    for (const auto& record : records) found.push_back(record.id);
    return found;
  };
  const JobId behind{third.value + 1};
  EXPECT_THAT(ids(co_await queue.list({}, behind, 10)), ElementsAre(third, second, first));
  EXPECT_THAT(ids(co_await queue.list({}, third, 1)), ElementsAre(second));
  EXPECT_THAT(ids(co_await queue.list(Status::waiting, behind, 10)), ElementsAre(third, first));
}

TASK_TEST_F(JobsTest, RefusesDocumentsThatAreTooLarge) {
  const auto refused = co_await attempt(
      queue.add({.kind = "test.write", .payload = '"' + std::string(2 << 20, 'x') + '"'}));
  EXPECT_TRUE(refused.error().is(errors::too_large));
}

}  // namespace
}  // namespace temps::jobs
