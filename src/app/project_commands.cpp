#include <algorithm>

#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/follow.hpp"
#include "app/terminal.hpp"
#include "core/concurrency.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

constexpr std::uint32_t page_size_max = 200;  // the server's own limit

struct Deployment {
  std::int64_t number;
  std::string status;
  std::string trigger;
  std::optional<std::string> source;  // an older server does not say
  std::string commit;
  std::string message;
  bool live;
  std::optional<double> share;
  std::string created_at;
  std::optional<std::string> error;
  std::optional<std::string> digest;
};
struct Project {
  std::string name;
  std::string address;
  std::string repository;
  std::string status;
  std::optional<Deployment> live;
  std::optional<Deployment> latest;
  std::optional<std::string> warning;
};
template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::string> next;
};
struct NewProject {
  std::string name;
};
struct RollbackWish {
  std::optional<std::int64_t> to;
  std::optional<std::string> variables;
};
struct Nothing {
  std::optional<bool> nothing;
};

std::string project_path(const std::string& name, std::string_view rest = {}) {
  return fmt::format("/api/v1/projects/{}{}", percent_encoded(name), rest);
}

void show(const Project& project) {
  print(fmt::format("{:<24} {:<12} {}", project.name, project.status, project.address));
}

Task<> create(net::Loop& loop, Common common, std::string name) {
  ApiClient client(loop, co_await find_target(common.url));
  auto text = co_await client.call("POST", "/api/v1/projects", json::encode(NewProject{name}));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  auto project = co_await json::decode<Project>(text);
  print(fmt::format("Created {}. It will be at {}", project.name, project.address));
  note("Deploy with, inside a git checkout:");
  note(fmt::format("  git remote add temps {}{}", client.target().url, project.repository));
  note("  git push temps main");
}

Task<> list(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  std::string cursor;
  bool any = false;
  for (;;) {
    auto text = co_await client.call(
        "GET", "/api/v1/projects?limit=100" +
                   (cursor.empty() ? "" : "&cursor=" + percent_encoded(cursor)));
    if (common.format == Format::json) print(text);
    auto page = co_await json::decode<Page<Project>>(text);
    for (const auto& project : page.items) {
      any = true;
      if (common.format == Format::text) show(project);
    }
    if (!page.next) break;
    cursor = *page.next;
  }
  if (!any) note("No projects yet. Make one with: temps project create NAME");
}

Task<std::vector<std::string>> names(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto page = co_await client.get<Page<Project>>("/api/v1/projects?limit=200");
  std::vector<std::string> found;
  for (const auto& project : page.items) found.push_back(project.name);
  co_return found;
}

Task<> show_one(net::Loop& loop, Common common, std::string name) {
  ApiClient client(loop, co_await find_target(common.url));
  auto text = co_await client.call("GET", project_path(name));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  auto project = co_await json::decode<Project>(text);
  print(fmt::format("Name        {}", project.name));
  print(fmt::format("Address     {}", project.address));
  print(fmt::format("Repository  {}{}", client.target().url, project.repository));
  print(fmt::format("Status      {}", project.status));
  if (project.warning) print(fmt::format("Warning     {}", *project.warning));
  if (project.live)
    print(fmt::format("Live        #{} {}", project.live->number, project.live->message));
  if (project.latest && (!project.live || project.latest->number != project.live->number)) {
    print(fmt::format("Latest      #{} {}{}", project.latest->number, project.latest->status,
                      project.latest->error ? ": " + *project.latest->error : ""));
  }
  if (!project.latest) note("Nothing deployed yet: git push temps main");
}

// Settings that hold named values: "build_argument.API=https://…".
struct Named {
  std::map<std::string, std::string> arguments;
  std::map<std::string, std::string> headers;
};

// "branch=main" as a JSON member; numbers as numbers. What has a name of its own goes to `named`
// instead.
Result<std::string> member(const std::string& word, Named& named) {
  const auto [key, value] = cut(word, "=");
  if (word.find('=') == std::string::npos || key.empty()) {
    return fail(errors::usage, "\"{}\" is not of the form setting=value, such as branch=main",
                word);
  }
  std::string name(key.substr(0, key.find('.')));
  std::ranges::replace(name, '-', '_');
  if (name == "build_argument" && key.contains('.')) {
    named.arguments[std::string(cut(key, ".").second)] = value;
    return {};
  }
  if (name == "response_header" && key.contains('.')) {
    named.headers[std::string(cut(key, ".").second)] = value;
    return {};
  }
  if (name == "allowed_addresses") {
    std::vector<std::string> addresses;
    for (const auto address : split(value, ',')) {
      if (!trimmed(address).empty()) addresses.emplace_back(trimmed(address));
    }
    return fmt::format("{}:{}", json::quote(name), json::encode(addresses));
  }
  static constexpr std::string_view numbers[] = {
      "port",        "health_seconds", "drain_seconds",       "memory_mb",
      "cpus",        "body_mb_max",    "requests_per_minute", "answer_seconds_max",
      "maintenance", "compression",    "wait_seconds",        "sticky",
      "first_party"};
  // What the server takes as it is: numbers, true and false.
  const bool is_number = std::ranges::find(numbers, name) != std::end(numbers);
  return fmt::format("{}:{}", json::quote(name),
                     is_number ? std::string(value) : json::quote(value));
}

// The words as one JSON object.
Result<std::string> changes(const std::vector<std::string>& words) {
  std::vector<std::string> members;
  Named named;
  for (const auto& word : words) {
    auto made = member(word, named);
    if (!made) return made;
    if (!made->empty()) members.push_back(std::move(*made));
  }
  if (!named.arguments.empty()) {
    members.push_back("\"build_arguments\":" + json::encode(named.arguments));
  }
  if (!named.headers.empty()) {
    members.push_back("\"response_headers\":" + json::encode(named.headers));
  }
  return "{" + join(members, ",") + "}";
}

Task<> set(net::Loop& loop, Common common, SettingOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto path =
      project_path(options.project, "/settings" + in_environment(options.environment));
  std::string text;
  if (options.words.empty()) {
    text = co_await client.call("GET", path);
  } else {
    text = co_await client.call("PATCH", path, co_await changes(options.words));
  }
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  auto document = co_await json::decode<std::map<std::string, json::Raw>>(text);
  for (const auto& [key, value] : document) print(fmt::format("{:<20} {}", key, value.text()));
  if (options.words.empty()) co_return;
  note(fmt::format(
      "What concerns visitors holds from now on; the rest from the next deployment on: "
      "git push, or temps redeploy {}{}",
      options.project, options.environment.empty() ? "" : " --environment " + options.environment));
}

Task<> remove(net::Loop& loop, Common common, std::string name, std::string confirmation) {
  ApiClient client(loop, co_await find_target(common.url));
  if (confirmation.empty()) {
    note(
        fmt::format("This stops {} and deletes its releases, logs and repository for good.", name));
    confirmation = co_await ask("Type the project's name to confirm");
  }
  if (confirmation != name) co_await fail(errors::usage, "not confirmed; nothing was deleted");
  co_await client.call("DELETE", project_path(name));
  done(common.format, fmt::format("Deleted {}.", name));
}

// "push", and "rollback of image" for what runs or builds another's again.
std::string source_of(const Deployment& deployment) {
  const auto& source = deployment.source.value_or(deployment.trigger);
  if (source == deployment.trigger) return deployment.trigger;
  return fmt::format("{} of {}", deployment.trigger, source);
}

// The beginning of the commit's id, or of an image's digest.
std::string identity_of(const Deployment& deployment) {
  constexpr std::size_t shown = 8;
  constexpr std::string_view mark = "sha256:";
  const auto digest = deployment.digest.value_or("");
  const auto at = digest.find(mark);
  if (!deployment.commit.empty() || at == std::string::npos) {
    return deployment.commit.substr(0, shown);
  }
  return digest.substr(at + mark.size(), shown);
}

void show(const Deployment& deployment) {
  const auto status = deployment.share
                          ? fmt::format("{} {:.3g} %", deployment.status, *deployment.share)
                          : deployment.status;
  print(fmt::format("{} #{:<4} {:<12} {:<10} {}  {:<8}  {}", deployment.live ? '*' : ' ',
                    deployment.number, status, source_of(deployment),
                    deployment.created_at.substr(0, 19), identity_of(deployment),
                    deployment.error ? *deployment.error : deployment.message));
}

Task<> deployments(net::Loop& loop, Common common, DeploymentOptions options) {
  const auto limit = options.limit;
  ApiClient client(loop, co_await find_target(common.url));
  std::string cursor;
  std::uint32_t shown = 0;
  while (shown < limit) {
    const auto size = std::min(limit - shown, page_size_max);
    auto text = co_await client.call(
        "GET",
        project_path(options.project, fmt::format("/deployments?limit={}{}{}", size, cursor,
                                                  in_environment(options.environment, '&'))));
    if (common.format == Format::json) print(text);
    auto page = co_await json::decode<Page<Deployment>>(text);
    if (common.format == Format::text) {
      for (const auto& deployment : page.items) show(deployment);
    }
    shown += static_cast<std::uint32_t>(page.items.size());
    if (!page.next) {
      if (shown == 0) note("Nothing deployed yet: git push temps main");
      co_return;
    }
    cursor = "&cursor=" + percent_encoded(*page.next);
  }
  note(fmt::format("There are more: temps deployments {} --limit {}", options.project, limit * 4));
}

Task<> deploy_again(net::Loop& loop, Common common, DeploymentOptions options,
                    std::string_view how) {
  ApiClient client(loop, co_await find_target(common.url));
  std::string body;
  if (how == "/rollback") {
    const RollbackWish wish{
        options.to, options.newest_variables ? std::optional<std::string>("newest") : std::nullopt};
    body = json::encode(wish);
  }
  const auto path = fmt::format("{}{}", how, in_environment(options.environment));
  auto text = co_await client.call("POST", project_path(options.project, path), std::move(body));
  auto deployment = co_await json::decode<Deployment>(text);
  co_await follow_deployment(client, options.project, deployment.number, common.format,
                             options.environment);
  if (common.format == Format::text) print(fmt::format("#{} is live.", deployment.number));
}

}  // namespace

Result<> create_project(const Common& common, const std::string& name) {
  net::Loop loop;
  return loop.run(create(loop, common, name));
}
Result<> list_projects(const Common& common) {
  net::Loop loop;
  return loop.run(list(loop, common));
}
Result<std::vector<std::string>> project_names(const Common& common) {
  net::Loop loop;
  return loop.run(within(std::chrono::seconds(2), names(loop, common)));
}
Result<> show_project(const Common& common, const std::string& name) {
  net::Loop loop;
  return loop.run(show_one(loop, common, name));
}
Result<> set_project(const Common& common, const SettingOptions& options) {
  net::Loop loop;
  return loop.run(set(loop, common, options));
}
Result<> delete_project(const Common& common, const std::string& name,
                        const std::string& confirmation) {
  net::Loop loop;
  return loop.run(remove(loop, common, name, confirmation));
}
Result<> list_deployments(const Common& common, const DeploymentOptions& options) {
  net::Loop loop;
  return loop.run(deployments(loop, common, options));
}
Result<> roll_back(const Common& common, const DeploymentOptions& options) {
  net::Loop loop;
  return loop.run(deploy_again(loop, common, options, "/rollback"));
}
Result<> redeploy(const Common& common, const DeploymentOptions& options) {
  net::Loop loop;
  return loop.run(deploy_again(loop, common, options, "/redeploy"));
}
Result<> restart(const Common& common, const DeploymentOptions& options) {
  net::Loop loop;
  return loop.run(deploy_again(loop, common, options, "/restart"));
}

}  // namespace temps::app
