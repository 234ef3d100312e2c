// Changes to the database's tables: numbered SQL files per module, forward only.
//
//   constexpr char projects_0001[] = {
//   #embed "migrations/0001_projects.sql"
//       , '\0'};
//   std::vector<sql::Migration> migrations() {
//     return {{.module = "projects", .number = 1, .name = "projects", .text = projects_0001}};
//   }
#pragma once
#include <string_view>
#include <vector>

#include "core/task.hpp"
#include "sql/database.hpp"

namespace temps::sql {

// Constants: all of it lives as long as the process.
struct Migration {
  std::string_view module;
  int number = 0;
  std::string_view name;
  std::string_view text;
};

// The oldest server that is supported.
inline constexpr int server_version_min = 140000;

// Runs what the database lacks, in the order given (modules bottom-up, numbers rising within each),
// one transaction each. Several processes may do it at once: each migration runs once. Fails with
// `server_too_old`, `migration_changed` (a file differs from what ran), `newer_database` (the
// database has migrations that this list lacks), `migration_failed`.
Task<> migrate(Database& database, std::vector<Migration> migrations);

}  // namespace temps::sql
