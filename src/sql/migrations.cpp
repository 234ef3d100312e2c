#include "sql/migrations.hpp"

#include <algorithm>
#include <map>

#include "core/log.hpp"

namespace temps::sql {

namespace {

struct Applied {
  std::string module;
  std::int32_t number;
  std::string name;
  std::string checksum;
};

// Held to the end of each migration's transaction: only one process changes tables at a time. The
// number is the word "temps".
constexpr std::string_view lock_text =
    "set local statement_timeout = 0; select pg_advisory_xact_lock(499917877363)";

constexpr std::string_view table_text =
    "create table if not exists sql_migrations ("
    "  module text not null,"
    "  number integer not null,"
    "  name text not null,"
    "  checksum text not null,"
    "  applied_at timestamptz not null default now(),"
    "  primary key (module, number))";

constexpr Query<Applied> applied{
    "sql.applied",
    "select module, number, name, checksum from sql_migrations order by module, number"};
constexpr Query<std::string, Bytes> checksum{"sql.checksum", "select encode(sha256($1), 'hex')"};
constexpr Query<bool, std::string, std::int32_t> is_applied{
    "sql.is_applied",
    "select exists (select from sql_migrations where module = $1 and number = $2)"};
constexpr Command<std::string, std::int32_t, std::string, std::string> record{
    "sql.record",
    "insert into sql_migrations (module, number, name, checksum) values ($1, $2, $3, $4)"};

std::string file_of(std::string_view module, int number, std::string_view name) {
  return fmt::format("{}/migrations/{:04}_{}.sql", module, number, name);
}
std::string file_of(const Migration& migration) {
  return file_of(migration.module, migration.number, migration.name);
}

void ensure_order(const std::vector<Migration>& migrations) {
  std::map<std::string_view, int> last;
  for (const auto& migration : migrations) {
    int& number = last[migration.module];
    ensure(migration.number > number, "migrations of a module are not in rising order");
    number = migration.number;
  }
}

Task<> check_server(Database& database) {
  const int version = co_await database.server_version();
  if (version >= server_version_min) co_return;
  co_await fail(errors::server_too_old,
                "the PostgreSQL server has version {}; Temps needs {} or newer: upgrade it, or "
                "leave --database-url away to let Temps run its own",
                version / 10000, server_version_min / 10000);
}

Task<std::vector<Applied>> read_applied(Database& database) {
  co_return co_await database.transact<std::vector<Applied>>(
      [](Transaction& transaction) -> Task<std::vector<Applied>> {
        co_await transaction.script(std::string(lock_text));
        co_await transaction.script(std::string(table_text));
        co_return co_await transaction.all(applied);
      });
}

Result<> check_known(const std::vector<Applied>& done, const std::vector<Migration>& migrations) {
  for (const auto& row : done) {
    const bool known = std::ranges::any_of(migrations, [&row](const Migration& migration) {
      return migration.module == row.module && migration.number == row.number;
    });
    if (known) continue;
    return fail(errors::newer_database,
                "this database was written by a newer version of Temps (it has {}, which this "
                "version does not know); start that version, or give this one another data folder",
                file_of(row.module, row.number, row.name));
  }
  return {};
}

Task<> apply(Database& database, const Migration& migration, const std::string& sum) {
  auto ran = co_await attempt(database.transact<bool>([&migration, &sum](
                                                          Transaction& transaction) -> Task<bool> {
    co_await transaction.script(std::string(lock_text));
    const std::string module(migration.module);
    if (co_await transaction.one(is_applied, module, migration.number)) co_return false;
    co_await transaction.script(std::string(migration.text));
    co_await transaction.run(record, module, migration.number, std::string(migration.name), sum);
    co_return true;
  }));
  if (!ran && !ran.error().is(errors::unavailable)) {
    co_await fail(errors::migration_failed, "{}: {}", file_of(migration), ran.error().detail());
  }
  if (co_await std::move(ran)) log::info("migrated", {{"file", file_of(migration)}});
}

}  // namespace

Task<> migrate(Database& database, std::vector<Migration> migrations) {
  ensure_order(migrations);
  co_await check_server(database);
  const auto done = co_await read_applied(database);
  co_await check_known(done, migrations);
  std::vector<std::pair<const Migration*, std::string>> missing;
  for (const auto& migration : migrations) {
    auto sum = co_await database.one(checksum, Bytes{std::string(migration.text)});
    const auto row = std::ranges::find_if(done, [&migration](const Applied& candidate) {
      return candidate.module == migration.module && candidate.number == migration.number;
    });
    if (row == done.end()) {
      missing.emplace_back(&migration, std::move(sum));
    } else if (row->checksum != sum) {
      co_await fail(errors::migration_changed,
                    "{} of the module {} is not what this database was made with; undo the change "
                    "and put it into a new file",
                    file_of(migration), migration.module);
    }
  }
  for (const auto& [migration, sum] : missing) co_await apply(database, *migration, sum);
}

}  // namespace temps::sql
