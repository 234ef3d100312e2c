#include "app/git_hook.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "core/text.hpp"
#include "git/git.hpp"
#include "http/client.hpp"
#include "json/json.hpp"

namespace temps::app {

namespace {

struct Problem {
  std::string detail;
};

std::string variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value ? value : "";
}

git::HookCall read_call() {
  git::HookCall call{.token = variable(git::hook_token_variable),
                     .object_directory = variable("GIT_OBJECT_DIRECTORY"),
                     .alternates = variable("GIT_ALTERNATE_OBJECT_DIRECTORIES")};
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto parts = split(line, ' ');
    if (parts.size() != 3) continue;
    call.updates.push_back({std::string(parts[0]), std::string(parts[1]), std::string(parts[2])});
  }
  return call;
}

void show(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

// Shows the answers as they come; yields the last word.
Task<bool> converse(net::Loop& loop, git::HookCall call) {
  http::Client client(loop, net::Address{.host = {}, .path = variable(git::hook_socket_variable)});
  http::ClientRequest request{.method = "POST",
                              .target = "/internal/git/pre-receive",
                              .host = "localhost",
                              .body = json::encode(call)};
  request.headers.add("Content-Type", "application/json");
  auto exchange = co_await client.open(std::move(request));
  if (exchange->status() != 200) {
    const auto problem = json::decode<Problem>(co_await exchange->read());
    show(problem ? problem->detail : fmt::format("Temps answered {}", exchange->status()));
    co_return false;
  }
  bool accepted = false;
  std::string text;
  for (;;) {
    const auto chunk = co_await exchange->read();
    if (chunk.empty()) co_return accepted;
    text += chunk;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      auto answer = json::decode<git::HookAnswer>(text.substr(0, end));
      text.erase(0, end + 1);
      if (!answer) continue;
      if (answer->line) show(*answer->line);
      if (answer->accept) accepted = *answer->accept;
    }
  }
}

}  // namespace

int git_hook() {
  net::Loop loop;
  auto accepted = loop.run(converse(loop, read_call()));
  if (!accepted) {
    show(fmt::format("Temps went away during the push ({}).", accepted.error().detail()));
    show("The deployment goes on when it is back; see: temps deployments");
    return 1;
  }
  return *accepted ? 0 : 1;
}

}  // namespace temps::app
