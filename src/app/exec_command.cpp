#include "app/exec_command.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "app/api_client.hpp"
#include "app/errors.hpp"
#include "app/follow.hpp"
#include "app/standard_streams.hpp"
#include "app/terminal.hpp"
#include "commands/errors.hpp"
#include "commands/protocol.hpp"
#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "http/websocket_errors.hpp"

namespace temps::app {
namespace {

using commands::Control;
using commands::Said;
using commands::Stream;

constexpr int broken_pipe_code = 128 + SIGPIPE;
// A change of size may come while nobody waits for its signal.
constexpr std::chrono::seconds size_interval{2};

struct TerminalWish {
  std::uint16_t columns = 80;
  std::uint16_t rows = 24;
  std::optional<std::string> type{};
};
struct CommandWish {
  std::string kind;
  std::vector<std::string> command;
  std::optional<int> instance{};
  std::optional<TerminalWish> terminal{};
};
struct Announced {
  std::string id;
  std::int64_t deployment = 0;
};

Error lost(std::string_view why) {
  return {errors::connection_lost,
          fmt::format("{}; the command is ended when the server notices", why)};
}

// Our end of a command that runs elsewhere.
class Remote {
 public:
  Remote(net::Loop& loop, StandardStreams& streams) : loop_(loop), streams_(streams) {}

  void use_terminal(runtime::TerminalSize size) { size_ = size; }

  Task<> run(http::WebSocket& socket) {
    co_await race(race(feed(socket), listen(socket)), race(follow_size(socket), be_told()));
  }

  [[nodiscard]] std::optional<int> code() const { return code_; }

 private:
  Task<> feed(http::WebSocket& socket) {
    for (;;) {
      while (window_.left() == 0) co_await taken_.next();
      const auto most = std::min(commands::piece_bytes_max, window_.left());
      const auto bytes = co_await streams_.read(most);
      if (bytes.empty()) break;
      window_.sent(bytes.size());
      co_await socket.send(commands::to_message(Stream::input, bytes));
    }
    co_await socket.send(commands::to_message(Control{.said = Said::end_of_input}));
    for (;;) co_await sleep(std::chrono::hours(24));
  }

  // Its end, and that of be_told(), are the end of the waiting of the streams' threads, without
  // which the tasks beside it could not end.
  Task<> listen(http::WebSocket& socket) {
    const StreamsInUse in_use(streams_);
    while (auto message = co_await socket.receive()) {
      if (!message->is_text) {
        if (!co_await show(socket, std::move(*message))) co_return;
      } else if (co_await is_end(co_await commands::to_control(*message))) {
        co_return;
      }
    }
    co_await fail(lost("the server has ended the connection"));
  }

  // False when nobody reads what it says.
  Task<bool> show(http::WebSocket& socket, http::SocketMessage message) {
    auto piece = co_await commands::to_piece(std::move(message));
    const auto size = piece.bytes.size();
    const int to = piece.stream == Stream::error ? STDERR_FILENO : STDOUT_FILENO;
    if (!co_await streams_.write(to, std::move(piece.bytes))) {
      code_ = broken_pipe_code;
      co_return false;
    }
    co_await socket.send(commands::to_message(Control{.said = Said::taken, .bytes = size}));
    co_return true;
  }

  Task<bool> is_end(Control control) {
    if (control.said == Said::taken) {
      co_await window_.taken(control.bytes.value_or(0));
      taken_.notify();
      co_return false;
    }
    if (control.said == Said::failed) {
      const auto detail = control.detail.value_or("the server says no more");
      if (control.error == runtime::errors::command_failed.code) {
        co_await fail(errors::command_not_started, "{}", detail);
      }
      if (control.error == commands::errors::too_long.code) {
        co_await fail(errors::connection_lost, "{}", detail);
      }
      co_await fail(errors::refused, "{}", detail);
    }
    if (control.said == Said::exited) code_ = control.code.value_or(0);
    co_return control.said == Said::exited;
  }

  Task<> follow_size(http::WebSocket& socket) {
    for (;;) {
      co_await attempt(within(size_interval, loop_.signal({SIGWINCH})));
      co_await check_cancelled();
      if (!size_) continue;
      const auto now = terminal_size();
      if (now.columns == size_->columns && now.rows == size_->rows) continue;
      size_ = now;
      co_await socket.send(commands::to_message(
          Control{.said = Said::resize, .columns = now.columns, .rows = now.rows}));
    }
  }

  Task<> be_told() {
    const StreamsInUse in_use(streams_);
    const int number = co_await loop_.signal({SIGINT, SIGTERM, SIGHUP, SIGQUIT});
    code_ = 128 + number;
  }

  net::Loop& loop_;
  StandardStreams& streams_;
  std::optional<runtime::TerminalSize> size_;
  std::optional<int> code_;
  commands::Window window_;
  Signal taken_;
};

CommandWish wish_of(const ExecOptions& options, bool at_terminal) {
  CommandWish wish{.kind = options.kind, .command = options.words, .instance = options.instance};
  if (wish.command.empty()) wish.command = {"sh"};
  if (!at_terminal) return wish;
  const auto size = terminal_size();
  const char* type = std::getenv("TERM");
  wish.terminal =
      TerminalWish{.columns = size.columns,
                   .rows = size.rows,
                   .type = type != nullptr ? std::optional<std::string>(type) : std::nullopt};
  return wish;
}

Task<int> execute_on(net::Loop& loop, ExecOptions options) {
  ApiClient client(loop, co_await find_target(options.common.url));
  const bool at_terminal =
      !options.no_terminal && is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO);
  const auto wish = wish_of(options, at_terminal);
  const auto path = fmt::format("/api/v1/projects/{}/commands", percent_encoded(options.project));
  const auto where = in_environment(options.environment);
  const auto announced = co_await client.post<Announced>(path + where, wish);
  auto exchange = co_await client.open_websocket(
      fmt::format("{}/{}/streams{}", path, announced.id, where), commands::protocol);
  StandardStreams streams(loop);
  Remote remote(loop, streams);
  std::optional<RawTerminal> raw;
  if (at_terminal) {
    raw.emplace();
    remote.use_terminal({.columns = wish.terminal->columns, .rows = wish.terminal->rows});
  }
  auto ended = co_await attempt(http::with_websocket(
      std::move(exchange), [&remote](http::WebSocket& socket) { return remote.run(socket); }));
  raw.reset();
  if (remote.code()) co_return *remote.code();
  if (!ended && ended.error().is(http::errors::lost)) {
    co_await fail(lost(ended.error().detail()));
  }
  co_await std::move(ended);
  co_await fail(lost("the server has ended the connection"));
  std::unreachable();
}

}  // namespace

Result<int> execute(const ExecOptions& options) {
  net::Loop loop;
  return loop.run(execute_on(loop, options));
}

}  // namespace temps::app
