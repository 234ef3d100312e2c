// A client's HTTP/2 connection (RFC 9113): frames in and out by nghttp2, a stream for each request.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/connection.hpp"
#include "proxy/http2_head.hpp"
#include "proxy/reactor.hpp"
#include "proxy/transport.hpp"

struct nghttp2_session;

namespace temps::proxy {

class Http2Stream;
class Worker;

class Http2Connection final : public Connection, private Timer {
 public:
  Http2Connection(Worker& worker, Transport transport, std::string peer);
  ~Http2Connection() override;

  void start();
  void drain() override;
  void close() override;
  void on_events(std::uint32_t events) override;
  void on_turn() override { proceed(); }
  [[nodiscard]] int descriptor() const { return transport_.fd(); }

  // For streams.
  [[nodiscard]] Worker& worker() const { return worker_; }
  [[nodiscard]] nghttp2_session* session() const { return session_; }
  [[nodiscard]] std::string_view peer() const { return peer_; }
  [[nodiscard]] bool covers(std::string_view host) const;
  [[nodiscard]] bool is_closed() const { return closed_; }
  // Frames wait to be sent: they go out at the end of this round, with those of other streams.
  void schedule();
  // The stream proceeds before that.
  void schedule(Http2Stream& stream);

  // From nghttp2's callbacks.
  void begin_head(std::int32_t stream);
  void add_field(std::string_view name, std::string_view value);
  void end_head(std::int32_t stream, Http2Head::Body body);
  void end_stream(Http2Stream& stream);

 private:
  void on_time() override;
  void proceed();
  [[nodiscard]] bool read_frames();
  void advance_streams();
  [[nodiscard]] bool write_frames();
  [[nodiscard]] bool send_settings();
  void update_deadline();
  void linger();

  Worker& worker_;
  Transport transport_;
  Outbox output_;
  nghttp2_session* session_ = nullptr;
  std::unique_ptr<Http2Head> head_;  // of a request that is arriving
  std::vector<Http2Stream*> waiting_;
  Http2Stream* streams_ = nullptr;
  std::string peer_;
  bool closed_ = false;
  bool proceeding_ = false;
  bool lingers_ = false;
  bool told_to_end_ = false;  // the final GOAWAY is out
};

}  // namespace temps::proxy
