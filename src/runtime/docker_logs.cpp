#include <fmt/core.h>

#include <algorithm>

#include "core/text.hpp"
#include "runtime/docker_frames.hpp"
#include "runtime/docker_runtime.hpp"
#include "runtime/lines.hpp"

namespace temps::runtime {
namespace {

using namespace std::chrono_literals;

constexpr auto retry_interval = 1s;

LogLine log_line(bool is_error_stream, const StampedLine& stamped) {
  auto text = stamped.text;
  while (text.ends_with('\n')) text.remove_suffix(1);
  return {.time = Instant{std::chrono::microseconds{stamped.nanoseconds / 1000}},
          .is_error_stream = is_error_stream,
          .text = to_utf8(last_drawn(text).substr(0, LineSplitter::line_bytes_max))};
}

}  // namespace

// From which nanosecond on lines are wanted.
struct DockerRuntime::LogPosition {
  std::int64_t nanoseconds;
};

// Until the container stops.
Task<> DockerRuntime::follow_once(const std::string& id, LogPosition& position,
                                  const std::function<void(LogLine)>& sink) {
  http::ClientRequest request{
      .target = fmt::format("/containers/{}/logs?follow=1&stdout=1&stderr=1&timestamps=1&since={}."
                            "{:09}",
                            id, position.nanoseconds / 1'000'000'000,
                            position.nanoseconds % 1'000'000'000)};
  auto exchange = co_await api_.open(std::move(request));
  if (exchange->status() != 200) co_return;
  FrameReader frames([&position, &sink](bool is_error_stream, std::string_view payload) {
    const auto stamped = parse_stamped_line(payload);
    if (!stamped) return;
    position.nanoseconds = std::max(position.nanoseconds, stamped->nanoseconds + 1);
    sink(log_line(is_error_stream, *stamped));
  });
  while (true) {
    auto piece = co_await attempt(exchange->read());
    if (!piece && piece.error().code().kind == ErrorKind::cancelled) co_await fail(piece.error());
    // A broken connection is a stopped engine, or one that starts anew: the next look tells.
    if (!piece || piece->empty()) co_return;
    co_await frames.feed(*piece);
  }
}

Task<> DockerRuntime::follow(std::string id, Instant since, std::function<void(LogLine)> sink) {
  LogPosition position{
      std::max<std::int64_t>(0, std::chrono::nanoseconds(since.time_since_epoch()).count())};
  while (co_await find_container(id)) {
    co_await follow_once(id, position, sink);
    co_await sleep(retry_interval);
  }
}

}  // namespace temps::runtime
