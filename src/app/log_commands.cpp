#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/follow.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

struct Line {
  std::string time;
  std::string stream;
  std::string text;
};
struct Lines {
  std::vector<json::Raw> items;
};
struct Deployment {
  std::int64_t number;
};
struct Deployments {
  std::vector<Deployment> items;
};

void show(std::string_view json_line, Format format) {
  if (format == Format::json) {
    print(json_line);
  } else if (auto line = json::decode<Line>(json_line)) {
    print(fmt::format("{} {}", line->time.substr(0, 19), line->text));
  }
}

std::string query(const LogOptions& options) {
  std::string text = fmt::format("?lines={}", options.lines);
  if (!options.since.empty()) text += "&since=" + percent_encoded(options.since);
  if (!options.until.empty()) text += "&until=" + percent_encoded(options.until);
  if (!options.contains.empty()) text += "&contains=" + percent_encoded(options.contains);
  if (!options.level.empty()) text += "&level=" + options.level;
  text += in_environment(options.environment, '&');
  return text;
}

Task<> show_page(ApiClient& client, std::string path, Format format) {
  auto page = co_await client.get<Lines>(std::move(path));
  for (const auto& line : page.items) show(line.text(), format);
  if (page.items.empty()) note("No lines yet.");
}

Task<std::int64_t> newest_deployment(ApiClient& client, std::string project,
                                     std::string environment) {
  auto page = co_await client.get<Deployments>(
      fmt::format("/api/v1/projects/{}/deployments?limit=1{}", percent_encoded(project),
                  in_environment(environment, '&')));
  if (page.items.empty()) {
    co_await fail(Error({"app.refused", ErrorKind::not_found, "Nothing deployed"},
                        "nothing was deployed yet: git push temps main"));
  }
  co_return page.items.front().number;
}

Task<> run(net::Loop& loop, Common common, LogOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto project = "/api/v1/projects/" + percent_encoded(options.project);
  if (options.build || options.deployment) {
    const auto number = options.deployment ? *options.deployment
                                           : co_await newest_deployment(client, options.project,
                                                                        options.environment);
    if (options.follow) {
      co_return co_await follow_deployment(client, options.project, number, common.format,
                                           options.environment);
    }
    co_return co_await show_page(
        client, fmt::format("{}/deployments/{}/log{}", project, number, query(options)),
        common.format);
  }
  if (!options.follow) {
    co_return co_await show_page(client, project + "/logs" + query(options), common.format);
  }
  co_await client.events(project + "/logs/events" + query(options),
                         [format = common.format](std::string_view, std::string_view data) {
                           show(data, format);
                           return ApiClient::Next::go_on;
                         });
}

}  // namespace

Result<> show_logs(const Common& common, const LogOptions& options) {
  net::Loop loop;
  return loop.run(run(loop, common, options));
}

}  // namespace temps::app
