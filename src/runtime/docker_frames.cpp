#include "runtime/docker_frames.hpp"

#include "core/text.hpp"
#include "runtime/runtime.hpp"

namespace temps::runtime {
namespace {

constexpr std::size_t head_bytes = 8;
constexpr unsigned error_stream = 2;
constexpr std::chrono::seconds seconds_max{9'000'000'000};

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

}  // namespace

Result<> FrameReader::feed(std::string_view bytes) {
  waiting_ += bytes;
  std::string_view left = waiting_;
  while (left.size() >= head_bytes) {
    const auto stream = byte_at(left, 0);
    const std::size_t length = (byte_at(left, 4) << 24U) | (byte_at(left, 5) << 16U) |
                               (byte_at(left, 6) << 8U) | byte_at(left, 7);
    if (stream > error_stream || left.substr(1, 3) != std::string_view("\0\0\0", 3) ||
        length > frame_bytes_max) {
      return fail(errors::unavailable, "the container engine sent a log in an unknown format");
    }
    if (left.size() - head_bytes < length) break;
    sink_(stream == error_stream, left.substr(head_bytes, length));
    left.remove_prefix(head_bytes + length);
  }
  waiting_.erase(0, waiting_.size() - left.size());
  return {};
}

std::optional<StampedLine> parse_stamped_line(std::string_view line) {
  const auto space = line.find(' ');
  const auto stamp = line.substr(0, space);
  const auto time = parse_rfc3339(stamp);
  // Nanoseconds in 64 bits end in 2262.
  if (!time || std::chrono::abs(time->time_since_epoch()) > seconds_max) return std::nullopt;
  auto nanoseconds = std::chrono::nanoseconds(time->time_since_epoch()).count();
  if (const auto dot = stamp.find('.'); dot != std::string_view::npos) {
    std::int64_t unit = 100;
    for (auto i = dot + 7; i < dot + 10 && i < stamp.size(); ++i, unit /= 10) {
      if (stamp[i] < '0' || stamp[i] > '9') break;
      nanoseconds += (stamp[i] - '0') * unit;
    }
  }
  const auto text = space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
  return StampedLine{nanoseconds, text};
}

}  // namespace temps::runtime
