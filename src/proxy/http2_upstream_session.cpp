// How nghttp2 is set up towards upstreams.
#include <nghttp2/nghttp2.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/check.hpp"
#include "proxy/http2_call.hpp"
#include "proxy/http2_callback.hpp"
#include "proxy/http2_session.hpp"
#include "proxy/http2_upstream.hpp"

namespace temps::proxy {
namespace {

// What one answer may have sent before its client has taken it. The connection's window opens again
// at once, so that a slow client holds up its own answer only.
constexpr std::uint32_t stream_window = 256UL * 1024;
constexpr std::int32_t connection_window = 1024 * 1024;
constexpr std::uint32_t header_list_max = 32UL * 1024;
constexpr std::size_t unanswered_max = 1000;

Http2Upstream& upstream_of(void* data) { return *static_cast<Http2Upstream*>(data); }

Http2Call* call_of(nghttp2_session* session, std::int32_t id) {
  return static_cast<Http2Call*>(::nghttp2_session_get_stream_user_data(session, id));
}

int on_begin_headers(nghttp2_session* session, const nghttp2_frame* frame, void*) {
  if (auto* call = call_of(session, frame->hd.stream_id)) call->begin_head();
  return 0;
}

int on_header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
              std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
              std::uint8_t, void*) {
  auto* call = call_of(session, frame->hd.stream_id);
  if (call == nullptr) return 0;
  const bool fits = call->add_field(text_of(name, name_size), text_of(value, value_size));
  return fits ? 0 : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
}

int on_frame(nghttp2_session* session, const nghttp2_frame* frame, void* data) {
  if (frame->hd.type == NGHTTP2_SETTINGS && (frame->hd.flags & NGHTTP2_FLAG_ACK) == 0)
    upstream_of(data).note_settings();
  const bool is_head = frame->hd.type == NGHTTP2_HEADERS;
  if (!is_head && frame->hd.type != NGHTTP2_DATA) return 0;
  auto* call = call_of(session, frame->hd.stream_id);
  if (call == nullptr) return 0;
  if (is_head)
    call->end_head(ends_stream(frame) ? Http2Answer::Body::none : Http2Answer::Body::follows);
  if (ends_stream(frame)) call->end_answer();
  upstream_of(data).schedule(*call);
  return 0;
}

int on_data(nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
            std::size_t size, void* data) {
  ::nghttp2_session_consume_connection(session, size);
  if (auto* call = call_of(session, id)) {
    call->add_body(text_of(bytes, size));
    upstream_of(data).schedule(*call);
  }
  return 0;
}

int on_frame_not_sent(nghttp2_session* session, const nghttp2_frame* frame, int, void*) {
  const bool is_request =
      frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST;
  if (!is_request) return 0;
  if (auto* call = call_of(session, frame->hd.stream_id))
    call->fail(Http2Call::Failure::turned_away);
  return 0;
}

int on_stream_closed(nghttp2_session* session, std::int32_t id, std::uint32_t code, void*) {
  if (auto* call = call_of(session, id)) call->note_stream_closed(code);
  return 0;
}

nghttp2_session_callbacks* make_callbacks() {
  nghttp2_session_callbacks* callbacks = nullptr;
  ensure(::nghttp2_session_callbacks_new(&callbacks) == 0, "nghttp2 has no memory");
  ::nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
  ::nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  ::nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
  ::nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
  ::nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, on_frame_not_sent);
  ::nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
  return callbacks;
}

}  // namespace

nghttp2_session* make_http2_session(Http2Upstream& upstream) {
  static const auto* const callbacks = make_callbacks();
  static const auto* const options = make_http2_options(unanswered_max);
  constexpr std::array<nghttp2_settings_entry, 3> settings{{
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, stream_window},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, header_list_max},
  }};
  nghttp2_session* session = nullptr;
  ensure(::nghttp2_session_client_new2(&session, callbacks, &upstream, options) == 0 &&
             ::nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(),
                                       settings.size()) == 0 &&
             ::nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0,
                                                     connection_window) == 0,
         "nghttp2 has no memory for a connection");
  return session;
}

}  // namespace temps::proxy
