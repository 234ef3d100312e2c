#include "proxy/http2_upstream.hpp"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <utility>

#include "proxy/http2_frames.hpp"
#include "proxy/http2_session.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

// Requests of one loop that share a connection, also where the upstream would allow more: they
// share one socket's buffers, too.
constexpr std::size_t calls_max = 128;

using Failure = Http2Call::Failure;

}  // namespace

Http2Upstream::Http2Upstream(Worker& worker, const Lease& lease,
                             std::unique_ptr<UpstreamConnection> connection)
    : worker_(worker),
      upstream_(lease.shared()),
      share_(lease.share()),
      connection_(std::move(connection)),
      session_(make_http2_session(*this)) {
  connection_->set_user(this);
}

Http2Upstream::~Http2Upstream() { ::nghttp2_session_del(session_); }

Http2Upstream* Http2Upstream::get(Worker& worker, Lease& lease) {
  auto& share = lease.share();
  for (auto& connection : share.multiplexed)
    if (connection->has_room()) return connection.get();
  auto socket = UpstreamConnection::connect(worker.reactor, lease.upstream());
  if (socket == nullptr) return nullptr;
  auto made = std::make_unique<Http2Upstream>(worker, lease, std::move(socket));
  auto* connection = made.get();
  share.multiplexed.push_back(std::move(made));
  worker.reactor.arm(*connection, worker.limits.connect);
  connection->schedule();
  return connection;
}

void Http2Upstream::retire_all(LoopShare& share) {
  std::vector<Http2Upstream*> all;
  all.reserve(share.multiplexed.size());
  for (auto& connection : share.multiplexed) all.push_back(connection.get());
  for (auto* connection : all) {
    connection->takes_more_ = false;
    if (connection->calls_.empty()) connection->close(Failure::none);
  }
}

bool Http2Upstream::has_room() const {
  if (state_ == State::closed || !takes_more_ || calls_.size() >= calls_max) return false;
  if (state_ == State::greeting) return true;
  return ::nghttp2_session_check_request_allowed(session_) != 0 &&
         calls_.size() < ::nghttp2_session_get_remote_settings(
                             session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
}

void Http2Upstream::add(Http2Call& call) {
  calls_.push_back(&call);
  update_deadline();
}

void Http2Upstream::remove(Http2Call& call) {
  std::erase(calls_, &call);
  if (std::exchange(call.is_waiting, false))
    std::replace(waiting_.begin(), waiting_.end(), &call, static_cast<Http2Call*>(nullptr));
  update_deadline();
  if (!calls_.empty()) return;
  // Of an upstream that has left, nothing is kept: nobody would end it later.
  if (share_.in_table || proceeding_) return schedule();
  close(Failure::none);
}

void Http2Upstream::schedule() {
  if (state_ != State::closed && !proceeding_) worker_.reactor.soon(*this);
}

void Http2Upstream::schedule(Http2Call& call) {
  if (!std::exchange(call.is_waiting, true)) waiting_.push_back(&call);
  schedule();
}

void Http2Upstream::proceed() {
  if (proceeding_ || state_ == State::closed || connection_->connecting) return;
  if (connection_->connect_failed) return close(Failure::unreachable);
  proceeding_ = true;
  const auto turn = take_turn();
  proceeding_ = false;
  if (turn == Turn::ended)
    return close(state_ == State::greeting ? Failure::not_http2 : Failure::lost);
  const bool is_wanted =
      takes_more_ && share_.in_table && ::nghttp2_session_check_request_allowed(session_) != 0;
  if (calls_.empty() && !is_wanted) return close(Failure::none);
  if (turn == Turn::again || !waiting_.empty()) schedule();
}

// Reads, lets the calls proceed and writes.
Http2Upstream::Turn Http2Upstream::take_turn() {
  auto& transport = connection_->transport;
  const auto read = read_frames(worker_, transport, session_);
  advance_calls();
  const bool is_written = write_frames(worker_, transport, connection_->output, session_);
  const bool is_done =
      ::nghttp2_session_want_read(session_) == 0 && ::nghttp2_session_want_write(session_) == 0;
  if (!is_written || read == FramesRead::ended || is_done) return Turn::ended;
  return read == FramesRead::some ? Turn::again : Turn::wait;
}

// Not from within nghttp2's callbacks: calls read and write through the loop's own buffers.
void Http2Upstream::advance_calls() {
  const auto count = waiting_.size();
  for (std::size_t i = 0; i < count; ++i) {
    auto* call = std::exchange(waiting_[i], nullptr);
    if (call == nullptr) continue;
    call->is_waiting = false;
    call->proceed();
  }
  std::erase(waiting_, nullptr);
}

void Http2Upstream::note_settings() {
  if (state_ != State::greeting) return;
  state_ = State::open;
  turn_surplus_away();
  for (auto* call : calls_) schedule(*call);
  update_deadline();
}

// More have joined than the upstream takes at once.
void Http2Upstream::turn_surplus_away() {
  const std::size_t limit =
      ::nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
  for (std::size_t i = limit; i < calls_.size(); ++i) calls_[i]->fail(Failure::turned_away);
}

void Http2Upstream::update_deadline() {
  if (state_ != State::open) return;
  if (calls_.empty()) {
    worker_.reactor.arm(*this, worker_.limits.upstream_http2_idle);
  } else {
    cancel();
  }
}

void Http2Upstream::on_time() {
  if (state_ == State::greeting) return close(Failure::late);
  ::nghttp2_session_terminate_session(session_, NGHTTP2_NO_ERROR);
  static_cast<void>(write_frames(worker_, connection_->transport, connection_->output, session_));
  close(Failure::none);
}

// Tells the calls, of which none uses it after that, and frees it after this round.
void Http2Upstream::close(Failure failure) {
  if (std::exchange(state_, State::closed) == State::closed) return;
  cancel();
  connection_->set_user(nullptr);
  while (!calls_.empty()) {
    auto* call = calls_.back();
    calls_.pop_back();
    call->note_connection_closed(failure);
    call->proceed();
  }
  worker_.reactor.retire(std::move(connection_));
  const auto self = std::ranges::find_if(share_.multiplexed,
                                         [this](const auto& held) { return held.get() == this; });
  auto held = std::move(*self);
  share_.multiplexed.erase(self);
  worker_.reactor.retire(std::move(held));
}

}  // namespace temps::proxy
