// login, logout, whoami, and git's credential helper.
#include <unistd.h>

#include <iostream>

#include "app/api_client.hpp"
#include "app/client_config.hpp"
#include "app/commands.hpp"
#include "app/device_login.hpp"
#include "app/errors.hpp"
#include "app/printed_command.hpp"
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
struct Pending {
  std::string token;
};
struct LoginAnswer {
  std::optional<std::string> token;
  std::optional<Pending> second_factor;
};
struct CodeBody {
  std::string token;
  std::string code;
};
struct Me {
  std::string email;
  std::string role;
};

Task<Secret> token_by_password(net::Loop& loop, std::string url, std::string email) {
  auto password = co_await ask_secret("Password");
  ApiClient client(loop, {url, Secret{}, client_ca_file()});
  auto answer = co_await client.post<LoginAnswer>(
      "/api/v1/sessions",
      LoginBody{.email = email, .password = password.reveal(), .device = device_name()});
  if (answer.second_factor) {
    const auto code = co_await ask("Code of your app, or a recovery code");
    answer = co_await client.post<LoginAnswer>("/api/v1/sessions/second-factor",
                                               CodeBody{answer.second_factor->token, code});
  }
  co_return Secret(answer.token.value_or(""));
}

// By a browser where nobody types an address: at a terminal, or because there is no input at all.
Task<Secret> token_for(net::Loop& loop, LoginOptions options, std::string url) {
  if (options.token_from_stdin) co_return co_await secret_from_stdin();
  if (options.by_device) co_return co_await token_by_device(loop, url);
  auto email = ask("E-mail (Return: log in by a browser)");
  if (!email || email->empty()) co_return co_await token_by_device(loop, url);
  co_return co_await token_by_password(loop, url, std::move(*email));
}

Task<> git_config(net::Loop& loop, std::vector<std::string> words) {
  std::vector<std::string> command{"git", "config", "--global"};
  command.insert(command.end(), words.begin(), words.end());
  auto environment = process::base_environment();
  if (const char* xdg = std::getenv("XDG_CONFIG_HOME")) environment["XDG_CONFIG_HOME"] = xdg;
  auto done =
      co_await process::capture(loop, {.command = command, .environment = std::move(environment)});
  if (done.exit.is_success()) co_return;
  co_await fail(errors::refused, "git config ended with {}: {}", done.exit.text(),
                trimmed(done.err));
}

// Git asks us for the token whenever it talks to this server, so no secret lies in git's own files.
// The empty line before ours takes back helpers that are set for every server: they would keep the
// token, and answer with an old one.
Task<> teach_git(net::Loop& loop, std::string url, std::string program) {
  const auto key = fmt::format("credential.{}.helper", url);
  co_await git_config(loop, {"--replace-all", key, ""});
  co_await git_config(loop, {"--add", key, credential_helper(program)});
  // A push meets the same certificate as we do.
  const auto ca_file = client_ca_file();
  if (url.starts_with("https:") && !ca_file.empty()) {
    co_await git_config(loop, {"--replace-all", fmt::format("http.{}.sslCAInfo", url), ca_file});
  }
}

void say_git_untaught(const Error& error) {
  if (error.is(process::errors::not_found)) {
    note("git was not found, so pushes will ask for a password: give an API key then.");
    note("  install git: apt-get install git, then log in again");
    return;
  }
  note(fmt::format("git could not be told to ask Temps for the token ({}).", error.detail()));
  note("  correct that and log in again; until then pushes ask for a password: give an API key");
}

// The key of the login before, which this one replaces.
Task<> revoke_former(net::Loop& loop, std::string url, KnownServer former, std::string now) {
  if (!former.issued || former.token.empty() || former.token == now) co_return;
  ApiClient client(loop, {url, Secret(former.token), client_ca_file()});
  auto ended = co_await attempt(client.call("DELETE", "/api/v1/sessions/current"));
  if (!ended && !ended.error().is(errors::not_logged_in)) {
    note(fmt::format("The API key of the login before is still valid ({}).",
                     ended.error().detail()));
  }
}

Task<> log_in(net::Loop& loop, LoginOptions options) {
  std::string url = options.url;
  while (url.ends_with('/')) url.pop_back();
  co_await http::parse_url(url);
  auto config = co_await read_client_config();
  auto token = co_await token_for(loop, options, url);
  ApiClient client(loop, {url, token, client_ca_file()});
  auto me = co_await client.get<Me>("/api/v1/me");
  const auto former = config.servers[url];
  config.current = url;
  config.servers[url] = {
      .token = token.reveal(), .email = me.email, .issued = !options.token_from_stdin};
  co_await write_client_config(config);
  co_await revoke_former(loop, url, former, token.reveal());
  print(fmt::format("Logged in at {} as {} ({}).", url, me.email, me.role));
  auto taught = co_await attempt(teach_git(loop, url, options.program));
  if (!taught) say_git_untaught(taught.error());
}

Task<> log_out(net::Loop& loop, Common common) {
  auto target = co_await find_target(common.url);
  ApiClient client(loop, target);
  auto config = co_await read_client_config();
  // A key that the user gave to us is theirs to revoke.
  auto ended = Result<>{};
  if (config.servers[target.url].issued) {
    if (auto told = co_await attempt(client.call("DELETE", "/api/v1/sessions/current")); !told) {
      ended = std::unexpected(told.error());
    }
  }
  config.servers.erase(target.url);
  if (config.current == target.url) config.current.clear();
  co_await write_client_config(config);
  if (!ended) note(fmt::format("The server was not told ({}).", ended.error().detail()));
  done(common.format, fmt::format("Logged out of {}.", target.url));
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

std::string credential_helper(const std::string& program) {
  return fmt::format("!{} git-credential", shell_word(program));
}

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
