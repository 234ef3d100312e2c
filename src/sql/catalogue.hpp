// The list of a module's statements, so that a test can hold each against a migrated database.
//
//   sql::Catalogue statements() { return sql::catalogue("projects", queries::by_name, …); }
//   EXPECT_THAT(co_await sql::check(database, statements()), IsEmpty());
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/task.hpp"
#include "sql/database.hpp"

namespace temps::sql {

struct Statement {
  std::string_view name;
  std::string text;
  std::vector<Type> columns;
  std::vector<Type> parameters;
  bool has_row = false;  // false for commands: whatever they yield is left alone
  bool is_copy = false;  // `text` selects the columns that are copied into
};

struct Catalogue {
  std::string_view module;
  std::vector<Statement> statements;
};

template <class Row, class... Params>
Statement statement(const Query<Row, Params...>& query) {
  return {query.name,
          std::string(query.text),
          column_types<Row>(),
          {Codec<Params>::type...},
          !std::is_void_v<Row>};
}
template <class Row>
Statement statement(const Copy<Row>& copy) {
  return {.name = copy.name,
          .text = fmt::format("select {} from {}", copy.columns, copy.table),
          .columns = column_types<Row>(),
          .parameters = {},
          .has_row = true,
          .is_copy = true};
}

template <class... Queries>
Catalogue catalogue(std::string_view module, const Queries&... queries) {
  return {module, {statement(queries)...}};
}

// Prepares every statement and compares its columns and parameters with the C++ types. Yields one
// sentence per complaint, each naming the statement.
Task<std::vector<std::string>> check(Database& database, Catalogue catalogue);

}  // namespace temps::sql
