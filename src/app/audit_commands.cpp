// temps audit.
#include <algorithm>
#include <optional>
#include <utility>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "app/time_filter.hpp"
#include "core/clock.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

constexpr std::uint32_t page_max = 200;

struct Actor {
  std::string kind;
  std::optional<std::string> email;
  std::optional<std::string> credential_name;
};
struct Entry {
  std::string time;
  Actor actor;
  std::string operation;
  std::string summary;
  std::string path;
  std::map<std::string, std::string> target;
  std::string outcome;
  std::optional<std::string> error;
  std::string client;
};
struct Page {
  std::vector<json::Raw> items;
  std::optional<std::string> next;
};

Result<std::string> filter(const AuditOptions& options) {
  std::string text;
  for (const auto& [name, value] :
       {std::pair("project", &options.project), std::pair("actor", &options.actor),
        std::pair("operation", &options.operation), std::pair("text", &options.text),
        std::pair("outcome", &options.outcome)}) {
    if (!value->empty()) text += fmt::format("&{}={}", name, percent_encoded(*value));
  }
  auto times = time_filter(options.since, options.until);
  if (!times) return times;
  return text + *times;
}

// What somebody chose must not steer the terminal.
std::string visible(std::string_view text) {
  std::string shown;
  for (const char c : text) shown += c < ' ' && static_cast<unsigned char>(c) < 0x80 ? '?' : c;
  return replaced(shown, "\x7f", "?");
}

std::string who(const Actor& actor) {
  if (!actor.email) return actor.kind;
  return actor.credential_name ? fmt::format("{} ({})", *actor.email, *actor.credential_name)
                               : *actor.email;
}

std::string what(const Entry& entry) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : entry.target) {
    if (name != "rest") parts.push_back(value);
  }
  return parts.empty() ? entry.summary : fmt::format("{}: {}", entry.summary, join(parts, " "));
}

std::string how(const Entry& entry) {
  if (entry.outcome == "done") return {};
  return entry.error ? fmt::format("  [{}: {}]", entry.outcome, *entry.error)
                     : fmt::format("  [{}]", entry.outcome);
}

void show(const Entry& entry) {
  auto time = entry.time.substr(0, 19);
  if (time.size() > 10) time[10] = ' ';
  print(visible(fmt::format("{}  {:<28} {}{}{}", time, who(entry.actor), what(entry), how(entry),
                            entry.client.empty() ? "" : "  from " + entry.client)));
}

Task<> run(net::Loop& loop, Common common, AuditOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto chosen = co_await filter(options);
  std::uint32_t left = options.lines;
  std::string cursor;
  bool none = true;
  while (left > 0) {
    const auto wanted = std::min(left, page_max);
    auto page = co_await client.get<Page>(
        fmt::format("/api/v1/audit?limit={}{}{}", wanted, chosen, cursor));
    for (const auto& item : page.items) {
      none = false;
      if (common.format == Format::json) {
        print(item.text());
      } else {
        show(co_await json::decode<Entry>(item.text()));
      }
    }
    left -= std::min(left, static_cast<std::uint32_t>(page.items.size()));
    if (!page.next || page.items.empty()) break;
    cursor = "&cursor=" + percent_encoded(*page.next);
  }
  if (none) note("Nothing was changed.");
}

}  // namespace

Result<> show_audit_log(const Common& common, const AuditOptions& options) {
  net::Loop loop;
  return loop.run(run(loop, common, options));
}

}  // namespace temps::app
