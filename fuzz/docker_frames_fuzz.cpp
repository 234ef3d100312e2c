// The engine's log stream: whatever comes in whatever pieces, a frame is never larger than allowed,
// and pieces make no difference.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runtime/docker_frames.hpp"

using temps::runtime::FrameReader;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string whole;
  FrameReader at_once([&whole](bool is_error_stream, std::string_view payload) {
    if (payload.size() > FrameReader::frame_bytes_max) std::abort();
    whole += is_error_stream ? 'e' : 'o';
    whole += payload;
    static_cast<void>(temps::runtime::parse_stamped_line(payload));
  });
  const bool good = at_once.feed(bytes).has_value();

  std::string pieces;
  FrameReader one_by_one([&pieces](bool is_error_stream, std::string_view payload) {
    pieces += is_error_stream ? 'e' : 'o';
    pieces += payload;
  });
  bool still_good = true;
  for (std::size_t i = 0; i < bytes.size() && still_good; ++i) {
    still_good = one_by_one.feed(bytes.substr(i, 1)).has_value();
  }
  if (good != still_good || whole != pieces) std::abort();
  return 0;
}
