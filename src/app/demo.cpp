// `temps demo`: the first app in the browser, without a checkout of one's own.
#include "app/api_client.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/local_target.hpp"
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

// By it we know our own commits again.
constexpr std::string_view author = "demo@localhost";

// A git repository of our own, in a folder that goes with it, and the project to push to.
struct Checkout {
  net::Loop& loop;
  std::filesystem::path folder;
  std::string remote;
  // By environment, so that the token is in nobody's list of processes.
  std::map<std::string, std::string> environment;
};

std::map<std::string, std::string> git_environment(const Target& target) {
  auto environment = process::base_environment();
  environment["GIT_CONFIG_NOSYSTEM"] = "1";
  environment["GIT_TERMINAL_PROMPT"] = "0";
  environment["GIT_CONFIG_COUNT"] = "1";
  environment["GIT_CONFIG_KEY_0"] = "http.extraHeader";
  environment["GIT_CONFIG_VALUE_0"] =
      "Authorization: Basic " + to_base64("temps:" + target.token.reveal());
  return environment;
}

std::vector<std::string> git_command(const Checkout& checkout, std::vector<std::string> words) {
  words.insert(words.begin(), {"git", "-C", checkout.folder.string()});
  return words;
}

Task<> git(const Checkout& checkout, std::vector<std::string> words) {
  const auto what = words.front();
  auto child = co_await process::Child::start(checkout.loop,
                                              {.command = git_command(checkout, std::move(words)),
                                               .environment = checkout.environment,
                                               .out = process::Output::inherit,
                                               .err = process::Output::inherit});
  const auto exit = co_await child.wait();
  if (!exit.is_success()) co_await fail(errors::unhealthy, "git {}: {}", what, exit.text());
}

Task<std::string> git_says(const Checkout& checkout, std::vector<std::string> words) {
  const auto what = words.front();
  auto done = co_await process::capture(
      checkout.loop,
      {.command = git_command(checkout, std::move(words)), .environment = checkout.environment});
  if (!done.exit.is_success()) {
    co_await fail(errors::refused, "git {}: {} ({})", what, trimmed(done.err), done.exit.text());
  }
  co_return std::string(trimmed(done.out));
}

// The commit that an earlier demo has left there, or nothing. Fails where somebody else has pushed:
// theirs must not be replaced.
Task<std::string> former_commit(const Checkout& checkout) {
  const auto listed =
      co_await git_says(checkout, {"ls-remote", checkout.remote, "refs/heads/main"});
  if (listed.empty()) co_return std::string{};
  co_await git_says(checkout, {"fetch", "--quiet", checkout.remote, "refs/heads/main"});
  const auto authors = co_await git_says(checkout, {"log", "--format=%ae", "FETCH_HEAD"});
  for (const auto one : split(authors, '\n')) {
    if (one == author) continue;
    co_await fail(errors::refused,
                  "the project {} holds commits of somebody else ({}), so it is left as it is; for "
                  "the demo delete it first: temps project delete {}",
                  project, one, project);
  }
  co_return std::string(cut(replaced(listed, "\t", " "), " ").first);
}

Task<> push(net::Loop& loop, Target target) {
  const files::TemporaryFolder folder;
  const Checkout checkout{.loop = loop,
                          .folder = folder.path(),
                          .remote = fmt::format("{}/git/{}.git", target.url, project),
                          .environment = git_environment(target)};
  co_await files::write_atomically(checkout.folder / "package.json", package_json);
  co_await files::write_atomically(checkout.folder / "server.js", server_js);
  co_await git(checkout, {"init", "--quiet", "--initial-branch=main"});
  const auto former = co_await former_commit(checkout);
  co_await git(checkout, {"add", "."});
  co_await git(checkout, {"-c", "user.name=Temps", "-c", fmt::format("user.email={}", author),
                          "commit", "--quiet", "--message", "Hello from Temps"});
  note("Deploying examples/hello-node by git push:");
  co_await git(checkout, {"push", fmt::format("--force-with-lease=main:{}", former),
                          checkout.remote, "main"});
}

Task<Target> target_of(DemoOptions options) {
  // A data folder that was named means the server there, wherever the last login was.
  if (options.common.url.empty() && options.data_folder_named) {
    co_return co_await local_target(options.data_folder);
  }
  auto known = find_target(options.common.url);
  if (known) co_return std::move(*known);
  co_return co_await local_target(options.data_folder);
}

Task<> run(net::Loop& loop, DemoOptions options) {
  auto target = co_await target_of(options);
  ApiClient client(loop, target);
  const auto path = fmt::format("/api/v1/projects/{}", project);
  auto found = co_await attempt(client.call("GET", path));
  if (!found && !found.error().is(errors::not_there)) co_await fail(found.error());
  if (!found) {
    co_await client.call("POST", "/api/v1/projects",
                         json::encode(NewProject{std::string(project)}));
  }
  co_await push(loop, target);
  auto shown = co_await client.get<Project>(path);
  print(fmt::format("The demo is live: {}", shown.address));
}

}  // namespace

Result<> demo(const DemoOptions& options) {
  net::Loop loop;
  return loop.run(run(loop, options));
}

}  // namespace temps::app
