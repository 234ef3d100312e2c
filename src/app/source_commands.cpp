#include "app/source_commands.hpp"

#include "app/api_client.hpp"
#include "app/begun_deployment.hpp"
#include "app/errors.hpp"
#include "app/folder_target.hpp"
#include "app/follow.hpp"
#include "app/project_link.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"

namespace temps::app {

namespace {

struct Source {
  std::string url;
  std::string branch;
  std::string credential;
  std::optional<std::string> public_key;
};
struct SourceWish {
  std::string url;
  std::optional<std::string> branch;
  std::optional<std::string> user;
  std::optional<std::string> token;
  std::optional<bool> forget_token;
};
struct Check {
  std::vector<std::string> branches;
  std::optional<std::string> standard;
  std::string branch;
  bool has_branch;
};
struct NewProject {
  std::string name;
};
struct Registry {
  std::string host;
  std::string user;
};
struct Registries {
  std::vector<Registry> items;
};
struct RegistryWish {
  std::string host;
  std::string user;
  std::string password;
};
struct ImageWish {
  std::string image;
};
struct Deployment {
  std::int64_t number;
};

std::optional<std::string> if_given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

void show(const Source& source) {
  print(fmt::format("Repository  {}", source.url));
  print(fmt::format("Branch      {}", source.branch));
  const bool has_key = source.public_key.has_value();
  print(fmt::format("Credential  {}", has_key                        ? "a deploy key"
                                      : source.credential == "token" ? "a token"
                                                                     : "none"));
  if (!has_key) return;
  print(*source.public_key);
  note("Add this line to the repository as a deploy key that may read.");
}

Task<std::string> put(ApiClient& client, const SourceOptions& options) {
  SourceWish wish{
      .url = options.url, .branch = if_given(options.branch), .user = if_given(options.user)};
  if (options.token_from_stdin) wish.token = (co_await secret_from_stdin()).reveal();
  if (options.forgets_token) wish.forget_token = true;
  co_return co_await client.call("PUT", project_path(options.project, "/source"),
                                 json::encode(wish));
}

// What is wrong with it is told, and what to do; the project has it all the same.
Task<> look(ApiClient& client, const std::string& project) {
  const auto found = co_await client.post<Check>(project_path(project, "/source/check"),
                                                 std::map<std::string, std::string>{});
  if (found.has_branch) {
    note(fmt::format("It can be read, and has the branch {}.", found.branch));
    note(fmt::format("Deploy it with: temps deploy --project {} --from-repository", project));
    co_return;
  }
  note(fmt::format("It can be read, but has no branch {}; it has: {}", found.branch,
                   join(found.branches, ", ")));
  note(fmt::format("Choose one with: temps project set {} branch=NAME", project));
}

// `next` is the command that comes once the deploy key is where it belongs.
Task<> put_and_show(ApiClient& client, Common common, SourceOptions options, std::string next) {
  const auto text = co_await put(client, options);
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto source = co_await json::decode<Source>(text);
  show(source);
  if (!source.public_key) co_return co_await look(client, options.project);
  note("Then: temps " + next);
}

Task<> set(net::Loop& loop, Common common, SourceOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await put_and_show(client, common, options, "source check " + options.project);
}

Task<> create(net::Loop& loop, Common common, SourceOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text =
      co_await client.call("POST", "/api/v1/projects", json::encode(NewProject{options.project}));
  if (common.format == Format::text) {
    const auto project = co_await json::decode<ProjectView>(text);
    print(fmt::format("Created {}. It will be at {}", project.name, project.address));
  }
  co_await put_and_show(client, common, options,
                        fmt::format("deploy --project {} --from-repository", options.project));
}

Task<> get(net::Loop& loop, Common common, SourceOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", project_path(options.project, "/source"));
  if (common.format == Format::json) {
    print(text);
  } else {
    show(co_await json::decode<Source>(text));
  }
}

Task<> check(net::Loop& loop, Common common, SourceOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("POST", project_path(options.project, "/source/check"));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto found = co_await json::decode<Check>(text);
  for (const auto& branch : found.branches) {
    print(fmt::format("{} {}", branch == found.branch ? '*' : ' ', branch));
  }
  if (found.has_branch) co_return;
  note(
      fmt::format("There is no branch {}, which {} deploys; choose one with: temps project set {} "
                  "branch=NAME",
                  found.branch, options.project, options.project));
}

Task<> renew(net::Loop& loop, Common common, SourceOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text =
      co_await client.call("POST", project_path(options.project, "/source/deploy-key"));
  if (common.format == Format::json) {
    print(text);
  } else {
    show(co_await json::decode<Source>(text));
  }
}

Task<> remove(net::Loop& loop, Common common, SourceOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call("DELETE", project_path(options.project, "/source"));
  done(common.format, fmt::format("{} has no repository elsewhere any more.", options.project));
}

Task<> add_registry(net::Loop& loop, Common common, RegistryOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto password = options.password_from_stdin ? co_await secret_from_stdin()
                                                    : co_await ask_secret("Password or token: ");
  const RegistryWish wish{options.host, options.user, password.reveal()};
  const auto text =
      co_await client.call("PUT", project_path(options.project, "/registries"), json::encode(wish));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto set = co_await json::decode<Registry>(text);
  print(fmt::format("{} pulls from {} as {}.", options.project, set.host, set.user));
}

Task<> registries(net::Loop& loop, Common common, RegistryOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  const auto text = co_await client.call("GET", project_path(options.project, "/registries"));
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  const auto all = co_await json::decode<Registries>(text);
  for (const auto& one : all.items) print(fmt::format("{:<32} {}", one.host, one.user));
  if (all.items.empty()) note("None: only public images are pulled.");
}

Task<> forget_registry(net::Loop& loop, Common common, RegistryOptions options) {
  ApiClient client(loop, co_await find_target(common.url));
  co_await client.call(
      "DELETE", project_path(options.project, "/registries/" + percent_encoded(options.host)));
  done(common.format, fmt::format("Removed {}.", options.host));
}

Task<> deploy(net::Loop& loop, DeployOptions options) {
  co_await wait_limit(options);
  const auto link = co_await read_link(options.folder);
  ApiClient client(loop, co_await folder_server(options.common, link));
  if (options.project.empty() && link) options.project = link->project;
  if (options.project.empty()) co_await fail(errors::usage, "name the project: --project NAME");
  const auto project = co_await known_project(client, options.project);
  const auto in = in_environment(options.environment);
  const bool is_image = !options.image.empty();
  const auto text = co_await client.call(
      "POST",
      project_path(project.name,
                   (is_image ? "/deployments/image" : "/deployments/repository") + in),
      is_image ? json::encode(ImageWish{options.image}) : std::string{});
  const auto deployment = co_await json::decode<Deployment>(text);
  co_await see_through(loop, client, options, project, deployment.number);
}

template <class Options>
Result<> run(Task<> (*command)(net::Loop&, Common, Options), const Common& common,
             const Options& options) {
  net::Loop loop;
  return loop.run(command(loop, common, options));
}

}  // namespace

Result<> set_source(const Common& common, const SourceOptions& options) {
  return run(set, common, options);
}
Result<> show_source(const Common& common, const SourceOptions& options) {
  return run(get, common, options);
}
Result<> check_source(const Common& common, const SourceOptions& options) {
  return run(check, common, options);
}
Result<> renew_deploy_key(const Common& common, const SourceOptions& options) {
  return run(renew, common, options);
}
Result<> remove_source(const Common& common, const SourceOptions& options) {
  return run(remove, common, options);
}
Result<> create_from_repository(const Common& common, const SourceOptions& options) {
  return run(create, common, options);
}
Result<> set_registry(const Common& common, const RegistryOptions& options) {
  return run(add_registry, common, options);
}
Result<> list_registries(const Common& common, const RegistryOptions& options) {
  return run(registries, common, options);
}
Result<> remove_registry(const Common& common, const RegistryOptions& options) {
  return run(forget_registry, common, options);
}

Result<> deploy_elsewhere(const DeployOptions& options) {
  net::Loop loop;
  return loop.run(deploy(loop, options));
}

}  // namespace temps::app
