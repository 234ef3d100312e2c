// The frames of WebSocket (RFC 6455, section 5). Knows no connection.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace temps::http {

enum class Opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

struct Frame {
  Opcode opcode = Opcode::binary;
  bool is_last = true;  // of its message
  std::string payload;
};

// Clients mask what they send, servers never do.
enum class Masking : std::uint8_t { masked, plain };

// A frame may not be larger than this, nor may the message that frames make up.
inline constexpr std::size_t frame_bytes_max = 32U << 10U;

// Takes a frame off the front of `bytes`; nothing while it is not there whole. Fails with
// `http.bad_frame` and `http.frame_too_large`, as soon as its head shows that.
Result<std::optional<Frame>> take_frame(std::string_view& bytes, Masking expected);

// With a mask of four bytes, or none.
std::string frame_bytes(const Frame& frame, std::string_view mask = {});

// What the other side says when it closes: a status, 1005 where it gives none.
int close_status(std::string_view payload);

}  // namespace temps::http
