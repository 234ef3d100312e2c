// Lists of what happened, the newest first: between two times, and by pages.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/result.hpp"

namespace temps::http {

// Behind the last row of a page: rows of one instant are told apart by their numbers.
struct HistoryCursor {
  Instant began_at;
  std::int64_t id = 0;
};
// "<microseconds>-<id>", as the `next` of a page has it.
std::string to_text(const HistoryCursor& cursor);
// Nothing where none is given. Fails with `http.bad_parameter`.
Result<std::optional<HistoryCursor>> read_history_cursor(const std::optional<std::string>& text);

struct Period {
  std::optional<Instant> since{};  // this time and later
  std::optional<Instant> until{};  // before this time
};
// Of the parameters `since` and `until`. Fails with `http.bad_parameter`.
Result<Period> read_period(const std::optional<std::string>& since,
                           const std::optional<std::string>& until);

}  // namespace temps::http
