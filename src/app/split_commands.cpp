// temps release split.
#include <algorithm>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::app {

namespace {

struct Share {
  std::int64_t number;
  std::int32_t weight;
};
struct Split {
  std::vector<Share> releases;
};

std::string split_path(const std::string& project) {
  return fmt::format("/api/v1/projects/{}/split", percent_encoded(project));
}

// "12=90", also "#12=90".
Result<Share> share(std::string_view word) {
  auto [number, weight] = cut(word, "=");
  if (number.starts_with('#')) number.remove_prefix(1);
  const auto parsed_number = parse_number<std::int64_t>(number);
  const auto parsed_weight = parse_number<std::int32_t>(weight);
  if (!parsed_number || !parsed_weight) {
    return fail(errors::usage, "\"{}\" is not of the form number=weight, such as 12=90", word);
  }
  return Share{*parsed_number, *parsed_weight};
}

void show(const Split& split) {
  if (split.releases.empty()) return note("All visitors get the live release.");
  std::int64_t sum = 0;
  for (const auto& one : split.releases) sum += one.weight;
  for (const auto& one : split.releases) {
    print(fmt::format("#{:<4} {:.3g} %", one.number,
                      100.0 * one.weight / static_cast<double>(std::max<std::int64_t>(sum, 1))));
  }
}

Task<> split_them(net::Loop& loop, Common common, std::string project,
                  std::vector<std::string> words) {
  ApiClient client(loop, co_await find_target(common.url));
  std::string text;
  if (words.empty()) {
    text = co_await client.call("GET", split_path(project));
  } else {
    Split wish;
    for (const auto& word : words) wish.releases.push_back(co_await share(word));
    text = co_await client.call("PUT", split_path(project), json::encode(wish));
  }
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  show(co_await json::decode<Split>(text));
}

Task<> clear(net::Loop& loop, Common common, std::string project) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("DELETE", split_path(project));
  note("All visitors get the live release.");
}

}  // namespace

Result<> split_releases(const Common& common, const std::string& project,
                        const std::vector<std::string>& words) {
  net::Loop loop;
  return loop.run(split_them(loop, common, project, words));
}
Result<> end_split(const Common& common, const std::string& project) {
  net::Loop loop;
  return loop.run(clear(loop, common, project));
}

}  // namespace temps::app
