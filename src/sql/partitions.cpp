#include "sql/partitions.hpp"

#include <optional>

#include "core/text.hpp"

namespace temps::sql {

namespace {

using std::chrono::sys_days;

struct Row {
  std::string name;
  std::int64_t bytes;
};
constexpr Query<Row, std::string> partitions_of{
    "sql.partitions_of",
    "select c.relname, pg_total_relation_size(c.oid) from pg_inherits i "
    "join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass($1) "
    "order by c.relname"};

std::string digits(sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

// Of "20260301"; nothing for a text of another size.
std::optional<sys_days> day_of(std::string_view text) {
  if (text.size() != 8) return std::nullopt;
  const auto year = parse_number<int>(text.substr(0, 4));
  const auto month = parse_number<unsigned>(text.substr(4, 2));
  const auto day = parse_number<unsigned>(text.substr(6));
  if (!year || !month || !day) return std::nullopt;
  const auto date = std::chrono::year(*year) / std::chrono::month(*month) / std::chrono::day(*day);
  if (!date.ok()) return std::nullopt;
  return sys_days(date);
}

// What stands behind "<table>_" in the names of the parts of `table`, with `ending` appended.
Task<std::vector<Partition>> parts_of(Executor& executor, std::string table, std::string ending) {
  std::vector<Partition> found;
  for (const auto& row : co_await executor.all(partitions_of, table)) {
    const auto start = table.size() + 1;
    if (row.name.size() < start) continue;
    if (const auto day = day_of(row.name.substr(start) + ending)) {
      found.push_back({*day, row.bytes});
    }
  }
  co_return found;
}

std::string make_text(std::string_view name, std::string_view table, sys_days from, sys_days to) {
  return fmt::format(
      "create table if not exists {} partition of {} for values from "
      "('{} 00:00:00+00') to ('{} 00:00:00+00')",
      name, table, digits(from), digits(to));
}

std::string drop_text(std::string_view name) {
  return fmt::format("set local lock_timeout = '5s'; drop table if exists {}", name);
}

}  // namespace

std::string DailyPartitions::name_of(sys_days day) const {
  return fmt::format("{}_{}", table_, digits(day));
}

Task<> DailyPartitions::make(Executor& executor, sys_days day) const {
  co_await executor.script(make_text(name_of(day), table_, day, day + std::chrono::days{1}));
}

Task<std::vector<Partition>> DailyPartitions::list(Executor& executor) const {
  co_return co_await parts_of(executor, std::string(table_), "");
}

Task<> DailyPartitions::drop(Executor& executor, sys_days day) const {
  co_await executor.script(drop_text(name_of(day)));
}

sys_days MonthlyPartitions::month_of(sys_days day) {
  const std::chrono::year_month_day date(day);
  return sys_days(date.year() / date.month() / 1);
}

sys_days MonthlyPartitions::month_after(sys_days day) {
  return month_of(month_of(day) + std::chrono::days{31});
}

std::string MonthlyPartitions::name_of(sys_days day) const {
  return fmt::format("{}_{}", table_, digits(day).substr(0, 6));
}

Task<> MonthlyPartitions::make(Executor& executor, sys_days day) const {
  co_await executor.script(make_text(name_of(day), table_, month_of(day), month_after(day)));
}

Task<std::vector<Partition>> MonthlyPartitions::list(Executor& executor) const {
  co_return co_await parts_of(executor, std::string(table_), "01");
}

Task<> MonthlyPartitions::drop(Executor& executor, sys_days day) const {
  co_await executor.script(drop_text(name_of(day)));
}

}  // namespace temps::sql
