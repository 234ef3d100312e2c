// temps requests.
#include <algorithm>
#include <optional>
#include <utility>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "app/time_filter.hpp"
#include "core/concurrency.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

using namespace std::chrono_literals;

constexpr auto look_again = 1s;
constexpr std::uint32_t page_max = 200;

struct Line {
  std::int64_t id;
  std::string time;
  std::int64_t status;
  std::string method;
  std::string path;
  double milliseconds;
  std::uint64_t sent_bytes;
};
struct Page {
  std::vector<json::Raw> items;
  std::optional<std::string> next;
};

Result<std::string> filter(const RequestOptions& options) {
  std::string text;
  for (const auto& [name, value] :
       {std::pair("environment", &options.environment), std::pair("status", &options.status),
        std::pair("path", &options.path)}) {
    if (!value->empty()) text += fmt::format("&{}={}", name, percent_encoded(*value));
  }
  auto times = time_filter(options.since, options.until);
  if (!times) return times;
  return text + *times;
}

std::string milliseconds(double value) {
  return value < 10 ? fmt::format("{:.1f} ms", value) : fmt::format("{:.0f} ms", value);
}

// What a visitor chose must not steer the terminal.
std::string visible(std::string_view text) {
  std::string shown;
  for (const char c : text) shown += c < ' ' || c == '\x7f' ? '?' : c;
  return shown;
}

void show(std::string_view json_line, const Line& line, Format format) {
  if (format == Format::json) return print(json_line);
  auto time = line.time.substr(0, 19);
  if (time.size() > 10) time[10] = ' ';
  print(fmt::format("{}  {:>3}  {:<6} {:>9} {:>9}  {}", time,
                    line.status == 0 ? "-" : std::to_string(line.status), visible(line.method),
                    milliseconds(line.milliseconds), human_bytes(line.sent_bytes),
                    visible(line.path)));
}

// Of those that are there already, the newest; shown with the oldest first. Yields the highest id.
Task<std::int64_t> show_newest(ApiClient& client, std::string path, RequestOptions options,
                               Format format) {
  std::vector<json::Raw> found;
  std::string cursor;
  while (found.size() < options.lines) {
    const auto wanted = std::min<std::size_t>(options.lines - found.size(), page_max);
    auto page = co_await client.get<Page>(fmt::format("{}&limit={}{}", path, wanted, cursor));
    std::ranges::move(page.items, std::back_inserter(found));
    if (!page.next) break;
    cursor = "&cursor=" + percent_encoded(*page.next);
  }
  std::int64_t highest = 0;
  for (auto item = found.rbegin(); item != found.rend(); ++item) {
    const auto line = co_await json::decode<Line>(item->text());
    highest = std::max(highest, line.id);
    show(item->text(), line, format);
  }
  if (found.empty() && !options.follow) note("No requests.");
  co_return highest;
}

Task<> run(net::Loop& loop, Common common, RequestOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto path = fmt::format("/api/v1/projects/{}/requests?{}", percent_encoded(options.project),
                                (co_await filter(options)));
  auto seen = co_await show_newest(client, path, options, common.format);
  for (bool is_behind = true; options.follow;) {
    if (!is_behind) co_await sleep(look_again);
    const auto page =
        co_await client.get<Page>(fmt::format("{}&after={}&limit={}", path, seen, page_max));
    for (const auto& item : page.items) {
      const auto line = co_await json::decode<Line>(item.text());
      seen = std::max(seen, line.id);
      show(item.text(), line, common.format);
    }
    is_behind = page.items.size() == page_max;
  }
}

}  // namespace

Result<> show_requests(const Common& common, const RequestOptions& options) {
  net::Loop loop;
  return loop.run(run(loop, common, options));
}

}  // namespace temps::app
