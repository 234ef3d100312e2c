#include "sql/catalogue.hpp"

#include <algorithm>

namespace temps::sql {

namespace {

// `$3`, and not the beginning of `$30`.
bool mentions(std::string_view text, std::size_t number) {
  const auto wanted = fmt::format("${}", number);
  for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) {
    const auto behind = at + wanted.size();
    if (behind == text.size() || text[behind] < '0' || text[behind] > '9') return true;
  }
  return false;
}

void compare_columns(const Statement& statement, const Description& described,
                     std::vector<std::string>& complaints) {
  if (described.columns.size() != statement.columns.size()) {
    complaints.push_back(fmt::format("{} yields {} columns, its row has {} fields", statement.name,
                                     described.columns.size(), statement.columns.size()));
    return;
  }
  for (std::size_t c = 0; c < statement.columns.size(); ++c) {
    const auto& column = described.columns[c];
    const auto& field = statement.columns[c];
    if (statement.is_copy ? field.oid == column.type : field.accepts(column.type)) continue;
    complaints.push_back(fmt::format("{}: column {} \"{}\" has the type {}, its field reads {}",
                                     statement.name, c + 1, column.name, column.type, field.name));
  }
}

void compare_parameters(const Statement& statement, const Description& described,
                        std::vector<std::string>& complaints) {
  if (described.parameters.size() != statement.parameters.size()) {
    complaints.push_back(fmt::format("{} takes {} parameters, {} are declared", statement.name,
                                     described.parameters.size(), statement.parameters.size()));
  }
  for (std::size_t p = 1; p <= statement.parameters.size(); ++p) {
    if (mentions(statement.text, p)) continue;
    complaints.push_back(fmt::format("{} does not use its parameter ${}", statement.name, p));
  }
}

}  // namespace

Task<std::vector<std::string>> check(Database& database, Catalogue catalogue) {
  std::vector<std::string> complaints;
  for (const auto& statement : catalogue.statements) {
    if (!statement.name.starts_with(fmt::format("{}.", catalogue.module))) {
      complaints.push_back(
          fmt::format("{} is no name of the module {}", statement.name, catalogue.module));
    }
    std::vector<Oid> types;
    for (const auto& type : statement.parameters) types.push_back(type.oid);
    auto described = co_await attempt(database.describe(statement.text, types));
    if (!described) {
      complaints.push_back(fmt::format("{}: {}", statement.name, described.error().detail()));
      continue;
    }
    if (statement.has_row) compare_columns(statement, *described, complaints);
    compare_parameters(statement, *described, complaints);
  }
  co_return complaints;
}

}  // namespace temps::sql
