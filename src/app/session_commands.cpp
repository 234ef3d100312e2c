// login, logout, whoami, and git's credential helper.
#include <unistd.h>

#include <array>
#include <iostream>

#include "app/api_client.hpp"
#include "app/client_config.hpp"
#include "app/commands.hpp"
#include "app/errors.hpp"
#include "app/terminal.hpp"
#include "core/text.hpp"
#include "process/process.hpp"

namespace temps::app {

namespace {

struct LoginBody {
  std::string email;
  std::string password;
  bool token = true;
  std::string device;
};
struct LoginAnswer {
  std::string token;
};
struct Me {
  std::string email;
  std::string role;
};

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

Task<Secret> token_for(net::Loop& loop, std::string url) {
  auto email = co_await ask("E-mail");
  auto password = co_await ask_secret("Password");
  ApiClient client(loop, {url, Secret{}, client_ca_file()});
  auto answer = co_await client.post<LoginAnswer>(
      "/api/v1/sessions",
      LoginBody{.email = email, .password = password.reveal(), .device = "CLI on " + host_name()});
  co_return Secret(answer.token);
}

Task<bool> set_in_git(net::Loop& loop, std::string key, std::string value) {
  auto environment = process::base_environment();
  if (const char* xdg = std::getenv("XDG_CONFIG_HOME")) environment["XDG_CONFIG_HOME"] = xdg;
  auto done = co_await attempt(
      process::capture(loop, {.command = {"git", "config", "--global", "--replace-all", key, value},
                              .environment = environment}));
  co_return done && done->exit.is_success();
}

// Git asks us for the token whenever it talks to this server, so no secret lies in git's own files.
Task<bool> teach_git(net::Loop& loop, std::string url, std::string program) {
  auto taught = co_await set_in_git(loop, fmt::format("credential.{}.helper", url),
                                    fmt::format("!'{}' git-credential", program));
  // A push meets the same certificate as we do.
  const auto ca_file = client_ca_file();
  if (taught && url.starts_with("https:") && !ca_file.empty()) {
    taught = co_await set_in_git(loop, fmt::format("http.{}.sslCAInfo", url), ca_file);
  }
  co_return taught;
}

Task<> log_in(net::Loop& loop, LoginOptions options) {
  std::string url = options.url;
  while (url.ends_with('/')) url.pop_back();
  co_await http::parse_url(url);
  auto config = co_await read_client_config();
  auto token =
      options.token_from_stdin ? co_await secret_from_stdin() : co_await token_for(loop, url);
  ApiClient client(loop, {url, token, client_ca_file()});
  auto me = co_await client.get<Me>("/api/v1/me");
  config.current = url;
  config.servers[url] = {.token = token.reveal(), .email = me.email};
  co_await write_client_config(config);
  print(fmt::format("Logged in at {} as {} ({}).", url, me.email, me.role));
  if (!co_await teach_git(loop, url, options.program)) {
    note("git was not found, so pushes will ask for a password: give an API key then.");
    note("  install git: apt-get install git, then log in again");
  }
}

Task<> log_out(net::Loop& loop, Common common) {
  auto target = co_await find_target(common.url);
  ApiClient client(loop, target);
  auto ended = co_await attempt(client.call("DELETE", "/api/v1/sessions/current"));
  auto config = co_await read_client_config();
  config.servers.erase(target.url);
  if (config.current == target.url) config.current.clear();
  co_await write_client_config(config);
  if (!ended) note(fmt::format("The server was not told ({}).", ended.error().detail()));
  print(fmt::format("Logged out of {}.", target.url));
}

Task<> show_me(net::Loop& loop, Common common) {
  ApiClient client(loop, co_await find_target(common.url));
  auto text = co_await client.call("GET", "/api/v1/me");
  if (common.format == Format::json) {
    print(text);
    co_return;
  }
  auto me = co_await json::decode<Me>(text);
  print(fmt::format("{} ({}) at {}", me.email, me.role, client.target().url));
}

}  // namespace

Result<> login(const LoginOptions& options) {
  net::Loop loop;
  return loop.run(log_in(loop, options));
}

Result<> logout(const Common& common) {
  net::Loop loop;
  return loop.run(log_out(loop, common));
}

Result<> who_am_i(const Common& common) {
  net::Loop loop;
  return loop.run(show_me(loop, common));
}

Result<> git_credential(const std::string& action) {
  if (action != "get")
    return {};  // what is stored or erased is for `temps login` and `temps logout`
  std::string protocol;
  std::string host;
  std::string line;
  while (std::getline(std::cin, line) && !line.empty()) {
    const auto [key, value] = cut(line, "=");
    if (key == "protocol") protocol = value;
    if (key == "host") host = value;
  }
  auto target = find_target(fmt::format("{}://{}", protocol, host));
  if (!target) return fail(target.error());
  print(fmt::format("username=temps\npassword={}", target->token.reveal()));
  return {};
}

}  // namespace temps::app
