#include "requests/requests.hpp"

#include <algorithm>

#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "requests/loader.hpp"
#include "requests/queries.hpp"
#include "requests/retention.hpp"

namespace temps::requests {

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds load_pause = 1s;
constexpr std::chrono::seconds load_pause_max = 30s;  // while the database is away
constexpr auto bounds_pause = 10s;
constexpr auto sweep_pause = 1h;

// What lies outside the filter's times on every calendar.
constexpr Instant first_instant{};
constexpr Instant last_instant{std::chrono::sys_days{std::chrono::year{9999} / 1 / 1}};

void note(std::string_view what, const Result<>& outcome) {
  if (outcome) return;
  log::warning(what, {{"detail", outcome.error().detail()}, {"cause", outcome.error().cause()}});
}

}  // namespace

Requests::Requests(sql::Database& database, projects::Projects& projects, net::Loop& loop,
                   const Options& options, const Clock& clock)
    : database_(database),
      projects_(projects),
      clock_(clock),
      retention_(std::make_unique<Retention>(database, projects, options, clock)),
      loader_(std::make_unique<Loader>(database, projects, loop, options, clock, *retention_)) {}

Requests::~Requests() = default;

Task<std::vector<Request>> Requests::list(projects::ProjectId project, Filter filter,
                                          std::optional<Cursor> before, std::int64_t limit) {
  const auto end = before.value_or(Cursor{last_instant, 0});
  co_return co_await database_.all(
      queries::newest, project, filter.environment, filter.status_min, filter.status_max,
      filter.path_prefix, filter.since.value_or(first_instant), filter.until.value_or(last_instant),
      end.began_at, end.id, limit);
}

Task<std::vector<Request>> Requests::newer(projects::ProjectId project, Filter filter,
                                           std::int64_t after, std::int64_t limit) {
  const auto since = std::max(filter.since.value_or(first_instant), clock_.now() - follow_window);
  co_return co_await database_.all(queries::newer, project, filter.environment, filter.status_min,
                                   filter.status_max, filter.path_prefix, since,
                                   filter.until.value_or(last_instant), after, limit);
}

Task<> Requests::load() { co_await loader_->load(); }

Task<> Requests::sweep() {
  co_await retention_->keep_bounds();
  co_await retention_->remove_orphans();
  co_await loader_->forget_loaded();
}

Task<> Requests::supervise() {
  auto pause = load_pause;
  std::optional<Steady::time_point> looked;
  std::optional<Steady::time_point> swept;
  for (;;) {
    const auto now = Steady::now();
    if (!looked || now - *looked > bounds_pause) {
      looked = now;
      (void)co_await attempt(retention_->keep_bounds());
      co_await check_cancelled();
      if (!swept || now - *swept > sweep_pause) {
        swept = now;
        note("old requests could not be removed", co_await attempt(sweep()));
        co_await check_cancelled();
      }
    }
    auto loaded = co_await attempt(load());
    co_await check_cancelled();
    if (!loaded && pause == load_pause) note("the access log waits in its spool", loaded);
    pause = loaded ? load_pause : std::min(2 * pause, load_pause_max);
    co_await sleep(pause);
  }
}

}  // namespace temps::requests
