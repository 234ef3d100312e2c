// A table in parts of a day or a month each, so that the oldest can be dropped at once.
//
//   create table visits (time timestamptz not null, …) partition by range (time);
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/task.hpp"
#include "sql/database.hpp"

namespace temps::sql {

struct Partition {
  std::chrono::sys_days day;
  std::int64_t bytes = 0;  // with its indexes
};

// Days are those of UTC; the partition of 1 March 2026 is called "visits_20260301". A value.
class DailyPartitions {
 public:
  explicit DailyPartitions(std::string_view table) : table_(table) {}

  // Makes the day's partition where it is missing.
  Task<> make(Executor& executor, std::chrono::sys_days day) const;
  // The oldest first.
  Task<std::vector<Partition>> list(Executor& executor) const;
  // With all its rows. Waits for readers of the table for 5 s at most, else fails with `busy` or
  // `failed`: they would wait for us.
  Task<> drop(Executor& executor, std::chrono::sys_days day) const;

 private:
  [[nodiscard]] std::string name_of(std::chrono::sys_days day) const;
  std::string_view table_;  // a constant
};

// The same by months, for what grows slowly and is kept long: a query locks every part that it may
// read. A part's `day` is the first of its month; that of March 2026 is called "visits_202603".
class MonthlyPartitions {
 public:
  explicit MonthlyPartitions(std::string_view table) : table_(table) {}

  static std::chrono::sys_days month_of(std::chrono::sys_days day);
  static std::chrono::sys_days month_after(std::chrono::sys_days day);
  [[nodiscard]] std::string name_of(std::chrono::sys_days day) const;
  // Makes the part of the day's month where it is missing.
  Task<> make(Executor& executor, std::chrono::sys_days day) const;
  // The oldest first.
  Task<std::vector<Partition>> list(Executor& executor) const;
  // As DailyPartitions::drop().
  Task<> drop(Executor& executor, std::chrono::sys_days day) const;

 private:
  std::string_view table_;  // a constant
};

}  // namespace temps::sql
