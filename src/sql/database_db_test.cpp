#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "sql/database.hpp"
#include "testbed/database.hpp"

namespace temps::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Command<std::string> insert{"test.insert", "insert into things (name) values ($1)"};
constexpr Query<std::string> names{"test.names", "select name from things order by id"};
constexpr Query<std::int64_t> count{"test.count", "select count(*) from things"};
constexpr Query<std::string> nap{"test.nap", "select pg_sleep(30)::text"};
constexpr Query<std::int32_t> backend{"test.backend", "select pg_backend_pid()"};
constexpr Query<bool, std::int32_t> kill{"test.kill", "select pg_terminate_backend($1, 5000)"};

struct DatabaseTest : testing::Test {
  testbed::TestDatabase fresh;
  net::Loop loop;
  Options options{.url = fresh.url(),
                  .connections_max = 2,
                  .statement_timeout = std::chrono::seconds{5},
                  .wait_for_connection = std::chrono::seconds{5}};
  Database database{loop, options};

  void SetUp() override {
    const auto made =
        loop.run(database.script("create table things (id bigint generated always as identity, "
                                 "name text not null unique, check (name <> 'bad'))"));
    ASSERT_TRUE(made) << made.error().detail();
  }
  void TearDown() override { EXPECT_TRUE(loop.run(database.close())); }
};

TASK_TEST_F(DatabaseTest, StoresAndReadsEveryTypeOfValue) {
  struct All {
    bool flag;
    std::int32_t small;
    std::int64_t large;
    double real;
    std::string text;
    Instant at;
    Json document;
    Bytes bytes;
    std::vector<std::string> words;
    std::vector<std::int64_t> numbers;
    std::optional<std::string> nothing;
  };
  static constexpr Query<All, bool, std::int32_t, std::int64_t, double, std::string, Instant, Json,
                         Bytes, std::vector<std::string>, std::vector<std::int64_t>,
                         std::optional<std::string>>
      mirror{"test.mirror", "select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11"};
  const Instant at{std::chrono::microseconds{1'700'000'000'123'456}};
  const auto row = co_await database.one(mirror, true, -5, std::int64_t{1} << 40, 2.5, "grün", at,
                                         Json{R"({"a": [1]})"}, Bytes{std::string("\0\xff", 2)},
                                         {"", "{a,\"b\"}"}, {1, -1}, std::nullopt);
  EXPECT_TRUE(row.flag);
  EXPECT_EQ(row.small, -5);
  EXPECT_EQ(row.large, std::int64_t{1} << 40);
  EXPECT_EQ(row.real, 2.5);
  EXPECT_EQ(row.text, "grün");
  EXPECT_EQ(row.at, at);
  EXPECT_EQ(row.document.text, R"({"a": [1]})");
  EXPECT_EQ(row.bytes.bytes, std::string("\0\xff", 2));
  EXPECT_THAT(row.words, ElementsAre("", "{a,\"b\"}"));
  EXPECT_THAT(row.numbers, ElementsAre(1, -1));
  EXPECT_FALSE(row.nothing);
}

TASK_TEST_F(DatabaseTest, TheSameStatementAgainIsPreparedAndGivesTheSame) {
  static constexpr Query<std::int64_t> prepared{
      "test.prepared", "select count(*) from pg_prepared_statements where name like 's%'"};
  EXPECT_EQ(co_await database.one(prepared), 0);
  EXPECT_EQ(co_await database.one(prepared), 1);
  EXPECT_EQ(co_await database.one(prepared), 1);
}

TASK_TEST_F(DatabaseTest, CountsTheRowsThatACommandTouched) {
  static constexpr Command<> insert_two{"test.two",
                                        "insert into things (name) values ('a'), ('b')"};
  static constexpr Command<std::string> remove{"test.remove", "delete from things where name = $1"};
  EXPECT_EQ(co_await database.run(insert_two), 2);
  EXPECT_EQ(co_await database.run(remove, "nobody"), 0);
}

TASK_TEST_F(DatabaseTest, TellsRefusalsApart) {
  static constexpr Command<> wrong{"test.wrong", "insert into nowhere values (1)"};
  co_await database.run(insert, "a");
  const auto again = co_await attempt(database.run(insert, "a"));
  EXPECT_TRUE(again.error().is(errors::conflict)) << again.error().detail();
  EXPECT_THAT(again.error().cause(), HasSubstr("test.insert"));
  const auto bad = co_await attempt(database.run(insert, "bad"));
  EXPECT_TRUE(bad.error().is(errors::refused)) << bad.error().detail();
  const auto zero = co_await attempt(database.run(insert, std::string("a\0b", 3)));
  EXPECT_TRUE(zero.error().is(errors::bad_value)) << zero.error().detail();
  const auto lost = co_await attempt(database.run(wrong));
  EXPECT_TRUE(lost.error().is(errors::failed)) << lost.error().detail();
}

TASK_TEST_F(DatabaseTest, OneFailsWithoutExactlyOneRow) {
  static constexpr Query<std::int32_t> two{"test.two_rows", "values (1), (2)"};
  EXPECT_TRUE((co_await attempt(database.one(names))).error().is(errors::failed));
  EXPECT_TRUE((co_await attempt(database.one(two))).error().is(errors::failed));
  EXPECT_FALSE(co_await database.maybe(names));
}

TASK_TEST_F(DatabaseTest, ATransactionCommitsWhatSucceeds) {
  const auto made =
      co_await database.transact<std::string>([](Transaction& transaction) -> Task<std::string> {
        co_await transaction.run(insert, "a");
        co_await transaction.run(insert, "b");
        co_return "done";
      });
  EXPECT_EQ(made, "done");
  EXPECT_THAT(co_await database.all(names), ElementsAre("a", "b"));
}

TASK_TEST_F(DatabaseTest, WhatWaitsForTheCommitRunsAfterItAndNotAfterARollback) {
  std::vector<std::string> journal;
  co_await database.transact<void>([&journal](this auto, Transaction& tx) -> Task<> {
    tx.when_committed([&journal] { journal.emplace_back("committed"); });
    co_await tx.run(insert, "a");
    journal.emplace_back("worked");
  });
  (void)co_await attempt(database.transact<void>([&journal](this auto, Transaction& tx) -> Task<> {
    tx.when_committed([&journal] { journal.emplace_back("never"); });
    co_await fail(temps::errors::internal);
  }));
  database.when_committed([&journal] { journal.emplace_back("at once"); });
  EXPECT_THAT(journal, ElementsAre("worked", "committed", "at once"));
}

TASK_TEST_F(DatabaseTest, ATransactionThatFailsLeavesNothing) {
  const auto failed = co_await attempt(database.transact<void>([](Transaction& tx) -> Task<> {
    co_await tx.run(insert, "a");
    co_await fail(temps::errors::internal, "changed my mind");
  }));
  EXPECT_TRUE(failed.error().is(temps::errors::internal));
  EXPECT_EQ(co_await database.one(count), 0);
}

TASK_TEST_F(DatabaseTest, ATransactionWhoseStatementFailedCannotSucceed) {
  const auto result = co_await attempt(database.transact<void>([](Transaction& tx) -> Task<> {
    co_await tx.run(insert, "a");
    (void)co_await attempt(tx.run(insert, "a"));
  }));
  EXPECT_TRUE(result.error().is(errors::failed));
  EXPECT_EQ(co_await database.one(count), 0);
}

TASK_TEST_F(DatabaseTest, ACancelledStatementLeavesItsConnectionFitForUse) {
  static constexpr Query<std::int64_t> napping{
      "test.napping",
      "select count(*) from pg_stat_activity where query = 'select pg_sleep(30)::text' "
      "and state = 'active'"};
  const auto before = co_await database.one(backend);
  const auto cut = co_await attempt(within(std::chrono::milliseconds{50}, database.one(nap)));
  EXPECT_TRUE(cut.error().is(temps::errors::timed_out));
  EXPECT_EQ(co_await database.one(backend), before);
  EXPECT_EQ(co_await database.one(napping), 0);
}

// The second use of a statement prepares it first, so a wait can end when the server knows the name
// and we do not.
TASK_TEST_F(DatabaseTest, AStatementThatWasCutOffAtAnyMomentWorksAfterwards) {
  for (int i = 0; i < 150; ++i) {
    const auto text = fmt::format("select {}", i);
    const Query<std::int32_t> once{"test.once", text};
    co_await database.one(once);
    (void)co_await attempt(within(std::chrono::microseconds{10 * i}, database.one(once)));
    const auto after = co_await attempt(database.one(once));
    EXPECT_EQ(after.value_or(-1), i) << after.error().detail();
  }
}

TASK_TEST_F(DatabaseTest, ACancelledTransactionIsRolledBackBeforeItsCallerGoesOn) {
  const auto cut = co_await attempt(
      within(std::chrono::milliseconds{50}, database.transact<void>([](Transaction& tx) -> Task<> {
        co_await tx.run(insert, "a");
        co_await tx.one(nap);
      })));
  EXPECT_TRUE(cut.error().is(temps::errors::timed_out));
  co_await database.run(insert, "a");
  EXPECT_EQ(co_await database.one(count), 1);
}

TASK_TEST_F(DatabaseTest, AStatementPastTheServersLimitFailsWithTimeout) {
  const auto late = co_await attempt(database.transact<void>([](Transaction& tx) -> Task<> {
    co_await tx.script("set local statement_timeout = 20");
    co_await tx.one(nap);
  }));
  EXPECT_TRUE(late.error().is(errors::timeout)) << late.error().detail();
}

TASK_TEST_F(DatabaseTest, AConnectionThatTheServerClosedIsReplacedUnseen) {
  const auto pid = co_await database.one(backend);
  {
    Database other(loop, options);
    EXPECT_TRUE(co_await other.one(kill, pid));
    co_await other.close();
  }
  co_await database.run(insert, "a");
  EXPECT_NE(co_await database.one(backend), pid);
}

TASK_TEST_F(DatabaseTest, WaitsForAServerThatRecoversFromACrash) {
  co_await database.run(insert, "a");
  co_await database.script("checkpoint");  // the server of tests does not wait for its disk
  testbed::crash_server();
  EXPECT_THAT(co_await database.all(names), ElementsAre("a"));
}

TASK_TEST_F(DatabaseTest, AConnectionThatBreaksInAStatementFailsWithUnavailable) {
  std::vector<Task<>> both;
  both.push_back([](Database& used) -> Task<> {
    const auto broken = co_await attempt(used.transact<void>([](Transaction& tx) -> Task<> {
      co_await tx.script("set application_name = 'victim'");
      co_await tx.one(nap);
    }));
    EXPECT_TRUE(broken.error().is(errors::unavailable)) << broken.error().detail();
  }(database));
  both.push_back([](Database& used) -> Task<> {
    static constexpr Query<std::optional<bool>> kill_victim{
        "test.kill_victim",
        "select bool_or(pg_terminate_backend(pid)) from pg_stat_activity "
        "where application_name = 'victim' and query like '%pg_sleep%'"};
    while (!co_await used.one(kill_victim)) co_await sleep(std::chrono::milliseconds{5});
  }(database));
  co_await all(std::move(both));
  EXPECT_EQ(co_await database.one(count), 0);
}

TASK_TEST_F(DatabaseTest, WaitersGetConnectionsInTheOrderOfAsking) {
  std::vector<int> order;
  std::vector<Task<>> tasks;
  for (int i = 0; i < 6; ++i) {
    tasks.push_back([](Database& used, std::vector<int>& into, int self) -> Task<> {
      static constexpr Query<std::string> short_nap{"test.tiny_nap", "select pg_sleep(0.01)::text"};
      co_await used.one(short_nap);
      into.push_back(self / 2);  // two run at a time
    }(database, order, i));
  }
  co_await all(std::move(tasks));
  EXPECT_THAT(order, ElementsAre(0, 0, 1, 1, 2, 2));
}

TASK_TEST_F(DatabaseTest, SaysThatAllConnectionsAreBusyAfterTheWait) {
  Database narrow(loop, {.url = options.url,
                         .connections_max = 1,
                         .wait_for_connection = std::chrono::milliseconds{200}});
  const auto refused = co_await attempt(narrow.transact<void>(
      [&narrow](this auto, Transaction&) -> Task<> { co_await narrow.one(count); }));
  EXPECT_TRUE(refused.error().is(errors::unavailable));
  EXPECT_THAT(std::string(refused.error().detail()), HasSubstr("all 1 database connections"));
  EXPECT_EQ(co_await narrow.one(count), 0);
  co_await narrow.close();
}

TASK_TEST_F(DatabaseTest, SaysWhyTheServerCannotBeReached) {
  Database nowhere(loop, {.url = "host=/nonexistent dbname=x",
                          .wait_for_connection = std::chrono::milliseconds{100}});
  const auto refused = co_await attempt(nowhere.one(count));
  EXPECT_TRUE(refused.error().is(errors::unavailable));
  EXPECT_THAT(std::string(refused.error().detail()), HasSubstr("/nonexistent"));
  co_await nowhere.close();
}

TASK_TEST_F(DatabaseTest, HearsNotificationsAndTheBeginOfListening) {
  std::vector<std::string> heard;
  Signal signal;
  auto listening = [](Database& used, std::vector<std::string>& into, Signal& woke) -> Task<> {
    co_await used.listen("news", [&into, &woke](std::string_view payload) {
      into.emplace_back(payload);
      woke.notify();
    });
  }(database, heard, signal);
  // The notification may be heard before the statement that sent it has ended.
  auto telling = [](Database& used, std::vector<std::string>& from, Signal& woke) -> Task<> {
    while (from.empty()) co_await woke.next();
    co_await used.script("notify news, 'one'");
    while (from.size() < 2) co_await woke.next();
  }(database, heard, signal);
  co_await race<void>(std::move(listening), std::move(telling));
  EXPECT_THAT(heard, ElementsAre("", "one"));
}

TASK_TEST_F(DatabaseTest, RefusesWorkOnceClosed) {
  Database other(loop, options);
  co_await other.one(count);
  co_await other.close();
  EXPECT_TRUE((co_await attempt(other.one(count))).error().is(errors::unavailable));
}

}  // namespace
}  // namespace temps::sql
