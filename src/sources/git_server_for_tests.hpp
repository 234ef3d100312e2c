// For tests: a git server of another machine, on loopback: git http-backend behind our HTTP server,
// and a checkout to commit to it.
#pragma once
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "files/files.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "net/socket.hpp"
#include "process/process.hpp"

namespace temps::sources {

class GitServerForTests final : http::Authenticator {
 public:
  explicit GitServerForTests(net::Loop& loop)
      : loop_(loop), server_(loop, router_, *this), group_(loop) {
    for (const auto* method : {"GET", "POST"}) {
      router_.raw(method, "/{rest...}", permissions::open,
                  [this](http::Request& request) { return serve(request); });
    }
    auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
    port = listener->address().port;
    group_.start("git server", server_.serve(std::move(*listener)));
  }
  Task<> close() { return group_.close(); }

  std::uint16_t port = 0;
  std::string wanted;             // of the header Authorization; empty: open to everyone
  std::string redirect;           // where every request is sent
  std::vector<std::string> seen;  // the headers Authorization that came, empty ones too
  files::TemporaryFolder folder;  // of bare repositories

  [[nodiscard]] std::string url(const std::string& name) const {
    return fmt::format("http://127.0.0.1:{}/{}.git", port, name);
  }
  Task<std::string> git(std::filesystem::path where, std::vector<std::string> arguments) {
    std::vector<std::string> command{"git", "-C", where.string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    auto done = co_await process::capture(loop_, {.command = command, .environment = variables()});
    EXPECT_TRUE(done.exit.is_success()) << done.err;
    co_return std::string(trimmed(done.out));
  }
  // Commits the files on a branch of a repository here, which is made where it is missing; yields
  // the commit's id.
  Task<std::string> commit(std::string name, std::string branch,
                           std::map<std::string, std::string> tree, std::string message) {
    const auto bare = folder.path() / (name + ".git");
    const auto checkout = folder.path() / (name + "-checkout");
    if (!std::filesystem::exists(bare)) {
      co_await files::make_folder(bare);
      co_await files::make_folder(checkout);
      co_await git(bare, {"init", "--quiet", "--bare", "--initial-branch=main"});
      co_await git(checkout, {"init", "--quiet", "--initial-branch=" + branch});
    }
    co_await git(checkout, {"checkout", "--quiet", "-B", branch});
    for (const auto& [path, text] : tree) {
      co_await files::make_folder((checkout / path).parent_path());
      co_await files::write_atomically(checkout / path, text);
    }
    co_await git(checkout, {"add", "--all"});
    co_await git(checkout, {"commit", "--quiet", "--allow-empty", "--message", message});
    co_await git(checkout, {"push", "--quiet", "--force", bare.string(), branch});
    co_return co_await git(checkout, {"rev-parse", "HEAD"});
  }

 private:
  static std::map<std::string, std::string> variables() {
    auto all = process::base_environment();
    all["GIT_CONFIG_NOSYSTEM"] = "1";
    all["GIT_CONFIG_GLOBAL"] = "/dev/null";
    for (const auto* who : {"AUTHOR", "COMMITTER"}) {
      all[fmt::format("GIT_{}_NAME", who)] = "A";
      all[fmt::format("GIT_{}_EMAIL", who)] = "a@example.org";
    }
    return all;
  }
  Task<http::Principal> authenticate(const http::Request&) override { co_return http::Principal{}; }

  Task<http::Response> serve(http::Request& request) {
    seen.emplace_back(request.headers.find("Authorization").value_or(""));
    http::Response response;
    if (!redirect.empty()) {
      response.status = 302;
      response.headers.set("Location", redirect + request.path + "?" + request.query);
      co_return response;
    }
    if (!wanted.empty() && seen.back() != wanted) {
      response.status = 401;
      response.headers.set("WWW-Authenticate", "Basic realm=\"git\"");
      co_return response;
    }
    auto cgi = variables();
    cgi["GIT_PROJECT_ROOT"] = folder.path().string();
    cgi["GIT_HTTP_EXPORT_ALL"] = "1";
    cgi["PATH_INFO"] = request.path;
    cgi["QUERY_STRING"] = request.query;
    cgi["REQUEST_METHOD"] = request.method;
    const auto pass = [&](std::string_view header, const char* variable) {
      if (const auto value = request.headers.find(header)) cgi[variable] = std::string(*value);
    };
    pass("Content-Type", "CONTENT_TYPE");
    pass("Content-Encoding", "HTTP_CONTENT_ENCODING");
    pass("Git-Protocol", "GIT_PROTOCOL");
    std::string body;
    for (auto part = co_await request.body->read(); !part.empty();
         part = co_await request.body->read()) {
      body += part;
    }
    cgi["CONTENT_LENGTH"] = std::to_string(body.size());
    auto done = co_await process::capture(
        loop_, {.command = {"git", "http-backend"}, .environment = cgi, .stdin_pipe = true}, body,
        64U << 20U);
    const auto [head, rest] = cut(done.out, "\r\n\r\n");
    for (const auto line : split(head, '\n')) {
      const auto [name, value] = cut(trimmed(line), ":");
      if (name == "Status")
        response.status = parse_number<int>(trimmed(value).substr(0, 3)).value_or(500);
      else if (name != "Content-Length")
        response.headers.add(std::string(name), std::string(trimmed(value)));
    }
    response.body = std::string(rest);
    co_return response;
  }

  net::Loop& loop_;
  http::Router router_;
  http::Server server_;
  TaskGroup group_;
};

}  // namespace temps::sources
