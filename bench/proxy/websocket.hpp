// As much of WebSocket (RFC 6455) as an echo needs: text messages in one frame each, below 64 KiB.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace temps::bench {

// What a server answers a Sec-WebSocket-Key with.
std::string websocket_accept(std::string_view key);

// A text message as a client sends it (masked) and as a server does.
std::string client_frame(std::string_view payload);
std::string server_frame(std::string_view payload);

struct Frame {
  std::string payload;         // unmasked
  std::size_t size_bytes = 0;  // of the whole frame
  bool is_close = false;
};
// The first frame that a client has sent, or nothing while it is not all there.
std::optional<Frame> read_client_frame(std::string_view bytes);

}  // namespace temps::bench
