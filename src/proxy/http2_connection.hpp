// A client's HTTP/2 connection (RFC 9113): frames in and out by nghttp2, a stream for each request.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/caller.hpp"
#include "proxy/connection.hpp"
#include "proxy/http2_budget.hpp"
#include "proxy/http2_head.hpp"
#include "proxy/pace.hpp"
#include "proxy/reactor.hpp"
#include "proxy/transport.hpp"

struct nghttp2_session;

namespace temps::proxy {

class Http2Stream;
class Worker;

class Http2Connection final : public Connection, private Timer {
 public:
  Http2Connection(Worker& worker, Transport transport, Caller peer);
  ~Http2Connection() override;

  // `received`: read off the socket already.
  void start(std::string_view received = {});
  void drain() override;
  void close() override;
  void on_events(std::uint32_t events) override;
  void on_turn() override { proceed(); }
  [[nodiscard]] int descriptor() const { return transport_.fd(); }

  // For streams.
  [[nodiscard]] Worker& worker() const { return worker_; }
  [[nodiscard]] nghttp2_session* session() const { return session_; }
  [[nodiscard]] const Caller& peer() const { return peer_; }
  [[nodiscard]] bool is_secure() const { return transport_.tls() != nullptr; }
  [[nodiscard]] bool covers(std::string_view host) const;
  [[nodiscard]] bool is_closed() const { return closed_; }
  // Of the bodies of all responses.
  [[nodiscard]] std::uint64_t bytes_taken() const { return bytes_taken_; }
  void note_taken(std::size_t bytes) { bytes_taken_ += bytes; }
  // Frames wait to be sent: they go out at the end of this round, with those of other streams.
  void schedule();
  // The stream proceeds before that.
  void schedule(Http2Stream& stream);

  // From nghttp2's callbacks.
  [[nodiscard]] Http2Budget& budget() { return budget_; }
  void begin_head(std::int32_t stream);
  void add_field(std::string_view name, std::string_view value);
  void end_head(std::int32_t stream, Http2Head::Body body);
  void end_stream(Http2Stream& stream);

 private:
  void on_time() override;
  void proceed();
  [[nodiscard]] bool is_done() const;
  void advance_streams();
  void update_deadline();
  void linger();

  Worker& worker_;
  Transport transport_;
  Outbox output_;
  nghttp2_session* session_ = nullptr;
  std::unique_ptr<Http2Head> head_;  // of a request that is arriving
  Http2Budget budget_;
  std::uint64_t bytes_taken_ = 0;
  Pace taking_;  // of what waits for the client's system
  std::vector<Http2Stream*> waiting_;
  std::vector<Http2Stream*> turn_;  // of those
  Http2Stream* streams_ = nullptr;
  Caller peer_;
  bool closed_ = false;
  bool proceeding_ = false;
  bool lingers_ = false;
  bool told_to_end_ = false;  // the final GOAWAY is out
};

}  // namespace temps::proxy
