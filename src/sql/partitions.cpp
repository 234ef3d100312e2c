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

}  // namespace

std::string DailyPartitions::name_of(sys_days day) const {
  return fmt::format("{}_{}", table_, digits(day));
}

Task<> DailyPartitions::make(Executor& executor, sys_days day) const {
  co_await executor.script(
      fmt::format("create table if not exists {} partition of {} for values from "
                  "('{} 00:00:00+00') to ('{} 00:00:00+00')",
                  name_of(day), table_, digits(day), digits(day + std::chrono::days{1})));
}

Task<std::vector<Partition>> DailyPartitions::list(Executor& executor) const {
  std::vector<Partition> found;
  for (const auto& row : co_await executor.all(partitions_of, std::string(table_))) {
    const auto start = table_.size() + 1;
    if (row.name.size() < start) continue;
    if (const auto day = day_of(std::string_view(row.name).substr(start))) {
      found.push_back({*day, row.bytes});
    }
  }
  co_return found;
}

Task<> DailyPartitions::drop(Executor& executor, sys_days day) const {
  co_await executor.script(
      fmt::format("set local lock_timeout = '5s'; drop table if exists {}", name_of(day)));
}

}  // namespace temps::sql
