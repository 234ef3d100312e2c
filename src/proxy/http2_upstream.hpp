// A connection to an upstream that speaks HTTP/2 without TLS (RFC 9113 §3.3), with a stream for
// each of many requests. Belongs to a loop's share of the upstream.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "proxy/http2_call.hpp"
#include "proxy/reactor.hpp"
#include "proxy/upstream.hpp"

struct nghttp2_session;

namespace temps::proxy {

class Worker;

class Http2Upstream final : public EventTarget, private UpstreamUser, private Timer {
 public:
  Http2Upstream(Worker& worker, const Lease& lease, std::unique_ptr<UpstreamConnection> connection);
  ~Http2Upstream() override;

  // One with room for another request, or a new one. nullptr, with errno set, when connecting
  // fails at once.
  static Http2Upstream* get(Worker& worker, Lease& lease);
  // Closes those that nothing uses, and lets the others take no more requests. For upstreams that
  // have left the table, and for the end of the loop.
  static void retire_all(LoopShare& share);

  void on_events(std::uint32_t) override {}
  void on_turn() override { proceed(); }

  // For calls.
  [[nodiscard]] Worker& worker() const { return worker_; }
  [[nodiscard]] nghttp2_session* session() const { return session_; }
  [[nodiscard]] bool is_open() const { return state_ == State::open; }
  void add(Http2Call& call);
  void remove(Http2Call& call);
  // Frames wait to be sent: they go out at the end of this round, with those of other streams.
  void schedule();
  // The call proceeds before that.
  void schedule(Http2Call& call);

  // From nghttp2's callbacks.
  void note_settings();

 private:
  enum class State : std::uint8_t { greeting, open, closed };
  void on_upstream_events() override { proceed(); }
  void on_time() override;
  void proceed();
  enum class Turn : std::uint8_t { wait, again, ended };
  [[nodiscard]] Turn take_turn();
  void advance_calls();
  [[nodiscard]] bool has_room() const;
  void turn_surplus_away();
  void update_deadline();
  void close(Http2Call::Failure failure);

  Worker& worker_;
  std::shared_ptr<Upstream> upstream_;  // whose share this is in
  LoopShare& share_;
  std::unique_ptr<UpstreamConnection> connection_;
  nghttp2_session* session_ = nullptr;
  std::vector<Http2Call*> calls_;
  std::vector<Http2Call*> waiting_;  // for their turn
  State state_ = State::greeting;
  bool takes_more_ = true;
  bool proceeding_ = false;
};

}  // namespace temps::proxy
