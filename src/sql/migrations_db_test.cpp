#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/concurrency.hpp"
#include "core/testing.hpp"
#include "sql/catalogue.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"

namespace temps::sql {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Migration first{"shop", 1, "carts", "create table carts (id bigint, note text)"};
constexpr Migration second{
    "shop", 2, "sizes", "alter table carts add size integer; insert into carts values (1, 'n', 2)"};
constexpr Query<std::int64_t> carts{"shop.carts", "select count(*) from carts"};

struct MigrationsTest : testbed::DatabaseTest {};

TASK_TEST_F(MigrationsTest, RunWhatIsMissingOnce) {
  co_await migrate(database, {first});
  co_await migrate(database, {first, second});
  co_await migrate(database, {first, second});
  EXPECT_EQ(co_await database.one(carts), 1);
}

TASK_TEST_F(MigrationsTest, RunOnceWhenTwoProcessesStartTogether) {
  Database other(loop, {.url = fresh.url()});
  std::vector<Task<>> both;
  both.push_back(migrate(database, {first, second}));
  both.push_back(migrate(other, {first, second}));
  co_await all(std::move(both));
  EXPECT_EQ(co_await database.one(carts), 1);
  co_await other.close();
}

TASK_TEST_F(MigrationsTest, AChangedFileStopsAndIsNamed) {
  co_await migrate(database, {first});
  auto changed = first;
  changed.text = "create table carts (id bigint)";
  const auto stopped = co_await attempt(migrate(database, {changed, second}));
  EXPECT_TRUE(stopped.error().is(errors::migration_changed));
  EXPECT_THAT(std::string(stopped.error().detail()), HasSubstr("shop/migrations/0001_carts.sql"));
}

TASK_TEST_F(MigrationsTest, ADatabaseOfANewerVersionIsRefused) {
  co_await migrate(database, {first, second});
  const auto stopped = co_await attempt(migrate(database, {first}));
  EXPECT_TRUE(stopped.error().is(errors::newer_database));
  EXPECT_THAT(std::string(stopped.error().detail()), HasSubstr("shop/migrations/0002_sizes.sql"));
}

TASK_TEST_F(MigrationsTest, ABrokenFileLeavesNothingAndIsNamed) {
  const Migration broken{"shop", 2, "oops", "insert into carts (id) values (1); select oops"};
  const auto stopped = co_await attempt(migrate(database, {first, broken}));
  EXPECT_TRUE(stopped.error().is(errors::migration_failed));
  EXPECT_THAT(std::string(stopped.error().detail()), HasSubstr("0002_oops.sql: column \"oops\""));
  EXPECT_EQ(co_await database.one(carts), 0);
  co_await migrate(database, {first, second});
}

struct Cart {
  std::int64_t id;
  std::string note;
};

TASK_TEST_F(MigrationsTest, ACatalogueThatFitsHasNoComplaints) {
  co_await migrate(database, {first, second});
  constexpr Query<Cart, std::int64_t> by_id{"shop.by_id",
                                            "select id, note from carts where id = $1"};
  constexpr Command<std::int64_t> remove{"shop.remove", "delete from carts where id = $1"};
  EXPECT_THAT(co_await check(database, catalogue("shop", carts, by_id, remove)), IsEmpty());
}

TASK_TEST_F(MigrationsTest, ACatalogueNamesEveryStatementThatDoesNotFit) {
  co_await migrate(database, {first, second});
  constexpr Query<Cart> swapped{"shop.swapped", "select note, id from carts"};
  constexpr Query<Cart> narrow{"shop.narrow", "select id from carts"};
  constexpr Query<std::int64_t> typo{"shop.typo", "select idd from carts"};
  constexpr Command<std::int64_t, std::string> unused{"shop.unused",
                                                      "delete from carts where id = $1"};
  constexpr Command<> short_of{"shop.short_of", "delete from carts where id = $1"};
  constexpr Command<> stranger{"bakery.stranger", "delete from carts"};
  EXPECT_THAT(
      co_await check(database,
                     catalogue("shop", swapped, narrow, typo, unused, short_of, stranger)),
      ElementsAre(HasSubstr("shop.swapped: column 1 \"note\""),
                  HasSubstr("shop.swapped: column 2 \"id\""), HasSubstr("shop.narrow yields 1"),
                  HasSubstr("shop.typo: column \"idd\""), HasSubstr("shop.unused does not use"),
                  HasSubstr("shop.short_of takes 1"), HasSubstr("bakery.stranger is no name")));
}

}  // namespace
}  // namespace temps::sql
