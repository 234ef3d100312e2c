// How nghttp2 is set up: limits, windows, and which of its callbacks reach whom.
#pragma once

struct nghttp2_session;

namespace temps::proxy {

class Http2Connection;
class Http2Upstream;

// For the server's side of `connection`, which owns it.
nghttp2_session* make_http2_session(Http2Connection& connection);
// For the client's side, which has said its settings already.
nghttp2_session* make_http2_session(Http2Upstream& upstream);
// What the server says first. False when nghttp2 has no memory.
bool send_http2_settings(nghttp2_session* session);

}  // namespace temps::proxy
