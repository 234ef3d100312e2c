// What callbacks and set-up of nghttp2 have in common, whichever side we are.
#pragma once
#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/check.hpp"

namespace temps::proxy {

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

inline bool ends_stream(const nghttp2_frame* frame) {
  return (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

// Windows open when we say so. `unanswered_max`: answers to PING and SETTINGS that the peer has not
// taken.
inline nghttp2_option* make_http2_options(std::size_t unanswered_max) {
  nghttp2_option* options = nullptr;
  ensure(::nghttp2_option_new(&options) == 0, "nghttp2 has no memory");
  ::nghttp2_option_set_no_auto_window_update(options, 1);
  ::nghttp2_option_set_no_closed_streams(options, 1);
  ::nghttp2_option_set_max_outbound_ack(options, unanswered_max);
  return options;
}

}  // namespace temps::proxy
