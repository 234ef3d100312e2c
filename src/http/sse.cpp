#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "http/server.hpp"

namespace temps::http {
namespace {

constexpr std::chrono::seconds comment_interval{15};

// A line break inside a field would begin another field.
std::string one_line(std::string_view text) {
  return replaced(replaced(text, "\r", " "), "\n", " ");
}

std::string wire_form(const Event& event) {
  std::string text;
  if (!event.id.empty()) text += "id: " + one_line(event.id) + "\n";
  if (!event.name.empty()) text += "event: " + one_line(event.name) + "\n";
  const auto data = replaced(replaced(event.data, "\r\n", "\n"), "\r", "\n");
  for (const auto line : split(data, '\n')) text.append("data: ").append(line).append("\n");
  return text + "\n";
}

class Sink final : public EventSink {
 public:
  explicit Sink(BodyWriter& writer) : writer_(writer) {}
  Task<> send(Event event) override {
    auto held = co_await mutex_.lock();
    co_await writer_.write(wire_form(event));
  }
  // Never ends by itself.
  Task<> keep_alive() {
    for (;;) {
      co_await sleep(comment_interval);
      auto held = co_await mutex_.lock();
      co_await writer_.write(": still here\n\n");
    }
  }

 private:
  BodyWriter& writer_;
  Mutex mutex_;
};

using Events = std::move_only_function<Task<>(EventSink&)>;

Task<> run(Events& events, BodyWriter& writer) {
  Sink sink(writer);
  co_await race(race(events(sink), sink.keep_alive()), writer.gone());
}

}  // namespace

Response event_stream(std::move_only_function<Task<>(EventSink&)> events) {
  Response response;
  response.headers.add("Content-Type", "text/event-stream");
  response.headers.add("Cache-Control", "no-store, no-transform");
  response.headers.add("X-Accel-Buffering", "no");
  response.stream = [events = std::move(events)](BodyWriter& writer) mutable {
    return run(events, writer);
  };
  return response;
}

}  // namespace temps::http
