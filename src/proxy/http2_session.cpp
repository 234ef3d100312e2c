#include "proxy/http2_session.hpp"

#include <nghttp2/nghttp2.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/check.hpp"
#include "proxy/block_pool.hpp"
#include "proxy/http2_callback.hpp"
#include "proxy/http2_connection.hpp"
#include "proxy/http2_stream.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

constexpr std::uint32_t streams_max = 128;
// What one upload, and all of a connection, may have sent before an app has taken it.
constexpr std::uint32_t stream_window = 256UL * 1024;
constexpr std::int32_t connection_window = 1024 * 1024;
constexpr std::uint32_t header_list_max = 32UL * 1024;
// Streams that a client opens only to reset them (CVE-2023-44487): so many at once, so many a
// second.
constexpr std::uint64_t resets_burst = 200;
constexpr std::uint64_t resets_rate = 20;
// Frames that only ask for an answer, without taking it.
constexpr std::size_t unanswered_max = 200;

Http2Connection& connection_of(void* data) { return *static_cast<Http2Connection*>(data); }

Http2Stream* stream_of(nghttp2_session* session, std::int32_t id) {
  return static_cast<Http2Stream*>(::nghttp2_session_get_stream_user_data(session, id));
}

bool is_request(const nghttp2_frame* frame) {
  return frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST;
}

int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* data) {
  if (is_request(frame)) connection_of(data).begin_head(frame->hd.stream_id);
  return 0;
}

// What is no request's head stands behind its body.
int on_header(nghttp2_session* session, const nghttp2_frame* frame, const std::uint8_t* name,
              std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
              std::uint8_t, void* data) {
  if (is_request(frame)) {
    connection_of(data).add_field(text_of(name, name_size), text_of(value, value_size));
  } else if (auto* stream = stream_of(session, frame->hd.stream_id)) {
    stream->add_trailer(text_of(name, name_size), text_of(value, value_size));
  }
  return 0;
}

// Does the frame carry neither a head nor a byte of a body, nor the end of one?
bool is_idle(const nghttp2_frame* frame) {
  switch (frame->hd.type) {
    case NGHTTP2_HEADERS:
      return false;
    case NGHTTP2_DATA:
      return frame->hd.length == frame->data.padlen && !ends_stream(frame);
    default:
      return true;
  }
}

// The client's fault, not ours or the app's.
bool is_stream_error(const nghttp2_frame* frame) {
  if (frame->hd.type != NGHTTP2_RST_STREAM) return false;
  const auto code = frame->rst_stream.error_code;
  return code != NGHTTP2_NO_ERROR && code != NGHTTP2_INTERNAL_ERROR;
}

void calm(nghttp2_session* session) {
  ::nghttp2_session_terminate_session(session, NGHTTP2_ENHANCE_YOUR_CALM);
}

int on_frame(nghttp2_session* session, const nghttp2_frame* frame, void* data) {
  auto& connection = connection_of(data);
  if (!is_idle(frame)) {
    connection.budget().note_progress();
  } else if (!connection.budget().note_idle_frame(connection.worker().reactor.now())) {
    calm(session);
    return 0;
  }
  if (is_request(frame)) {
    connection.end_head(frame->hd.stream_id,
                        ends_stream(frame) ? Http2Head::Body::none : Http2Head::Body::follows);
    return 0;
  }
  const bool can_end = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
  if (can_end && ends_stream(frame))
    if (auto* stream = stream_of(session, frame->hd.stream_id)) stream->end_body();
  return 0;
}

int on_data(nghttp2_session* session, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
            std::size_t size, void*) {
  if (auto* stream = stream_of(session, id)) {
    stream->add_body(text_of(bytes, size));
  } else {
    ::nghttp2_session_consume_connection(session, size);
  }
  return 0;
}

int on_frame_sent(nghttp2_session* session, const nghttp2_frame* frame, void* data) {
  auto& connection = connection_of(data);
  if (frame->hd.type == NGHTTP2_DATA) connection.budget().note_data_sent();
  if (is_stream_error(frame) &&
      !connection.budget().note_stream_error(connection.worker().reactor.now()))
    calm(session);
  const bool can_end = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
  if (can_end && ends_stream(frame))
    if (auto* stream = stream_of(session, frame->hd.stream_id)) stream->note_end_sent();
  return 0;
}

int on_stream_closed(nghttp2_session* session, std::int32_t id, std::uint32_t, void* data) {
  if (auto* stream = stream_of(session, id)) connection_of(data).end_stream(*stream);
  return 0;
}

BlockPool& pool_of(void* data) { return *static_cast<BlockPool*>(data); }

nghttp2_mem memory_of(BlockPool& pool) {
  return {
      .mem_user_data = &pool,
      .malloc = [](std::size_t bytes, void* data) { return pool_of(data).take(bytes); },
      .free = [](void* block, void* data) { pool_of(data).give(block); },
      .calloc = [](std::size_t count, std::size_t each,
                   void* data) { return pool_of(data).take_zeroed(count, each); },
      .realloc = [](void* block, std::size_t bytes,
                    void* data) { return pool_of(data).resize(block, bytes); },
  };
}

nghttp2_session_callbacks* make_callbacks() {
  nghttp2_session_callbacks* callbacks = nullptr;
  ensure(::nghttp2_session_callbacks_new(&callbacks) == 0, "nghttp2 has no memory");
  ::nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
  ::nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
  ::nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
  ::nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
  ::nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_sent);
  ::nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_closed);
  return callbacks;
}

nghttp2_option* make_options() {
  auto* options = make_http2_options(unanswered_max);
  ::nghttp2_option_set_stream_reset_rate_limit(options, resets_burst, resets_rate);
  return options;
}

}  // namespace

nghttp2_session* make_http2_session(Http2Connection& connection) {
  static const auto* const callbacks = make_callbacks();
  static const auto* const options = make_options();
  auto memory = memory_of(connection.worker().blocks);  // of which nghttp2 takes a copy
  nghttp2_session* session = nullptr;
  ensure(::nghttp2_session_server_new3(&session, callbacks, &connection, options, &memory) == 0,
         "nghttp2 has no memory for a connection");
  return session;
}

bool send_http2_settings(nghttp2_session* session) {
  constexpr std::array<nghttp2_settings_entry, 4> settings{{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams_max},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, stream_window},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, header_list_max},
      {NGHTTP2_SETTINGS_ENABLE_CONNECT_PROTOCOL, 1},
  }};
  return ::nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, settings.data(), settings.size()) ==
             0 &&
         ::nghttp2_session_set_local_window_size(session, NGHTTP2_FLAG_NONE, 0,
                                                 connection_window) == 0;
}

}  // namespace temps::proxy
