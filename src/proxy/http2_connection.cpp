#include "proxy/http2_connection.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "core/check.hpp"
#include "proxy/http2_frames.hpp"
#include "proxy/http2_session.hpp"
#include "proxy/http2_stream.hpp"
#include "proxy/tls_session.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

// New requests may still be on their way when the client hears that the connection ends
// (RFC 9113 §6.8).
constexpr milliseconds goaway_pause{1000};
constexpr milliseconds linger_limit{2000};

}  // namespace

Http2Connection::Http2Connection(Worker& worker, Transport transport, Caller peer)
    : worker_(worker),
      transport_(std::move(transport)),
      session_(make_http2_session(*this)),
      peer_(std::move(peer)) {}

Http2Connection::~Http2Connection() {
  while (streams_ != nullptr) end_stream(*streams_);
  ::nghttp2_session_del(session_);
}

void Http2Connection::start(std::string_view received) {
  if (!send_http2_settings(session_)) return close();
  if (!received.empty() &&
      ::nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(received.data()),
                                 received.size()) < 0)
    return close();
  update_deadline();
  schedule();
  proceed();
}

bool Http2Connection::covers(std::string_view host) const {
  const auto* tls = transport_.tls();
  return tls == nullptr || tls->covers(host);
}

// Two steps, so that no request is lost that was sent before the client heard of it.
void Http2Connection::drain() {
  if (closed_) return;
  ::nghttp2_submit_shutdown_notice(session_);
  worker_.reactor.arm(*this, goaway_pause);
  schedule();
}

void Http2Connection::close() {
  if (std::exchange(closed_, true)) return;
  cancel();
  while (streams_ != nullptr) end_stream(*streams_);
  worker_.remove(*this);
}

void Http2Connection::on_events(std::uint32_t events) {
  transport_.note(events);
  if (transport_.is_broken()) return close();
  proceed();
}

void Http2Connection::on_time() {
  if (worker_.is_draining() && !told_to_end_) {
    told_to_end_ = true;
    ::nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                            ::nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                            nullptr, 0);
    return proceed();
  }
  if (taking_.is_running() && taking_.keeps_up(worker_.reactor.now(), transport_.bytes_taken(),
                                               worker_.limits.client_bytes_per_second))
    return worker_.reactor.arm(*this, worker_.limits.send_idle);
  // Nothing happens on it, a head does not come to its end, or the client takes too little.
  close();
}

// What the client still sends, window updates above all, must not reset the connection before it
// has read the last answer.
void Http2Connection::linger() {
  if (std::exchange(lingers_, true)) {
    // One that goes on with a flood has read enough.
    if (budget_.is_overdrawn()) close();
    return;
  }
  if (transport_.is_peer_closed()) return close();
  transport_.finish_writing();
  worker_.reactor.arm(*this, linger_limit);
}

void Http2Connection::schedule() {
  if (!closed_) worker_.reactor.soon(*this);
}

void Http2Connection::schedule(Http2Stream& stream) {
  if (!std::exchange(stream.is_waiting, true)) waiting_.push_back(&stream);
  schedule();
}

void Http2Connection::proceed() {
  if (proceeding_ || closed_) return;
  proceeding_ = true;
  const auto read = read_frames(worker_, transport_, session_, &budget_);
  bool is_alive = read != FramesRead::ended;
  if (read == FramesRead::some) schedule();
  if (is_alive) advance_streams();
  // Also says why the connection ends, where it still can.
  is_alive = write_frames(worker_, transport_, output_, session_) && is_alive;
  proceeding_ = false;
  if (!is_alive) return close();
  if (is_done()) return linger();
  if (!waiting_.empty()) schedule();
  update_deadline();
}

// After an error of the client's nghttp2 wants nothing more, whatever streams there are.
bool Http2Connection::is_done() const {
  if (!output_.empty() || transport_.has_output()) return false;
  if (::nghttp2_session_want_write(session_) != 0) return false;
  return ::nghttp2_session_want_read(session_) == 0 || (told_to_end_ && streams_ == nullptr);
}

// Not from within nghttp2's callbacks: streams read and write through the loop's own buffers.
void Http2Connection::advance_streams() {
  turn_.swap(waiting_);
  for (auto* stream : turn_) {
    stream->is_waiting = false;
    stream->proceed();
  }
  turn_.clear();
}

void Http2Connection::update_deadline() {
  if (closed_ || (worker_.is_draining() && !told_to_end_)) return;
  const auto& limits = worker_.limits;
  const bool is_blocked = !output_.empty() || transport_.has_output();
  if (is_blocked) {
    if (taking_.is_running()) return;
    taking_.begin(worker_.reactor.now(), transport_.bytes_taken());
    return worker_.reactor.arm(*this, limits.send_idle);
  }
  if (taking_.is_running()) cancel();
  taking_.stop();
  if (head_ != nullptr) {
    if (!is_armed()) worker_.reactor.arm(*this, limits.header);
  } else if (streams_ == nullptr) {
    worker_.reactor.arm(*this, limits.keep_alive);
  } else {
    cancel();
  }
}

void Http2Connection::begin_head(std::int32_t) {
  if (!taking_.is_running()) cancel();  // of the pause between requests
  head_ = worker_.take_http2_head();
}

void Http2Connection::add_field(std::string_view name, std::string_view value) {
  if (head_ != nullptr) head_->add(name, value);
}

void Http2Connection::end_head(std::int32_t id, Http2Head::Body body) {
  if (head_ == nullptr) return;
  auto* place = worker_.blocks.take(sizeof(Http2Stream));
  ensure(place != nullptr, "no memory for a stream");
  auto* stream = new (place) Http2Stream(*this, id);
  stream->next = streams_;
  if (streams_ != nullptr) streams_->previous = stream;
  streams_ = stream;
  ::nghttp2_session_set_stream_user_data(session_, id, stream);
  stream->begin_request(head_->build(body), body);
  worker_.give_back(std::move(head_));
}

void Http2Connection::end_stream(Http2Stream& stream) {
  if (stream.is_waiting) std::erase(waiting_, &stream);
  if (stream.next != nullptr) stream.next->previous = stream.previous;
  (stream.previous != nullptr ? stream.previous->next : streams_) = stream.next;
  ::nghttp2_session_set_stream_user_data(session_, stream.id(), nullptr);
  std::destroy_at(&stream);
  worker_.blocks.give(&stream);
}

}  // namespace temps::proxy
