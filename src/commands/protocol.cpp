#include "commands/protocol.hpp"

#include "commands/errors.hpp"
#include "json/json.hpp"

namespace temps::commands {

http::SocketMessage to_message(const Control& control) {
  return {.is_text = true, .bytes = json::encode(control)};
}

http::SocketMessage to_message(Stream stream, std::string_view bytes) {
  std::string message(1, static_cast<char>(stream));
  return {.is_text = false, .bytes = message.append(bytes)};
}

Result<Control> to_control(const http::SocketMessage& message) {
  auto control = json::decode<Control>(message.bytes);
  if (control) return control;
  return fail(errors::bad_message, "a message is not understood: {}", control.error().detail());
}

Result<Piece> to_piece(http::SocketMessage message) {
  if (message.bytes.empty() || static_cast<unsigned char>(message.bytes.front()) > 2) {
    return fail(errors::bad_message, "a message names no stream");
  }
  const auto stream = static_cast<Stream>(message.bytes.front());
  return Piece{.stream = stream, .bytes = message.bytes.substr(1)};
}

Result<> Window::taken(std::uint64_t bytes) {
  if (bytes > under_way_) return fail(errors::bad_message, "more was taken than was sent");
  under_way_ -= static_cast<std::size_t>(bytes);
  return {};
}

}  // namespace temps::commands
