// The stream in which the engine sends a container's two outputs as one (Engine API, "Stream
// format"): an 8-byte head {stream, 0, 0, 0, length as 4 bytes big-endian}, then the payload.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/result.hpp"

namespace temps::runtime {

class FrameReader {
 public:
  // The engine cuts lines at 16 KB; more than this is no log.
  static constexpr std::size_t frame_bytes_max = std::size_t{1} << 20U;
  using Sink = std::function<void(bool is_error_stream, std::string_view payload)>;

  explicit FrameReader(Sink sink) : sink_(std::move(sink)) {}
  // Any piece of the stream. Fails with `runtime.unavailable` when it is not in this format; the
  // reader is of no use then.
  Result<> feed(std::string_view bytes);

 private:
  Sink sink_;
  std::string waiting_;
};

// A line as the engine writes it with timestamps=1: an RFC 3339 time with nanoseconds, a space, the
// text.
struct StampedLine {
  std::int64_t nanoseconds = 0;
  std::string_view text;
};
std::optional<StampedLine> parse_stamped_line(std::string_view line);

}  // namespace temps::runtime
