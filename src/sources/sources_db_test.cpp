#include <gmock/gmock.h>

#include "core/testing.hpp"
#include "projects/module.hpp"
#include "sources/module.hpp"
#include "sources/queries.hpp"
#include "sql/migrations.hpp"
#include "testbed/database.hpp"

namespace temps::sources {
namespace {

struct SourcesTest : testbed::DatabaseTest {};

TASK_TEST_F(SourcesTest, EveryStatementFitsTheTables) {
  auto all = projects::migrations();
  for (const auto& one : migrations()) all.push_back(one);
  co_await sql::migrate(database, all);
  EXPECT_THAT(co_await sql::check(database, queries::catalogue()), testing::IsEmpty());
}

}  // namespace
}  // namespace temps::sources
