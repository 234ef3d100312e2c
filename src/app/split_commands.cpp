// temps release split.
#include <algorithm>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/follow.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"
#include "json/json.hpp"

namespace temps::app {

namespace {

struct Share {
  std::int64_t number;
  std::int32_t weight;
};
struct Line {
  std::string text;
};
struct Wishes {
  std::vector<Share> releases;
};
struct Attempt {
  std::vector<Share> releases;
  std::string status;
  std::optional<std::string> error;
};
struct Split {
  std::vector<Share> releases;
  std::optional<Attempt> attempt;
};

std::string split_path(const SplitOptions& options, std::string_view below = {}) {
  return fmt::format("/api/v1/projects/{}/split{}{}", percent_encoded(options.project), below,
                     in_environment(options.environment));
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

std::string in_words(const std::vector<Share>& releases) {
  std::vector<std::string> words;
  for (const auto& one : releases) words.push_back(fmt::format("{}={}", one.number, one.weight));
  return join(words, " ");
}

void show(const Attempt& attempt) {
  const auto wish = in_words(attempt.releases);
  if (attempt.status == "waiting" || attempt.status == "running") {
    note(fmt::format("{} is being made ready.", wish));
  } else if (attempt.status == "failed") {
    note(fmt::format("{} came to nothing: {}", wish, attempt.error.value_or("see the log")));
  } else if (attempt.status == "cancelled") {
    note(fmt::format("{} was given up.", wish));
  }
}

void show(const Split& split) {
  if (split.attempt) show(*split.attempt);
  if (split.releases.empty()) return note("All visitors get the live release.");
  std::int64_t sum = 0;
  for (const auto& one : split.releases) sum += one.weight;
  for (const auto& one : split.releases) {
    print(fmt::format("#{:<4} {:.3g} %", one.number,
                      100.0 * one.weight / static_cast<double>(std::max<std::int64_t>(sum, 1))));
  }
}

void show(const std::string& text, const Split& split, Format format) {
  if (format == Format::json) return print(text);
  show(split);
}

// Ends with the job that makes the split; fails as it does.
Task<> follow(ApiClient& client, const SplitOptions& options) {
  std::optional<Attempt> ended;
  auto heard = co_await attempt(client.events(
      split_path(options, "/events"), [&ended](std::string_view name, std::string_view data) {
        if (name == "end") {
          if (auto decoded = json::decode<Attempt>(data)) ended = *decoded;
          return ApiClient::Next::stop;
        }
        if (auto line = json::decode<Line>(data)) note(line->text);
        return ApiClient::Next::go_on;
      }));
  if (!ended) {
    co_await fail(
        errors::refused,
        "the server went away{}{}; it goes on with the split, see: temps release split {}{}",
        heard ? "" : ": ", heard ? "" : heard.error().detail(), options.project,
        environment_words(options.environment));
  }
  if (ended->status == "succeeded") co_return;
  if (ended->status == "cancelled") co_await fail(errors::unhealthy, "the split was given up");
  co_await fail(errors::unhealthy, "the split came to nothing: {}",
                ended->error.value_or("see the log"));
}

Task<> split_them(net::Loop& loop, Common common, SplitOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto path = split_path(options);
  if (!options.releases.empty()) {
    Wishes wish;
    for (const auto& word : options.releases) wish.releases.push_back(co_await share(word));
    co_await client.call("PUT", path, json::encode(wish));
    if (!options.no_wait) co_await follow(client, options);
  }
  const auto text = co_await client.call("GET", path);
  show(text, co_await json::decode<Split>(text), common.format);
}

Task<> end_it(net::Loop& loop, Common common, SplitOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  auto path = split_path(options);
  if (options.kept > 0) {
    path += fmt::format("{}keep={}", options.environment.empty() ? '?' : '&', options.kept);
  }
  co_await client.call("DELETE", path);
  note(options.kept > 0 ? fmt::format("All visitors get #{}.", options.kept)
                        : "All visitors get the live release.");
}

}  // namespace

Result<> split_releases(const Common& common, const SplitOptions& options) {
  net::Loop loop;
  return loop.run(options.clears || options.kept > 0 ? end_it(loop, common, options)
                                                     : split_them(loop, common, options));
}

}  // namespace temps::app
