#include "proxy/load.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "proxy/websocket.hpp"

namespace temps::bench {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds wait_max = std::chrono::milliseconds(50);
// At a fixed rate the first request waits for the connections, but not longer than this.
constexpr nanoseconds setup_max = std::chrono::milliseconds(500);

nanoseconds to_duration(double seconds) {
  return std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(seconds));
}

bool closes_after_each(Mode mode) { return mode == Mode::fresh || mode == Mode::resumed; }

}  // namespace

Load::Load(const Options& options)
    : options_(options),
      requests_(options),
      message_(client_frame(std::string(options.message_bytes, 'm'))),
      echo_(server_frame(std::string(options.message_bytes, 'm'))),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(options.connections) {
  if (options.is_tls)
    tls_.emplace(options.mode == Mode::resumed ? Resumption::on : Resumption::off);
}

Load::~Load() { ::close(epoll_); }

Totals Load::run() {
  begin_ = Clock::now();
  const auto warm = begin_ + to_duration(options_.warm_up_seconds);
  const auto end = warm + to_duration(options_.seconds);
  for (auto& connection : connections_) open(connection);
  auto limit = wait_max;
  for (auto now = begin_; now < end; now = Clock::now()) {
    wait(limit);
    is_warm_ = Clock::now() >= warm;
    for (auto* connection : std::exchange(closed_, {})) open(*connection);
    limit = options_.rate > 0 ? send_due() : wait_max;
  }
  totals_.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  for (auto& connection : connections_) totals_.bytes += connection.take_received_bytes();
  return std::move(totals_);
}

void Load::wait(nanoseconds limit) {
  std::array<epoll_event, 512> events;
  const timespec wait_time{.tv_sec = 0, .tv_nsec = std::min(limit, wait_max).count()};
  const int count = ::epoll_pwait2(epoll_, events.data(), events.size(), &wait_time, nullptr);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    on_events(*static_cast<Connection*>(event.data.ptr), event.events);
  }
}

void Load::open(Connection& connection) {
  connection.request = requests_.next();
  connection.host = requests_.host(connection.request);
  if (connection.open(epoll_, options_.port)) {
    ++totals_.connections;
  } else {
    on_failure(connection);
  }
}

void Load::on_events(Connection& connection, std::uint32_t events) {
  switch (connection.on_events(events, tls_ ? &*tls_ : nullptr)) {
    case Connection::Event::none:
      return;
    case Connection::Event::ready:
      return on_ready(connection);
    case Connection::Event::answered:
      return on_answer(connection);
    case Connection::Event::failed:
      return on_failure(connection);
  }
}

void Load::on_ready(Connection& connection) {
  if (connection.was_resumed()) ++totals_.resumed;
  if (options_.rate > 0) {
    free_.push_back(&connection);
  } else {
    // A new connection's latency counts from its beginning.
    send_request(connection, closes_after_each(options_.mode) ? connection.due() : Clock::now());
  }
}

void Load::on_answer(Connection& connection) {
  totals_.bytes += connection.take_received_bytes();
  if (!connection.answer.is_good()) ++totals_.refusals;
  const auto now = Clock::now();
  if (options_.mode == Mode::websocket && !connection.is_upgraded) {
    connection.is_upgraded = true;
    return send_message(connection);
  }
  ++totals_.answers;
  if (is_warm_) totals_.latencies.add(now - connection.due());
  if (options_.mode == Mode::websocket) return send_message(connection);
  if (closes_after_each(options_.mode) || connection.answer.closes()) {
    connection.close(closes_after_each(options_.mode) ? Ending::reset : Ending::orderly);
    closed_.push_back(&connection);
  } else if (options_.rate > 0) {
    free_.push_back(&connection);
  } else {
    connection.request = requests_.next();
    send_request(connection, now);
  }
}

void Load::on_failure(Connection& connection) {
  ++totals_.failures;
  if (totals_.first_failure.empty()) totals_.first_failure = connection.failure();
  std::erase(free_, &connection);
  closed_.push_back(&connection);
}

void Load::send_request(Connection& connection, Clock::time_point due) {
  connection.answer.expect_response();
  if (!connection.send(requests_.text(connection.request), due)) on_failure(connection);
}

void Load::send_message(Connection& connection) {
  connection.answer.expect_bytes(echo_);
  if (!connection.send(message_, Clock::now())) on_failure(connection);
}

nanoseconds Load::send_due() {
  const auto period = to_duration(1 / options_.rate);
  auto now = Clock::now();
  if (!next_due_) {
    const bool is_set_up = free_.size() == connections_.size() || now - begin_ > setup_max;
    if (!is_set_up) return wait_max;
    next_due_ = now;
  }
  while (*next_due_ <= now && !free_.empty()) {
    auto* connection = free_.front();
    free_.pop_front();
    connection->request = requests_.next();
    send_request(*connection, std::exchange(*next_due_, *next_due_ + period));
    now = Clock::now();
  }
  return std::clamp(*next_due_ - now, nanoseconds(0), wait_max);
}

}  // namespace temps::bench
