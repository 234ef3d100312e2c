#include "audit/routes.hpp"

#include "audit/entry_view.hpp"
#include "audit/permissions.hpp"
#include "core/text.hpp"

namespace temps::audit {
namespace {

constexpr std::int64_t export_step = 100;

struct ListQuery {
  std::optional<std::string> actor;  // an e-mail address, or machine, temps, anonymous
  std::optional<std::string> operation;
  std::optional<std::string> project;
  std::optional<std::string> text;  // in the path or the target
  std::optional<OutcomeFilter> outcome;
  std::optional<std::string> since;
  std::optional<std::string> until;
  std::optional<std::string> cursor;
  std::optional<std::uint32_t> limit;
};
enum class Format : std::uint8_t { ndjson, csv };
struct ExportQuery {
  std::optional<Format> format;
  std::optional<std::string> actor;
  std::optional<std::string> operation;
  std::optional<std::string> project;
  std::optional<std::string> text;
  std::optional<OutcomeFilter> outcome;
  std::optional<std::string> since;
  std::optional<std::string> until;
};

template <class Q>
Result<Filter> to_filter(const Q& query) {
  Filter filter{.actor = query.actor.value_or(""),
                .operation = query.operation.value_or(""),
                .project = query.project.value_or(""),
                .text = query.text.value_or(""),
                .outcome = query.outcome.value_or(OutcomeFilter::any)};
  for (auto* text : {&filter.actor, &filter.operation, &filter.project, &filter.text}) {
    if (text->find('\0') != std::string::npos || !is_utf8(*text)) {
      return fail(errors::bad_filter, "a filter holds characters that no text has");
    }
  }
  auto period = http::read_period(query.since, query.until);
  if (!period) return fail(period.error());
  filter.since = period->since;
  filter.until = period->until;
  return filter;
}

std::string cursor_of(const Entry& last) { return http::to_text({last.began_at, last.id}); }

Task<http::Page<EntryView>> list_audit_entries(Audit& audit, http::Query<ListQuery> query) {
  auto filter = co_await to_filter(query.value);
  const auto before = co_await http::read_history_cursor(query.value.cursor);
  const http::PageQuery size{.cursor = {}, .limit = query.value.limit};
  auto found = co_await audit.list(std::move(filter), before, size.wanted());
  http::Page<EntryView> page;
  page.next = http::next_cursor(found, size, cursor_of);
  for (const auto& entry : found) page.items.push_back(view(entry));
  co_return page;
}

// Page by page, so that a log of any size goes through a small memory.
Task<> write_all(Audit& audit, Filter filter, Format format, http::BodyWriter& out) {
  if (format == Format::csv) co_await out.write(csv_head());
  std::optional<Cursor> behind;
  for (;;) {
    const auto found = co_await audit.list(filter, behind, export_step);
    std::string lines;
    for (const auto& entry : found) {
      lines += format == Format::csv ? csv_line(entry) : json::encode(view(entry)) + "\n";
    }
    if (!lines.empty()) co_await out.write(lines);
    if (found.size() < static_cast<std::size_t>(export_step)) co_return;
    behind = Cursor{found.back().began_at, found.back().id};
  }
}

Task<http::Response> export_audit_log(Audit& audit, http::Query<ExportQuery> query) {
  auto filter = co_await to_filter(query.value);
  const auto format = query.value.format.value_or(Format::ndjson);
  const bool is_csv = format == Format::csv;
  http::Response response;
  response.headers.add("Content-Type", is_csv ? "text/csv; charset=utf-8" : "application/x-ndjson");
  response.headers.add("Content-Disposition",
                       fmt::format("attachment; filename=\"audit.{}\"", is_csv ? "csv" : "ndjson"));
  response.stream = [&audit, filter = std::move(filter), format](http::BodyWriter& out) {
    return write_all(audit, filter, format, out);
  };
  co_return response;
}

}  // namespace

void add_routes(http::Router& router, Audit& audit) {
  auto api = router.bind(audit);
  api.get<list_audit_entries>("/api/v1/audit", permissions::read,
                              "List what was changed, the newest first");
  api.get<export_audit_log>("/api/v1/audit/export", permissions::read,
                            "Download what was changed, as lines of JSON or as CSV");
}

}  // namespace temps::audit
