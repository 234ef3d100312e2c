#include "commands/routes.hpp"

#include <algorithm>

#include "commands/permissions.hpp"
#include "core/secret.hpp"
#include "json/json.hpp"

namespace temps::commands {
namespace {

struct EnvironmentQuery {
  std::optional<std::string> environment;  // production where none is given
};

struct TerminalBody {
  std::uint16_t columns = 80;
  std::uint16_t rows = 24;
  std::optional<std::string> type;  // TERM
};
struct CommandBody {
  Kind kind;
  std::vector<Secret> command;  // any word may be one; the handler notes what is none
  std::optional<int> instance;
  std::optional<TerminalBody> terminal;
};
struct CommandView {
  std::string id;  // of the path where its streams are
  std::int64_t deployment;
};
// What the audit log is told before it begins.
struct Noted {
  Kind kind;
  std::string environment;
  std::vector<std::string> command;
  std::int64_t deployment;
  bool terminal;
};

Task<projects::Place> place_of(Api& api, std::string project,
                               std::optional<std::string> environment) {
  auto found = co_await api.projects.get(std::move(project));
  auto place = environment ? co_await api.projects.environment(found.id, std::move(*environment))
                           : co_await api.projects.production(found.id);
  co_return projects::Place{std::move(found), std::move(place)};
}

// As terminals are called; any other text has no business in the app's environment.
std::string terminal_type(const TerminalBody& terminal) {
  constexpr std::size_t bytes_max = 64;
  const auto type = terminal.type.value_or("");
  const bool is_sane =
      !type.empty() && type.size() <= bytes_max && std::ranges::all_of(type, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '+' || c == '.';
      });
  return is_sane ? type : "xterm";
}

Task<http::Created<CommandView>> announce_command(Api& api, http::Request& request,
                                                  http::Path<std::string> project,
                                                  http::Query<EnvironmentQuery> in,
                                                  http::Body<CommandBody> body) {
  const auto place = co_await place_of(api, project.value, in.value.environment);
  auto& wanted = body.value;
  Wish wish{.kind = wanted.kind, .instance = wanted.instance, .command = {}};
  for (const auto& word : wanted.command) wish.command.words.push_back(word.reveal());
  if (wanted.terminal) {
    const auto& terminal = *wanted.terminal;
    wish.command.terminal =
        runtime::TerminalSize{.columns = std::max<std::uint16_t>(1, terminal.columns),
                              .rows = std::max<std::uint16_t>(1, terminal.rows)};
    wish.command.environment["TERM"] = terminal_type(terminal);
  }
  const auto announced = co_await api.commands.announce(place, request.principal, std::move(wish));
  request.noted = json::encode(Noted{.kind = announced.wish.kind,
                                     .environment = place.environment.name,
                                     .command = announced.shown,
                                     .deployment = announced.deployment.number,
                                     .terminal = announced.wish.command.terminal.has_value()});
  co_return http::Created{CommandView{announced.id, announced.deployment.number}};
}

Task<http::Response> run_command(Api& api, http::Request& request, http::Path<std::string> project,
                                 http::Path<std::string> command,
                                 http::Query<EnvironmentQuery> in) {
  const auto place = co_await place_of(api, project.value, in.value.environment);
  auto announced =
      co_await api.commands.take(command.value, request.principal, place.environment.id);
  co_return co_await http::websocket(
      request, protocol,
      [&api, &request, announced = std::move(announced)](http::WebSocket& socket) {
        return api.commands.run(announced, socket, request.noted);
      });
}

}  // namespace

void add_routes(http::Router& router, Api& api) {
  auto routes = router.bind(api);
  routes.post<announce_command>(
      "/api/v1/projects/{project}/commands", permissions::execute,
      "Announce a command to run in the live release's instance, or in one of its own");
  routes
      .get<run_command>("/api/v1/projects/{project}/commands/{command}/streams",
                        permissions::execute,
                        "Run an announced command (WebSocket, protocol temps.command.1)")
      .changes = [](const http::Request&) { return true; };
}

}  // namespace temps::commands
