// Rows in one stream, and tables in parts of a day.
#include <gmock/gmock.h>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "sql/catalogue.hpp"
#include "sql/partitions.hpp"
#include "testbed/database.hpp"

namespace temps::sql {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Visit {
  Instant at;
  std::int16_t status;
  std::int64_t bytes;
  bool tls;
  std::string path;
  std::optional<std::int64_t> waited;
  bool operator==(const Visit&) const = default;
};
constexpr Copy<Visit> copy_visits{"test.copy_visits", "visits",
                                  "at, status, bytes, tls, path, waited"};
constexpr Query<Visit> all_visits{
    "test.all_visits", "select at, status, bytes, tls, path, waited from visits order by bytes"};
constexpr Query<std::int64_t> count{"test.count", "select count(*) from visits"};

constexpr std::chrono::sys_days first_of_march{2026y / 3 / 1};
const Instant noon = Instant(first_of_march) + 12h;

struct CopyTest : testbed::DatabaseTest {
  DailyPartitions days{"visits"};

  void SetUp() override {
    const auto made = loop.run(database.script(
        "create table visits (at timestamptz not null, status smallint not null, "
        "bytes bigint not null check (bytes <> 13), tls boolean not null, path text not null, "
        "waited bigint) partition by range (at)"));
    ASSERT_TRUE(made) << made.error().detail();
    ASSERT_TRUE(loop.run(days.make(database, first_of_march)));
  }
  static std::vector<Visit> visits(std::int64_t number) {
    std::vector<Visit> rows;
    for (std::int64_t i = 0; i < number; ++i) {
      rows.push_back({.at = noon, .status = 200, .bytes = 100 + i, .path = std::string(200, 'x')});
    }
    return rows;
  }
};

TASK_TEST_F(CopyTest, TheCatalogueComparesTheTypesOfACopyExactly) {
  struct Wrong {
    Instant at;
    std::int64_t status;
  };
  static constexpr Copy<Wrong> wrong{"test.wrong", "visits", "at, status"};
  static constexpr Copy<Wrong> missing{"test.missing", "visits", "at, state"};
  EXPECT_THAT(co_await check(database, catalogue("test", copy_visits)), IsEmpty());
  EXPECT_THAT(co_await check(database, catalogue("test", wrong, missing)),
              ElementsAre(HasSubstr("\"status\" has the type 21"), HasSubstr("state")));
}

TASK_TEST_F(CopyTest, CopiesEveryTypeOfValueAndNull) {
  const std::vector<Visit> rows{
      {.at = noon, .status = 503, .bytes = 1LL << 40, .tls = true, .path = "/ü", .waited = 7},
      {.at = noon + 1us, .status = -1, .bytes = -5, .path = ""}};
  EXPECT_EQ(co_await database.copy(copy_visits, rows), 2);
  EXPECT_THAT(co_await database.all(all_visits), ElementsAre(rows[1], rows[0]));
  EXPECT_EQ(co_await database.copy(copy_visits, {}), 0);
}

TASK_TEST_F(CopyTest, ManyRowsGoThrough) {
  EXPECT_EQ(co_await database.copy(copy_visits, visits(50'000)), 50'000);
  EXPECT_EQ(co_await database.one(count), 50'000);
}

TASK_TEST_F(CopyTest, OneRowThatDoesNotFitTakesAllBackAndTheConnectionGoesOn) {
  auto rows = visits(20'000);
  rows[3].bytes = 13;
  auto refused = co_await attempt(database.copy(copy_visits, rows));
  EXPECT_TRUE(!refused && refused.error().is(errors::refused));
  rows[3] = {.at = noon - 24h, .status = 200, .bytes = 1, .path = ""};  // no partition
  auto outside = co_await attempt(database.copy(copy_visits, rows));
  EXPECT_FALSE(outside);
  EXPECT_EQ(co_await database.one(count), 0);

  static constexpr Copy<Visit> nowhere{"test.nowhere", "nothing", "a, b, c, d, e, f"};
  EXPECT_FALSE(co_await attempt(database.copy(nowhere, visits(1))));
  EXPECT_EQ(co_await database.copy(copy_visits, visits(1)), 1);
}

TASK_TEST_F(CopyTest, GoesWithItsTransaction) {
  auto undone =
      co_await attempt(database.transact<void>([](this auto, Transaction& transaction) -> Task<> {
        co_await transaction.copy(copy_visits, visits(10));
        co_await fail(errors::failed, "no");
      }));
  EXPECT_FALSE(undone);
  EXPECT_EQ(co_await database.one(count), 0);
}

TASK_TEST_F(CopyTest, ACancelledCopyLeavesNothingBehind) {
  // The table is locked, so that the copy waits.
  co_await database.transact<void>([this](this auto, Transaction& transaction) -> Task<> {
    co_await transaction.script("lock table visits in access exclusive mode");
    auto late = co_await attempt(within(100ms, database.copy(copy_visits, visits(10'000))));
    EXPECT_FALSE(late);
  });
  EXPECT_EQ(co_await database.one(count), 0);
  EXPECT_EQ(co_await database.copy(copy_visits, visits(5)), 5);
}

TASK_TEST_F(CopyTest, ACopyThatIsCutOffAtAnyMomentLeavesAllOrNothing) {
  const auto rows = visits(100'000);
  for (const auto limit : {1ms, 20ms, 60ms, 120ms, 180ms, 250ms}) {
    (void)co_await attempt(within(limit, database.copy(copy_visits, rows)));
    const auto there = co_await database.one(count);
    EXPECT_EQ(there % 100'000, 0);
  }
  co_await database.copy(copy_visits, visits(1));
  EXPECT_EQ(co_await database.one(count) % 100'000, 1);
}

TASK_TEST_F(CopyTest, APartitionHoldsADayAndIsDroppedWithItsRows) {
  const auto next = first_of_march + std::chrono::days{1};
  co_await days.make(database, next);
  co_await days.make(database, next);
  co_await database.copy(copy_visits, visits(3));
  co_await database.copy(copy_visits,
                         {{.at = Instant(next), .status = 200, .bytes = 1, .path = "/"},
                          {.at = Instant(next) - 1us, .status = 200, .bytes = 2, .path = "/"}});
  auto parts = co_await days.list(database);
  EXPECT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts.at(0).day, first_of_march);
  EXPECT_EQ(parts.at(1).day, next);
  EXPECT_GT(parts.at(0).bytes, 0);
  co_await days.drop(database, first_of_march);
  co_await days.drop(database, first_of_march);
  EXPECT_EQ(co_await database.one(count), 1);
  EXPECT_EQ((co_await days.list(database)).size(), 1U);
}

TASK_TEST_F(CopyTest, DroppingDoesNotWaitForReadersForLong) {
  co_await database.transact<void>([this](this auto, Transaction& transaction) -> Task<> {
    co_await transaction.one(count);
    auto busy = co_await attempt(days.drop(database, first_of_march));
    EXPECT_FALSE(busy);
  });
  co_await days.drop(database, first_of_march);
  EXPECT_THAT(co_await days.list(database), IsEmpty());
}

TASK_TEST_F(CopyTest, AMonthIsAPartitionToo) {
  co_await days.drop(database, first_of_march);
  const MonthlyPartitions months{"visits"};
  const std::chrono::sys_days last_of_march{2026y / 3 / 31};
  co_await months.make(database, last_of_march);
  co_await months.make(database, first_of_march);
  co_await database.copy(copy_visits, {{.at = Instant(last_of_march) + 24h - 1us, .path = "/"},
                                       {.at = Instant(first_of_march), .path = "/"}});
  EXPECT_FALSE(co_await attempt(
      database.copy(copy_visits, {{.at = Instant(last_of_march) + 24h, .path = "/"}})));
  const auto parts = co_await months.list(database);
  EXPECT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts.at(0).day, first_of_march);
  EXPECT_EQ(MonthlyPartitions::month_after(std::chrono::sys_days{2026y / 12 / 31}),
            std::chrono::sys_days{2027y / 1 / 1});
  co_await months.drop(database, last_of_march);
  EXPECT_THAT(co_await months.list(database), IsEmpty());
}

}  // namespace
}  // namespace temps::sql
