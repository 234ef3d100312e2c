#include "requests/loader.hpp"

#include <algorithm>

#include "core/concurrency.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "requests/queries.hpp"

namespace temps::requests {

namespace {

using std::chrono::sys_days;

// What is made at once of a segment: some milliseconds on the loop.
constexpr std::size_t batch_rows = 2000;
// A power cut may bring back a file that was removed just before, but not after so long.
constexpr std::chrono::hours remember_loaded{1};

// The same may succeed later.
bool may_pass(const Error& error) {
  return error.code().kind == ErrorKind::unavailable || error.code().kind == ErrorKind::timeout ||
         error.code().kind == ErrorKind::cancelled || error.is(sql::errors::busy);
}

// "shop/production/12": where, and the number of the deployment.
std::optional<std::pair<std::string_view, std::int64_t>> split_release(std::string_view release) {
  const auto slash = release.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto number = parse_number<std::int64_t>(release.substr(slash + 1));
  if (!number) return std::nullopt;
  return std::pair(release.substr(0, slash), *number);
}

sys_days day_of(Instant time) { return std::chrono::floor<std::chrono::days>(time); }

std::int64_t bounded(std::uint64_t count) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(count, most));
}

queries::Row row_of(const routing::AccessRecord& record) {
  return {.began_at = record.time,
          .project = {},
          .environment = {},
          .deployment = 0,
          .status = static_cast<std::int16_t>(record.status),
          .protocol = static_cast<std::int16_t>(record.protocol),
          .tls = record.is_tls,
          .duration = record.duration,
          .upstream = record.upstream,
          .sent_bytes = bounded(record.sent_bytes),
          .received_bytes = bounded(record.received_bytes),
          .method = sql::storable(record.method),
          .host = lowered(sql::storable(record.host)),
          .path = sql::storable(record.path),
          .client = sql::storable(record.client),
          .user_agent = sql::storable(record.user_agent),
          .referrer = sql::storable(record.referrer),
          .request_id = sql::storable(record.request_id),
          .visitor = sql::storable(record.visitor)};
}

}  // namespace

Task<> Loader::load() {
  const auto waiting = co_await loop_.offload([this] { return reader_.waiting(); });
  if (!waiting) co_await fail(waiting.error());
  for (const auto& segment : *waiting) {
    if (refused_.contains(segment.id)) continue;
    auto loaded = co_await attempt(load_segment(segment));
    if (loaded) continue;
    const auto& error = loaded.error();
    if (may_pass(error)) co_await fail(error);
    log::error(
        "a segment of the access log cannot be loaded; it is left where it is",
        {{"file", segment.path.string()}, {"detail", error.detail()}, {"cause", error.cause()}});
    refused_.insert(segment.id);
  }
}

Task<> Loader::load_segment(const spool::Segment& segment) {
  const auto read = co_await loop_.offload([&segment] { return spool::Reader::read(segment); });
  if (!read) {
    // It had to give way to newer ones meanwhile.
    if (read.error().code().kind == ErrorKind::not_found) co_return;
    co_await fail(read.error());
  }
  const auto& content = *read;
  spool::RecordReader records(content);
  std::set<sys_days> days;
  while (const auto bytes = records.next()) {
    const auto record = routing::decode_access_record(*bytes);
    if (record && retention_.keeps(day_of(record->time))) days.insert(day_of(record->time));
  }
  if (records.damaged() > 0 || records.torn_bytes() > 0) {
    log::warning("a segment of the access log is damaged", {{"segment", segment.id},
                                                            {"records_lost", records.damaged()},
                                                            {"bytes_lost", records.torn_bytes()}});
  }
  // Not in the transaction, which would keep readers of the table waiting.
  for (const auto day : days) co_await retention_.prepare(day);
  const auto known = co_await places();
  co_await database_.transact<void>([&](this auto, sql::Transaction& transaction) -> Task<> {
    const auto noted = co_await transaction.run(queries::note_segment, segment.id, clock_.now());
    // Whoever loaded it was killed before removing it.
    if (noted > 0) co_await store(transaction, content, known);
  });
  co_await co_await loop_.offload([&segment] { return spool::Reader::remove(segment); });
}

Task<> Loader::store(sql::Transaction& transaction, std::string_view content, const Places& known) {
  if (retention_.is_full()) co_return;
  std::vector<queries::Row> rows;
  spool::RecordReader records(content);
  while (const auto bytes = records.next()) {
    const auto record = routing::decode_access_record(*bytes);
    if (!record || !retention_.keeps(day_of(record->time))) continue;
    const auto release = split_release(record->release);
    const auto place = release ? known.find(release->first) : known.end();
    // Of no project, or of one that is gone.
    if (place == known.end()) continue;
    rows.push_back(row_of(*record));
    rows.back().project = place->second.project;
    rows.back().environment = place->second.environment;
    rows.back().deployment = release->second;
    if (rows.size() < batch_rows) continue;
    co_await transaction.copy(queries::copy_requests, std::exchange(rows, {}));
  }
  if (!rows.empty()) co_await transaction.copy(queries::copy_requests, std::move(rows));
}

Task<Loader::Places> Loader::places() {
  Places known;
  for (const auto& place : co_await projects_.places()) {
    known.emplace(fmt::format("{}/{}", place.project.name, place.environment.name),
                  Place{place.project.id, place.environment.id});
  }
  co_return known;
}

Task<> Loader::forget_loaded() {
  const auto waiting = co_await loop_.offload([this]() -> Result<std::vector<spool::Segment>> {
    auto all = reader_.waiting();
    // What was removed stays so from here on.
    if (all && std::filesystem::exists(folder_)) {
      if (auto synced = spool::sync_folder(folder_); !synced) return fail(synced.error());
    }
    return all;
  });
  if (!waiting) co_await fail(waiting.error());
  std::vector<std::string> there;
  for (const auto& segment : *waiting) there.push_back(segment.id);
  co_await database_.run(queries::forget_segments, clock_.now() - remember_loaded, there);
}

}  // namespace temps::requests
