#include "http/history.hpp"

#include "core/text.hpp"
#include "http/parameters.hpp"

namespace temps::http {
namespace {

// Later instants are none that PostgreSQL knows.
constexpr std::int64_t microseconds_max = 100'000'000'000'000'000;

Result<std::optional<Instant>> read_time(const std::optional<std::string>& text,
                                         std::string_view name) {
  if (!text) return std::nullopt;
  const auto time = parse_rfc3339(*text);
  if (time) return *time;
  return std::unexpected(
      detail::bad_value("query", name, "must be a time such as 2026-03-01T12:00:00Z"));
}

}  // namespace

std::string to_text(const HistoryCursor& cursor) {
  return fmt::format("{}-{}", cursor.began_at.time_since_epoch().count(), cursor.id);
}

Result<std::optional<HistoryCursor>> read_history_cursor(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const auto [time, id] = cut(*text, "-");
  const auto count = parse_number<std::int64_t>(time);
  const auto number = parse_number<std::int64_t>(id);
  if (!count || !number || *count < 0 || *count > microseconds_max) {
    return std::unexpected(
        detail::bad_value("query", "cursor", "must be the `next` of an earlier page"));
  }
  return HistoryCursor{Instant(std::chrono::microseconds(*count)), *number};
}

Result<Period> read_period(const std::optional<std::string>& since,
                           const std::optional<std::string>& until) {
  const auto begin = read_time(since, "since");
  if (!begin) return fail(begin.error());
  const auto end = read_time(until, "until");
  if (!end) return fail(end.error());
  return Period{.since = *begin, .until = *end};
}

}  // namespace temps::http
