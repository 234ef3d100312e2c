// How long and how much is kept. Private to requests.
#pragma once
#include <set>

#include "requests/requests.hpp"
#include "sql/partitions.hpp"

namespace temps::requests {

class Retention {
 public:
  Retention(sql::Database& database, projects::Projects& projects, const Options& options,
            const Clock& clock)
      : database_(database), projects_(projects), options_(options), clock_(clock) {}

  // Is a request of this day kept?
  [[nodiscard]] bool keeps(std::chrono::sys_days day) const;
  // Makes room for a day's rows.
  Task<> prepare(std::chrono::sys_days day);
  // The present day alone takes more than is allowed: nothing more is stored.
  [[nodiscard]] bool is_full() const { return is_full_; }

  // Drops days that are too old, then the oldest beyond `bytes_max`.
  Task<> keep_bounds();
  // What belongs to projects that are gone.
  Task<> remove_orphans();

 private:
  [[nodiscard]] std::chrono::sys_days today() const;
  Task<> drop(std::chrono::sys_days day);

  sql::Database& database_;
  projects::Projects& projects_;
  Options options_;
  const Clock& clock_;
  sql::DailyPartitions days_{"requests"};
  std::set<std::chrono::sys_days> prepared_;
  bool is_full_ = false;
};

}  // namespace temps::requests
