#include "commands/session.hpp"

#include <algorithm>
#include <utility>

#include "commands/errors.hpp"
#include "core/concurrency.hpp"
#include "net/errors.hpp"

namespace temps::commands {
namespace {

constexpr std::uint16_t cells_max = 10'000;

class Session {
 public:
  Session(http::WebSocket& socket, runtime::RunningCommand& command)
      : socket_(socket), command_(command) {}

  Task<Ended> run() { co_return co_await race(pass_on_output(), race(feed(), listen())); }

 private:
  // Decides the end: the command's own.
  Task<Ended> pass_on_output() {
    for (;;) {
      const auto piece = co_await command_.read();
      if (piece.bytes.empty()) break;
      co_await pass_on(piece);
    }
    const int code = co_await command_.exit_code();
    co_return Ended{.code = code};
  }

  Task<> pass_on(const runtime::RunningCommand::Output& piece) {
    const auto stream = piece.is_error_stream ? Stream::error : Stream::output;
    for (std::string_view left = piece.bytes; !left.empty();) {
      while (window_.left() == 0) co_await taken_.next();
      const auto part = left.substr(0, std::min(piece_bytes_max, window_.left()));
      window_.sent(part.size());
      co_await socket_.send(to_message(stream, part));
      left.remove_prefix(part.size());
    }
  }

  // The client's bytes into the command, as it takes them.
  Task<Ended> feed() {
    for (;;) {
      while (input_.empty() && !input_ended_) co_await came_.next();
      if (input_.empty()) break;
      const auto bytes = std::exchange(input_, {});
      feeding_ = bytes.size();
      // What it reads no more is taken all the same, so that the client comes to its end.
      auto written = co_await attempt(command_.write(bytes));
      if (!written) co_await check_cancelled();
      feeding_ = 0;
      co_await socket_.send(to_message(Control{.said = Said::taken, .bytes = bytes.size()}));
    }
    co_await attempt(command_.end_input());
    for (;;) co_await sleep(std::chrono::hours(24));
  }

  // Ends when the client does.
  Task<Ended> listen() {
    while (auto message = co_await socket_.receive()) {
      if (message->is_text) {
        co_await obey(co_await to_control(*message));
      } else {
        co_await take(co_await to_piece(std::move(*message)));
      }
    }
    co_return Ended{};
  }

  Result<> take(Piece piece) {
    if (piece.stream != Stream::input || input_ended_) {
      return fail(errors::bad_message, "bytes came for a stream that takes none");
    }
    if (input_.size() + feeding_ + piece.bytes.size() > window_bytes) {
      return fail(errors::bad_message, "more came than was asked for");
    }
    input_ += piece.bytes;
    came_.notify();
    return {};
  }

  Task<> obey(Control control) {
    switch (control.said) {
      case Said::taken:
        co_await window_.taken(control.bytes.value_or(0));
        taken_.notify();
        co_return;
      case Said::resize:
        co_await attempt(command_.resize(
            {.columns = std::clamp<std::uint16_t>(control.columns.value_or(80), 1, cells_max),
             .rows = std::clamp<std::uint16_t>(control.rows.value_or(24), 1, cells_max)}));
        co_return;
      case Said::end_of_input:
        input_ended_ = true;
        came_.notify();
        co_return;
      default:
        co_await fail(errors::bad_message, "a client says what only a server can");
    }
  }

  http::WebSocket& socket_;
  runtime::RunningCommand& command_;
  Window window_;
  Signal taken_;
  std::string input_;
  std::size_t feeding_ = 0;
  bool input_ended_ = false;
  Signal came_;
};

}  // namespace

Task<Ended> carry(http::WebSocket& socket, runtime::RunningCommand& command,
                  std::chrono::seconds limit) {
  Session session(socket, command);
  auto ended = co_await attempt(within(limit, session.run()));
  if (!ended && ended.error().is(temps::errors::timed_out)) co_return Ended{.timed_out = true};
  co_return co_await std::move(ended);
}

}  // namespace temps::commands
