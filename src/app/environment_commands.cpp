// temps environment, and temps status of one.
#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

struct Deployment {
  std::int64_t number;
  std::string status;
  std::string message;
  std::optional<std::string> error;
};
struct Environment {
  std::string name;
  std::string branch;
  std::string address;
  std::string status;
  std::int64_t variables;
  std::optional<Deployment> live;
  std::optional<Deployment> latest;
  std::optional<std::string> warning;
};
struct Page {
  std::vector<Environment> items;
};
struct NewEnvironment {
  std::string name;
  std::optional<std::string> branch;
};

std::string path_of(const EnvironmentOptions& options, bool one = true) {
  auto path = fmt::format("/api/v1/projects/{}/environments", percent_encoded(options.project));
  if (one) path += "/" + percent_encoded(options.name);
  return path;
}

Task<> list(net::Loop& loop, Common common, EnvironmentOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", path_of(options, false));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  for (const auto& one : (co_await json::decode<Page>(text)).items) {
    print(fmt::format("{:<22} {:<20} {:<12} {}", one.name, one.branch, one.status, one.address));
  }
}

Task<> show(net::Loop& loop, Common common, EnvironmentOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", path_of(options));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto one = co_await json::decode<Environment>(text);
  print(fmt::format("Name        {} ({})", options.project, one.name));
  print(fmt::format("Address     {}", one.address));
  print(fmt::format("Branch      {}", one.branch));
  print(fmt::format("Status      {}", one.status));
  if (one.variables > 0) print(fmt::format("Variables   version {}", one.variables));
  if (one.warning) print(fmt::format("Warning     {}", *one.warning));
  if (one.live) print(fmt::format("Live        #{} {}", one.live->number, one.live->message));
  if (one.latest && (!one.live || one.latest->number != one.live->number)) {
    print(fmt::format("Latest      #{} {}{}", one.latest->number, one.latest->status,
                      one.latest->error ? ": " + *one.latest->error : ""));
  }
  if (!one.latest) note(fmt::format("Nothing deployed yet: git push temps {}", one.branch));
}

Task<> create(net::Loop& loop, Common common, EnvironmentOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const NewEnvironment wanted{
      options.name, options.branch.empty() ? std::nullopt : std::optional(options.branch)};
  const auto text = co_await client.call("POST", path_of(options, false), json::encode(wanted));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto made = co_await json::decode<Environment>(text);
  print(fmt::format("Created {}. It will be at {}", made.name, made.address));
  note(
      fmt::format("It has production's settings and none of its variables: temps env list {} "
                  "--environment {}",
                  options.project, made.name));
  note(
      fmt::format("Deploy with: git push temps {}; where that branch was pushed before: temps "
                  "redeploy {} --environment {}",
                  made.branch, options.project, made.name));
}

Task<> remove(net::Loop& loop, Common common, EnvironmentOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  if (options.confirmation.empty()) {
    note(
        fmt::format("This stops {} of {} and deletes its releases, variables, domains and logs "
                    "for good.",
                    options.name, options.project));
    options.confirmation = co_await ask("Type the environment's name to confirm");
  }
  if (options.confirmation != options.name) {
    co_await fail(errors::usage, "not confirmed; nothing was deleted");
  }
  co_await client.call("DELETE", path_of(options));
  print(fmt::format("Deleted {}.", options.name));
}

}  // namespace

Result<> list_environments(const Common& common, const EnvironmentOptions& options) {
  net::Loop loop;
  return loop.run(list(loop, common, options));
}
Result<> show_environment(const Common& common, const EnvironmentOptions& options) {
  net::Loop loop;
  return loop.run(show(loop, common, options));
}
Result<> create_environment(const Common& common, const EnvironmentOptions& options) {
  net::Loop loop;
  return loop.run(create(loop, common, options));
}
Result<> delete_environment(const Common& common, const EnvironmentOptions& options) {
  net::Loop loop;
  return loop.run(remove(loop, common, options));
}

}  // namespace temps::app
