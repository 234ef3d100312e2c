// A real PostgreSQL for tests: one private server per test binary, a fresh database per test.
//
//   struct UptimeTest : testbed::DatabaseTest { … };
//   TASK_TEST_F(UptimeTest, Remembers) { co_await database.run(…); }
#pragma once
#include <gtest/gtest.h>

#include <string>

#include "net/loop.hpp"
#include "sql/database.hpp"

namespace temps::testbed {

// A new empty database on the server of this test binary, which starts at the first call and ends
// with the process. Dropped with the object, whoever is connected.
class TestDatabase {
 public:
  // Ends the process with the reason when there is no PostgreSQL to start.
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // A libpq connection string.
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::string url_;
};

// Kills and restarts the server of this test binary, as a crash would; all connections break.
void crash_server();

struct DatabaseTest : testing::Test {
  TestDatabase fresh;
  net::Loop loop;
  sql::Database database{loop, {.url = fresh.url(), .connections_max = 4}};
};

}  // namespace temps::testbed
