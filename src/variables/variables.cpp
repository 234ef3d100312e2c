#include "variables/variables.hpp"

#include <algorithm>
#include <map>

#include "projects/errors.hpp"
#include "variables/errors.hpp"
#include "variables/queries.hpp"
#include "variables/rules.hpp"

namespace temps::variables {

using projects::EnvironmentId;

namespace {

using Rows = std::map<std::string, queries::ValueRow>;

// Where a value lies: sealed for this place, it opens in no other.
std::string place(EnvironmentId environment, const std::string& name, std::int64_t since) {
  return fmt::format("variables/{}/{}/{}", environment.value, name, since);
}

Result<Variable> open(vault::Vault& vault, EnvironmentId environment,
                      const queries::ValueRow& row) {
  auto value = vault.open(row.sealed.bytes, place(environment, row.name, row.since));
  if (!value) return fail(value.error());
  return Variable{row.name, row.kind, std::move(*value), row.since};
}

// Is it so already?
Result<bool> is_the_same(vault::Vault& vault, EnvironmentId environment,
                         const queries::ValueRow& row, const Change& change) {
  if (row.kind != change.kind.value_or(row.kind)) return false;
  const auto now = open(vault, environment, row);
  if (!now) return fail(now.error());
  return now->value.reveal() == change.value.reveal();
}

std::int64_t size_of(const Change& change) {
  return static_cast<std::int64_t>(change.name.size() + change.value.reveal().size());
}

// The set as it would be with the edit.
Result<> check_outcome(const Rows& now, const Edit& wanted) {
  std::map<std::string_view, std::int64_t> sizes;
  for (const auto& [name, row] : now) sizes[name] = row.bytes;
  for (const auto& name : wanted.remove) {
    if (sizes.erase(name) == 0) {
      return fail(errors::no_such_variable, "there is no variable {}; nothing was changed", name);
    }
  }
  for (const auto& change : wanted.set) sizes[change.name] = size_of(change);
  std::int64_t bytes = 0;
  for (const auto& [name, size] : sizes) bytes += size;
  return check_size(sizes.size(), static_cast<std::size_t>(bytes));
}

}  // namespace

Task<std::int64_t> Variables::newest(EnvironmentId environment) {
  co_return co_await database_.one(queries::newest, environment);
}

Task<std::int64_t> Variables::newest(EnvironmentId environment, sql::Transaction& transaction) {
  co_return co_await transaction.one(queries::newest, environment);
}

Task<std::vector<Variable>> Variables::at(EnvironmentId environment, std::int64_t version) {
  std::vector<Variable> found;
  if (version == 0) co_return found;
  for (const auto& row : co_await database_.all(queries::values_at, environment, version)) {
    found.push_back(co_await open(vault_, environment, row));
  }
  co_return found;
}

Task<Variable> Variables::get(EnvironmentId environment, std::string name) {
  const auto version = co_await newest(environment);
  const auto rows = co_await database_.all(queries::values_at, environment, version);
  const auto found = std::ranges::find(rows, name, &queries::ValueRow::name);
  if (found == rows.end()) {
    co_await fail(errors::no_such_variable, "the environment has no variable of this name");
  }
  co_return co_await open(vault_, environment, *found);
}

Task<Version> Variables::edit(EnvironmentId environment, Edit wanted) {
  co_await check(wanted);
  co_return co_await database_.transact<Version>(
      [this, environment, &wanted](sql::Transaction& tx) {
        return edit_in(environment, wanted, tx);
      });
}

Task<Version> Variables::edit_in(EnvironmentId environment, const Edit& wanted,
                                 sql::Transaction& transaction) {
  if (!co_await transaction.maybe(queries::lock_environment, environment)) {
    co_await fail(projects::errors::no_such_environment, "the environment was deleted");
  }
  Version made{.number = co_await transaction.one(queries::newest, environment) + 1,
               .made_at = clock_.now(),
               .made_by = wanted.by,
               .set = {},
               .removed = wanted.remove};
  Rows now;
  for (auto& row : co_await transaction.all(queries::values_at, environment, made.number - 1)) {
    now.emplace(row.name, std::move(row));
  }
  co_await check_outcome(now, wanted);
  std::vector<const Change*> changes;
  for (const auto& change : wanted.set) {
    const auto row = now.find(change.name);
    if (row != now.end() && co_await is_the_same(vault_, environment, row->second, change))
      continue;
    changes.push_back(&change);
    made.set.push_back(change.name);
  }
  if (made.set.empty() && made.removed.empty()) {
    made.number -= 1;
    co_return made;
  }
  co_await transaction.run(queries::insert_version, environment, made.number, made.made_at,
                           made.made_by, made.set, made.removed);
  auto ended = made.set;
  ended.insert(ended.end(), made.removed.begin(), made.removed.end());
  co_await transaction.run(queries::end_values, environment, made.number, ended);
  for (const auto* change : changes) {
    const auto row = now.find(change->name);
    const auto usual = row == now.end() ? Kind::plain : row->second.kind;
    auto sealed =
        co_await vault_.seal(change->value, place(environment, change->name, made.number));
    co_await transaction.run(queries::insert_value, environment, change->name,
                             change->kind.value_or(usual), sql::Bytes{std::move(sealed)},
                             size_of(*change), made.number);
  }
  co_return made;
}

Task<Version> Variables::version(EnvironmentId environment, std::int64_t number) {
  auto found = co_await database_.maybe(queries::version, environment, number);
  if (!found) {
    co_await fail(errors::no_such_version, "the variables have no version {}", number);
  }
  co_return std::move(*found);
}

Task<std::vector<Version>> Variables::versions(EnvironmentId environment, std::int64_t before,
                                               std::int64_t limit) {
  co_return co_await database_.all(queries::versions_before, environment, before, limit);
}

}  // namespace temps::variables
