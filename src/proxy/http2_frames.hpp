// Frames between a socket and an nghttp2 session, whichever side we are.
#pragma once
#include <cstdint>

#include "proxy/transport.hpp"

struct nghttp2_session;

namespace temps::proxy {

class Http2Budget;
class Worker;

enum class FramesRead : std::uint8_t {
  all,    // that there are at present
  some,   // others get their turn first
  ended,  // the connection cannot go on
};
// What a peer may cost is in `budget`, where there is one. A session that ends has a GOAWAY to say.
FramesRead read_frames(Worker& worker, Transport& transport, nghttp2_session* session,
                       Http2Budget* budget = nullptr);

// Writes what the session wants to say, as far as the peer takes it. False when the connection
// cannot go on.
bool write_frames(Worker& worker, Transport& transport, Outbox& output, nghttp2_session* session);

}  // namespace temps::proxy
