#include "audit/audit.hpp"

#include <utility>

#include "audit/queries.hpp"
#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::audit {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using namespace std::chrono_literals;

constexpr auto sweep_pause = 1h;
constexpr std::size_t text_bytes_max = 1024;
constexpr std::size_t target_bytes_max = 256;
// Farther is no time that PostgreSQL has to know.
constexpr Instant beginning{};
constexpr Instant end_of_time{std::chrono::seconds{32'503'680'000}};

struct Truncated {
  bool truncated = true;
  std::uint64_t bytes = 0;
};

std::optional<sql::Json> kept(std::string text) {
  if (text.empty()) return std::nullopt;
  if (text.size() <= Audit::json_bytes_max) return sql::Json{std::move(text)};
  return sql::Json{json::encode(Truncated{.bytes = text.size()})};
}

std::string short_text(std::string_view text, std::size_t bytes_max = text_bytes_max) {
  return sql::storable(text.substr(0, bytes_max));
}

sql::Json to_json(const std::map<std::string, std::string>& target) {
  std::map<std::string, std::string> kept;
  for (const auto& [name, value] : target) kept[name] = short_text(value, target_bytes_max);
  return {json::encode(kept)};
}

// A statement-level trigger is not copied to parts that are made later.
std::string guard_text(const std::string& part) {
  return fmt::format(
      "create or replace trigger audit_keep_all before truncate on {} for each statement execute "
      "function audit_refuse()",
      part);
}

}  // namespace

Actor temps() { return {.kind = ActorKind::temps}; }
Actor machine() { return {.kind = ActorKind::machine}; }

Task<> Audit::prepare(sys_days day) {
  const auto month = sql::MonthlyPartitions::month_of(day);
  if (prepared_.contains(month)) co_return;
  auto work = [&](sql::Transaction& transaction) -> Task<void> {
    // `temps serve` and a command on the machine may come to a new month together.
    co_await transaction.script("select pg_advisory_xact_lock(hashtext('audit_parts'))");
    for (const auto* parts : {&entries_, &outcomes_}) {
      co_await parts->make(transaction, month);
      co_await transaction.script(guard_text(parts->name_of(month)));
    }
  };
  co_await database_.transact<void>(work);
  prepared_.insert(month);
}

Task<Mark> Audit::insert(Action action) {
  const auto now = clock_.now();
  co_await prepare(std::chrono::floor<days>(now));
  auto& actor = action.actor;
  const auto id = co_await database_.one(
      queries::insert_entry, now, actor.kind, actor.user, short_text(actor.email), actor.credential,
      short_text(actor.credential_name), short_text(action.operation), short_text(action.summary),
      short_text(action.method), short_text(action.path), short_text(action.project),
      to_json(action.target), kept(std::move(action.given)), kept(std::move(action.before)),
      short_text(action.client), short_text(action.user_agent), short_text(action.request_id));
  co_return Mark{.id = id, .began_at = now};
}

Task<Mark> Audit::begin(Action action) {
  auto written = co_await attempt(insert(std::move(action)));
  if (!written && written.error().code().kind != ErrorKind::cancelled) {
    const auto& error = written.error();
    log::error("a change was refused, because it could not be recorded",
               {{"code", error.code().code}, {"detail", error.detail()}});
    co_await fail(Error(errors::unavailable,
                        "what is changed has to be recorded, and the database does not take that "
                        "at the moment; nothing was changed: try again shortly")
                      .because(std::string(error.detail())));
  }
  co_return co_await std::move(written);
}

Task<> Audit::end(Mark mark, Ending ending) {
  co_await database_.run(queries::insert_outcome, mark.began_at, mark.id, clock_.now(),
                         ending.status, short_text(ending.error), kept(std::move(ending.after)),
                         ending.user, short_text(ending.email));
}

Task<> Audit::note(Action action, Ending ending) {
  const auto mark = co_await begin(std::move(action));
  co_await end(mark, std::move(ending));
}

Task<std::vector<Entry>> Audit::list(Filter filter, std::optional<Cursor> before,
                                     std::int64_t limit) {
  const auto behind = before.value_or(Cursor{end_of_time, 0});
  co_return co_await database_.all(
      queries::list, std::move(filter.actor), std::move(filter.operation),
      std::move(filter.project), std::move(filter.text), filter.outcome,
      filter.since.value_or(beginning), filter.until.value_or(end_of_time), behind.began_at,
      behind.id, limit);
}

Task<> Audit::sweep() {
  const auto today = std::chrono::floor<days>(clock_.now());
  co_await prepare(today);
  co_await prepare(sql::MonthlyPartitions::month_after(today));
  // Outcomes last: an entry without one looks as if nobody knew.
  for (const auto* parts : {&entries_, &outcomes_}) {
    for (const auto& part : co_await parts->list(database_)) {
      const auto last = sql::MonthlyPartitions::month_after(part.day) - days{1};
      if (last >= today - options_.days_max) break;
      prepared_.erase(part.day);
      co_await parts->drop(database_, part.day);
      log::info("a month of the audit log was dropped", {{"part", parts->name_of(part.day)}});
    }
  }
}

Task<> Audit::supervise() {
  for (;;) {
    const auto swept = co_await attempt(sweep());
    if (!swept) {
      co_await check_cancelled();
      log::warning("old months of the audit log could not be dropped",
                   {{"detail", swept.error().detail()}});
    }
    co_await sleep(sweep_pause);
  }
}

}  // namespace temps::audit
