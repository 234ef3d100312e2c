// Frames of WebSocket: whatever comes, a frame is never larger than allowed, what is taken comes
// out of its own bytes again, and pieces make no difference.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/websocket_frames.hpp"

using namespace temps::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto expected : {Masking::plain, Masking::masked}) {
    std::string_view left(reinterpret_cast<const char*>(data), size);
    for (;;) {
      const auto before = left;
      const auto taken = take_frame(left, expected);
      if (!taken || !*taken) {
        if (left != before) std::abort();
        break;
      }
      const auto& frame = **taken;
      if (frame.payload.size() > frame_bytes_max || left.size() >= before.size()) std::abort();
      const auto used = before.size() - left.size();
      auto shorter = before.substr(0, used - 1);
      const auto waiting = take_frame(shorter, expected);
      if (!waiting || *waiting) std::abort();
      const auto again = frame_bytes(frame, expected == Masking::masked ? "abcd" : "");
      std::string_view bytes = again;
      const auto twice = take_frame(bytes, expected);
      if (!twice || !*twice || (*twice)->payload != frame.payload || !bytes.empty()) std::abort();
      static_cast<void>(close_status(frame.payload));
    }
  }
  return 0;
}
