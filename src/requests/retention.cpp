#include "requests/retention.hpp"

#include "core/log.hpp"
#include "core/text.hpp"
#include "requests/queries.hpp"

namespace temps::requests {

using std::chrono::days;
using std::chrono::sys_days;

sys_days Retention::today() const { return std::chrono::floor<days>(clock_.now()); }

bool Retention::keeps(sys_days day) const {
  // The proxy's clock and ours may differ around midnight.
  return day >= today() - options_.days_max && day <= today() + days{1};
}

Task<> Retention::prepare(sys_days day) {
  if (prepared_.contains(day)) co_return;
  co_await days_.make(database_, day);
  prepared_.insert(day);
}

Task<> Retention::drop(sys_days day) {
  prepared_.erase(day);
  co_await days_.drop(database_, day);
}

Task<> Retention::keep_bounds() {
  auto parts = co_await days_.list(database_);
  std::uint64_t used = 0;
  for (const auto& part : parts) used += static_cast<std::uint64_t>(part.bytes);
  for (const auto& part : parts) {
    const bool is_too_old = part.day < today() - options_.days_max;
    const bool is_too_much = used > options_.bytes_max && part.day < today();
    if (!is_too_old && !is_too_much) break;
    co_await drop(part.day);
    used -= static_cast<std::uint64_t>(part.bytes);
    if (is_too_much && !is_too_old) {
      log::warning("a day of the access log was removed before its time, for its size",
                   {{"allowed", human_bytes(options_.bytes_max)},
                    {"advice", "raise requests_size_max, or log a share: access_log = 0.1"}});
    }
  }
  const bool was_full = std::exchange(is_full_, used > options_.bytes_max);
  if (is_full_ && !was_full) {
    log::warning("the access log of today alone is as large as allowed: no more is stored",
                 {{"allowed", human_bytes(options_.bytes_max)},
                  {"advice", "raise requests_size_max, or log a share: access_log = 0.1"}});
  }
}

Task<> Retention::remove_orphans() {
  std::set<projects::ProjectId> known;
  for (const auto& place : co_await projects_.places()) known.insert(place.project.id);
  for (const auto project : co_await database_.all(queries::logged_projects)) {
    if (!known.contains(project)) co_await database_.run(queries::delete_of_project, project);
  }
}

}  // namespace temps::requests
