#include "system/world.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "core/text.hpp"
#include "json/json.hpp"
#include "net/socket.hpp"
#include "system/engine.hpp"
#include "system/processes.hpp"

extern char** environ;

namespace temps::e2e {

namespace {

namespace fs = std::filesystem;

constexpr auto ready_time = 60s;
constexpr std::size_t shown_bytes = 6000;  // of each log, when a test fails

// That of whoever runs the test, but with a home of its own and nothing that steers Temps or git.
Variables own_environment(const fs::path& home) {
  Variables variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const auto [name, value] = cut(*entry, "=");
    const bool steers = name.starts_with("TEMPS_") || name.starts_with("XDG_") ||
                        name.starts_with("GIT_CONFIG") || name.starts_with("GTEST_");
    if (!steers) variables[std::string(name)] = value;
  }
  variables["HOME"] = home.string();
  variables["GIT_TERMINAL_PROMPT"] = "0";
  variables["LC_ALL"] = "C.UTF-8";
  return variables;
}

struct Items {
  std::vector<Deployment> items;
};

struct KnownServer {
  std::string token;
};
struct ClientConfig {
  std::map<std::string, KnownServer> servers;
};

std::string tail(const std::string& text) {
  return text.size() <= shown_bytes ? text : "…" + text.substr(text.size() - shown_bytes);
}

}  // namespace

std::string temps_binary() {
  if (const char* named = std::getenv("TEMPS_BINARY")) return fs::absolute(named).string();
  const fs::path release = fs::path(TEMPS_SOURCE_DIR) / "build/release/temps";
  return fs::exists(release) ? release.string() : TEMPS_DEV_BINARY;
}

std::string example(std::string_view name) {
  return (fs::path(TEMPS_SOURCE_DIR) / "examples" / name).string();
}

bool Deployment::has_ended() const {
  static constexpr std::string_view running[] = {"queued", "building", "starting", "checking"};
  return !status.empty() && std::ranges::find(running, status) == std::end(running);
}

World::World(Options options) : options_(std::move(options)) {
  // Apps run under users of their own and must be able to pass.
  fs::permissions(folder(), fs::perms(0755));
  fs::create_directories(folder() / "home");
  data_ = options_.data.empty() ? folder() / "data" : fs::path(options_.data);
  port_ = net::free_port().value_or(0);
  secrets_.emplace_back(password);
}

World::~World() {
  if (::testing::UnitTest::GetInstance()->Failed()) show_logs();
  stop();
  end_leftovers();
  if (const auto id = installation(); options_.runtime == "docker" && !id.empty()) {
    clear_engine(loop_, id);
  }
  check_secrets();
}

std::string World::url() const { return fmt::format("http://localhost:{}", port_); }
std::string World::host(std::string_view project) const {
  return fmt::format("{}.localhost:{}", project, port_);
}
std::string World::installation() const {
  return std::string(trimmed(content(data_ / "installation-id")));
}
std::string World::printed() const {
  return content(folder() / "up.out") + content(folder() / "up.err");
}

bool World::start() {
  auto wanted = call({temps_binary(), "up", "--data-dir", data_.string(), "--listen",
                      fmt::format("127.0.0.1:{}", port_), "--runtime", options_.runtime});
  for (const auto& word : options_.words) wanted.command.push_back(word);
  for (const auto& [name, value] : options_.variables) wanted.environment[name] = value;
  // What an earlier life of this world printed stays in the transcript.
  note("temps up (former)", printed());
  fs::remove(folder() / "up.out");
  fs::remove(folder() / "up.err");
  up_.emplace(loop_, std::move(wanted),
              Background::Files{folder() / "up.out", folder() / "up.err"});
  return up_->says("Temps is ready at", ready_time);
}

void World::stop() {
  if (!up_) return;
  if (!up_->has_exited()) {
    up_->signal(SIGTERM);
    EXPECT_EQ(up_->wait(90s), 0) << "temps up does not stop as it should\n" << tail(printed());
  }
  up_.reset();
}

void World::kill_everything() {
  const auto id = installation();
  if (up_) {
    for (const auto& process : descendants(up_->pid())) ::kill(process.pid, SIGKILL);
    up_->signal(SIGKILL);
    up_->wait(10s);
    up_.reset();
  }
  end_leftovers();
  if (options_.runtime == "docker" && !id.empty()) kill_containers(loop_, id);
}

int World::pid_of(std::string_view part) {
  if (!up_) return 0;
  const auto words =
      part == "postgres" ? std::string(part) : fmt::format("{} {}", temps_binary(), part);
  return descendant(up_->pid(), words);
}

void World::kill_part(std::string_view part) {
  const int pid = pid_of(part);
  ASSERT_NE(pid, 0) << part << " does not run";
  ::kill(pid, SIGKILL);
}

void World::make_owner() {
  const auto made = temps({"admin", "create", "--data-dir", data_.string(), "--email",
                           std::string(email), "--password-stdin"},
                          fmt::format("{}\n", password));
  ASSERT_EQ(made.code, 0) << made.all();
  const auto logged_in = temps({"login", url()}, fmt::format("{}\n{}\n", email, password));
  ASSERT_EQ(logged_in.code, 0) << logged_in.all();
  auto config = json::decode<ClientConfig>(content(folder() / "home/.config/temps/config.json"));
  ASSERT_TRUE(config && config->servers.contains(url())) << "no token after temps login";
  token_ = config->servers[url()].token;
  keep_secret(token_);
}

Call World::call(Words command, std::string folder_of_call) const {
  return {.command = std::move(command),
          .environment = own_environment(folder() / "home"),
          .folder = std::move(folder_of_call)};
}

Outcome World::temps(Words words, std::string input) {
  words.insert(words.begin(), temps_binary());
  return run(std::move(words), folder().string(), std::move(input));
}

Outcome World::run(Words command, std::string folder_of_call, std::string input) {
  auto wanted = call(command, std::move(folder_of_call));
  wanted.input = std::move(input);
  auto outcome = e2e::run(loop_, std::move(wanted));
  note(join(command, " "), outcome.all());
  return outcome;
}

Background World::begin(Words command, const std::string& name, std::string folder_of_call) {
  return {loop_, call(std::move(command), std::move(folder_of_call)),
          Background::Files{folder() / (name + ".out"), folder() / (name + ".err")}};
}

Answer World::visit(std::string_view project, std::string target) {
  return fetch(loop_, port_, {.target = std::move(target), .host = host(project)});
}

Answer World::api(std::string method, std::string target, std::string body) {
  Ask ask{.method = std::move(method),
          .target = std::move(target),
          .host = fmt::format("localhost:{}", port_),
          .body = std::move(body)};
  if (!token_.empty()) ask.fields.push_back("Authorization: Bearer " + token_);
  if (!ask.body.empty()) ask.fields.emplace_back("Content-Type: application/json");
  return fetch(loop_, port_, std::move(ask));
}

std::vector<Deployment> World::deployments(const std::string& project) {
  const auto answer = api("GET", fmt::format("/api/v1/projects/{}/deployments", project));
  auto page = json::decode<Items>(answer.body, {.missing = json::Missing::default_value});
  return page ? std::move(page->items) : std::vector<Deployment>{};
}

Deployment World::newest(const std::string& project) {
  auto all = deployments(project);
  return all.empty() ? Deployment{} : std::move(all.front());
}

Deployment World::ended(const std::string& project, std::chrono::seconds limit) {
  Deployment last;
  eventually(
      loop_,
      [&] {
        last = newest(project);
        return last.has_ended();
      },
      limit);
  return last;
}

void World::keep_secret(std::string text) { secrets_.push_back(std::move(text)); }

void World::note(std::string_view what, std::string_view text) {
  std::ofstream(folder() / "transcript", std::ios::app) << "$ " << what << "\n" << text << "\n";
}

// Apps of the process runtime outlive their parents, and so does a database whose parent was
// killed.
void World::end_leftovers() {
  for (int round = 0; round < 20; ++round) {
    const auto left = processes_in(folder().string() + "/data");
    if (left.empty()) break;
    for (const auto& process : left) ::kill(process.pid, SIGKILL);
    (void)loop_.run(temps::sleep(50ms));
  }
}

// Passwords and tokens may lie in the client's own file, which only the user can read, in the files
// of the running server, and nowhere else.
void World::check_secrets() {
  const std::vector<fs::path> allowed{folder() / "home/.config/temps/config.json",
                                      data_ / "run/setup-link", data_ / "run/local-token",
                                      folder() / "up.out"};
  std::error_code ignored;
  fs::recursive_directory_iterator entry(folder(), fs::directory_options::skip_permission_denied,
                                         ignored);
  for (; entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
    if (!entry->is_regular_file(ignored) || entry->is_symlink(ignored)) continue;
    if (entry->file_size(ignored) > (64U << 20U)) continue;
    if (std::ranges::find(allowed, entry->path()) != allowed.end()) continue;
    // What the process runtime starts an app from.
    if (entry->path().parent_path().parent_path() == data_ / "instances" &&
        entry->path().filename() == "spec.json") {
      continue;
    }
    const auto text = content(entry->path());
    for (const auto& secret : secrets_) {
      EXPECT_EQ(text.find(secret), std::string::npos)
          << entry->path() << " holds the secret " << secret;
    }
  }
}

void World::show_logs() {
  fmt::print("--- temps up\n{}\n--- transcript\n{}\n", tail(printed()),
             tail(content(folder() / "transcript")));
}

}  // namespace temps::e2e
