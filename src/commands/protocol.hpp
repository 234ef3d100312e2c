// What the two ends of a command say to each other over a WebSocket. Binary messages are bytes of a
// stream, after one byte that names it; text messages are JSON of Control.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/websocket.hpp"

namespace temps::commands {

inline constexpr std::string_view protocol = "temps.command.1";

enum class Stream : std::uint8_t { input = 0, output = 1, error = 2 };

// What may be on its way in one direction and not be taken yet. Whoever takes bytes says so, and
// both ends go on reading meanwhile: a reader that is slow holds the other end's writer up, and
// nothing else.
inline constexpr std::size_t window_bytes = 256U << 10U;
inline constexpr std::size_t piece_bytes_max = 16U << 10U;

enum class Said : std::uint8_t {
  end_of_input,  // by the client
  resize,        // by the client: columns and rows
  taken,         // by both: bytes
  exited,        // by the server, as the last thing: code
  failed         // by the server, as the last thing: error and detail
};

struct Control {
  Said said = Said::taken;
  std::optional<std::uint64_t> bytes{};
  std::optional<std::uint16_t> columns{};
  std::optional<std::uint16_t> rows{};
  std::optional<int> code{};
  std::optional<std::string> error{};
  std::optional<std::string> detail{};
};

http::SocketMessage to_message(const Control& control);
http::SocketMessage to_message(Stream stream, std::string_view bytes);

struct Piece {
  Stream stream = Stream::output;
  std::string bytes;
};
// Of text and of binary messages. Fail with `commands.bad_message`.
Result<Control> to_control(const http::SocketMessage& message);
Result<Piece> to_piece(http::SocketMessage message);

// The sending end of a window.
class Window {
 public:
  [[nodiscard]] std::size_t left() const { return window_bytes - under_way_; }
  void sent(std::size_t bytes) { under_way_ += bytes; }
  // Fails with `commands.bad_message` when more is taken than was sent.
  Result<> taken(std::uint64_t bytes);

 private:
  std::size_t under_way_ = 0;
};

}  // namespace temps::commands
