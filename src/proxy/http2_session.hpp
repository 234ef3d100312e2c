// How nghttp2 is set up: limits, windows, and which of its callbacks reach whom.
#pragma once

struct nghttp2_session;

namespace temps::proxy {

class Http2Connection;

// For the server's side of `connection`, which owns it.
nghttp2_session* make_http2_session(Http2Connection& connection);
// What the server says first. False when nghttp2 has no memory.
bool send_http2_settings(nghttp2_session* session);

}  // namespace temps::proxy
