#include "audit/entry_view.hpp"

#include <array>

#include "core/reflect.hpp"
#include "core/text.hpp"

namespace temps::audit {
namespace {

constexpr std::array columns{
    "time",       "id",         "actor",  "user",    "email",  "credential", "operation",
    "summary",    "project",    "target", "outcome", "status", "error",      "client",
    "user_agent", "request_id", "method", "path",    "given",  "before",     "after"};

Outcome outcome_of(const Entry& entry) {
  if (!entry.status) return Outcome::unknown;
  return *entry.status < 400 ? Outcome::done : Outcome::failed;
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}
std::optional<std::int64_t> unless_zero(std::int64_t number) {
  return number == 0 ? std::nullopt : std::optional(number);
}
std::optional<json::Raw> raw_of(const std::optional<sql::Json>& document) {
  if (!document) return std::nullopt;
  return json::Raw::trusted(document->text);
}
std::string text_of(const std::optional<sql::Json>& document) {
  return document ? document->text : std::string{};
}

}  // namespace

EntryView view(const Entry& entry) {
  return {.id = entry.id,
          .time = entry.began_at,
          .actor = {.kind = entry.actor,
                    .user = unless_zero(entry.user),
                    .email = unless_empty(entry.email),
                    .credential = unless_zero(entry.credential),
                    .credential_name = unless_empty(entry.credential_name)},
          .operation = entry.operation,
          .summary = entry.summary,
          .method = entry.method,
          .path = entry.path,
          .project = unless_empty(entry.project),
          .target = json::Raw::trusted(entry.target.text),
          .outcome = outcome_of(entry),
          .status = entry.status,
          .error = unless_empty(entry.error.value_or("")),
          .ended_at = entry.ended_at,
          .given = raw_of(entry.given),
          .before = raw_of(entry.before),
          .after = raw_of(entry.after),
          .client = entry.client,
          .user_agent = entry.user_agent,
          .request_id = entry.request_id};
}

std::string csv_cell(std::string_view text) {
  constexpr std::string_view begins_formula = "=+-@\t\r\n";
  const bool is_formula = !text.empty() && begins_formula.find(text[0]) != std::string_view::npos;
  return fmt::format("\"{}{}\"", is_formula ? "'" : "", replaced(text, "\"", "\"\""));
}

std::string csv_head() {
  std::string line;
  for (const auto* column : columns) line += (line.empty() ? "" : ",") + csv_cell(column);
  return line + "\r\n";
}

std::string csv_line(const Entry& entry) {
  const std::array<std::string, columns.size()> cells{
      to_rfc3339(entry.began_at),
      std::to_string(entry.id),
      std::string(reflect::enum_name(entry.actor)),
      entry.user == 0 ? "" : std::to_string(entry.user),
      entry.email,
      entry.credential_name,
      entry.operation,
      entry.summary,
      entry.project,
      entry.target.text,
      std::string(reflect::enum_name(outcome_of(entry))),
      entry.status ? std::to_string(*entry.status) : "",
      entry.error.value_or(""),
      entry.client,
      entry.user_agent,
      entry.request_id,
      entry.method,
      entry.path,
      text_of(entry.given),
      text_of(entry.before),
      text_of(entry.after)};
  std::string line;
  for (const auto& cell : cells) line += (line.empty() ? "" : ",") + csv_cell(cell);
  return line + "\r\n";
}

}  // namespace temps::audit
