// `temps demo`: the first app in the browser, without a checkout of one's own.
#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/layout.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "process/process.hpp"

namespace temps::app {

namespace {

constexpr std::string_view project = "hello-node";

constexpr char package_json[] = {
#embed "../../examples/hello-node/package.json"
    , '\0'};
constexpr char server_js[] = {
#embed "../../examples/hello-node/server.js"
    , '\0'};

struct NewProject {
  std::string name;
};
struct Project {
  std::string address;
};

// Whoever may read the data folder may also act, with the token that `serve` left there.
Result<Target> local_target(const std::string& data_folder) {
  const Layout layout{data_folder};
  auto token = files::read(layout.local_token());
  auto console = files::read(layout.console_url());
  if (!token || !console) {
    return fail(errors::not_logged_in,
                "not logged in, and Temps does not run on {}; start it with: temps up, or log in: "
                "temps login http://localhost:8080",
                data_folder);
  }
  return Target{std::string(trimmed(*console)), Secret(std::string(trimmed(*token)))};
}

Task<> git(net::Loop& loop, std::filesystem::path folder, std::vector<std::string> words,
           std::map<std::string, std::string> more = {}) {
  std::vector<std::string> command{"git", "-C", folder.string()};
  command.insert(command.end(), words.begin(), words.end());
  auto environment = process::base_environment();
  environment["GIT_CONFIG_NOSYSTEM"] = "1";
  environment["GIT_TERMINAL_PROMPT"] = "0";
  environment.merge(more);
  auto child = co_await process::Child::start(loop, {.command = command,
                                                     .environment = environment,
                                                     .out = process::Output::inherit,
                                                     .err = process::Output::inherit});
  const auto exit = co_await child.wait();
  if (!exit.is_success())
    co_await fail(errors::unhealthy, "git {}: {}", words.front(), exit.text());
}

Task<> push(net::Loop& loop, Target target) {
  const files::TemporaryFolder folder;
  const auto& path = folder.path();
  co_await files::write_atomically(path / "package.json", package_json);
  co_await files::write_atomically(path / "server.js", server_js);
  co_await git(loop, path, {"init", "--quiet", "--initial-branch=main"});
  co_await git(loop, path, {"add", "."});
  co_await git(loop, path,
               {"-c", "user.name=Temps", "-c", "user.email=demo@localhost", "commit", "--quiet",
                "--message", "Hello from Temps"});
  // By environment, so that the token is in nobody's list of processes.
  const auto credentials = to_base64("temps:" + target.token.reveal());
  co_await git(loop, path,
               {"push", "--force", fmt::format("{}/git/{}.git", target.url, project), "main"},
               {{"GIT_CONFIG_COUNT", "1"},
                {"GIT_CONFIG_KEY_0", "http.extraHeader"},
                {"GIT_CONFIG_VALUE_0", "Authorization: Basic " + credentials}});
}

Task<> run(net::Loop& loop, Common common, std::string data_folder) {
  auto known = find_target(common.url);
  auto target = known ? std::move(*known) : co_await local_target(data_folder);
  ApiClient client(loop, target);
  const auto path = fmt::format("/api/v1/projects/{}", project);
  if (!co_await attempt(client.call("GET", path))) {
    co_await client.call("POST", "/api/v1/projects",
                         json::encode(NewProject{std::string(project)}));
  }
  note("Deploying examples/hello-node by git push:");
  co_await push(loop, target);
  auto shown = co_await client.get<Project>(path);
  print(fmt::format("The demo is live: {}", shown.address));
}

}  // namespace

Result<> demo(const Common& common, const std::string& data_folder) {
  net::Loop loop;
  return loop.run(run(loop, common, data_folder));
}

}  // namespace temps::app
