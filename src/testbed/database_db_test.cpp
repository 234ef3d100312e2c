#include <gtest/gtest.h>

#include "core/testing.hpp"
#include "testbed/database.hpp"

namespace temps::testbed {
namespace {

constexpr sql::Query<std::string> current_database{"testbed.current", "select current_database()"};
constexpr sql::Query<bool> has_table{"testbed.table", "select to_regclass('marker') is not null"};

TASK_TEST_F(DatabaseTest, GivesADatabaseOfItsOwn) {
  EXPECT_EQ(co_await database.one(current_database), fresh.name());
  EXPECT_FALSE(co_await database.one(has_table));
  co_await database.script("create table marker ()");
}

TASK_TEST_F(DatabaseTest, StartsEmptyAfterAnotherTest) {
  EXPECT_FALSE(co_await database.one(has_table));
  co_await database.script("create table marker ()");
}

TASK_TEST_F(DatabaseTest, KeepsCommittedRowsWhenTheServerCrashes) {
  co_await database.script("create table marker ()");
  crash_server();
  EXPECT_TRUE(co_await database.one(has_table));
}

TEST(TestDatabase, ManyAtOnceDoNotShareAnything) {
  const TestDatabase first;
  const TestDatabase second;
  EXPECT_NE(first.name(), second.name());
}

}  // namespace
}  // namespace temps::testbed
