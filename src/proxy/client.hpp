// A client's HTTP/1 connection: reads requests one after the other, lets a responder answer each,
// and decides whether the connection goes on.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http1/http1.hpp"
#include "proxy/connection.hpp"
#include "proxy/exchange.hpp"
#include "proxy/reactor.hpp"
#include "proxy/transport.hpp"

namespace temps::proxy {

class ClientConnection final : public Connection, public Exchange, private Timer {
 public:
  ClientConnection(Worker& worker, Transport transport, Caller peer);
  ~ClientConnection() override;

  // `is_watched`: the reactor knows the descriptor already.
  enum class Watched : std::uint8_t { no, yes };
  void start(Watched watched);
  [[nodiscard]] int descriptor() const { return transport_.fd(); }
  void drain() override;
  void close() override;
  void on_events(std::uint32_t events) override;
  void on_turn() override { proceed(); }

  [[nodiscard]] const Caller& peer() const override { return peer_; }
  [[nodiscard]] bool is_secure() const override { return transport_.tls() != nullptr; }
  [[nodiscard]] bool covers(std::string_view host) const override;
  [[nodiscard]] bool is_body_done() const override { return work_->body.is_done(); }
  BodyPart read_body(Gather& into) override;
  void release_body() override;
  [[nodiscard]] bool is_ready() const override {
    return output_.empty() && !transport_.has_output();
  }
  [[nodiscard]] std::size_t send_bytes_max() const override { return Reactor::scratch_bytes; }
  void send_interim(const http1::ResponseHead& head) override;
  IoResult send_file(int file, off_t& offset, std::size_t count) override;
  [[nodiscard]] Transport* raw_output() override {
    const bool is_plain =
        transport_.writes_plainly() && work_->framing == http1::Framing::content_length;
    return is_plain ? &transport_ : nullptr;
  }
  void begin_tunnel(const http1::ResponseHead& head, Gather& rest) override;
  void finish_sending() override { transport_.finish_writing(); }
  void set_deadline(milliseconds from_now) override;
  void clear_deadline() override;
  void await_taking() override;
  void proceed() override;
  void soon() override;

 private:
  enum class State : std::uint8_t { reading, responding, flushing, lingering, closed };
  enum class Turn : std::uint8_t { again, wait };

  void on_time() override;
  bool takes_enough();
  Turn step();
  Turn read_request();
  Turn wait_for_more(std::string_view text, bool is_queued);
  void begin_request(const http1::RequestHead& head, std::string_view text, bool is_queued);
  BodyPart gather_body(std::string_view text, Gather& into);
  void send_parts(std::span<const iovec> parts);
  void send_framed(std::string_view head, Gather& body, Last last);
  [[nodiscard]] bool takes_trailers() const;
  void become_http2(std::string_view received);
  void refuse(const Notice& notice);
  Turn respond();
  Turn settle();
  Turn flush();
  Turn discard();
  void end_request();
  void skip_body() override;
  void put_head(const http1::ResponseHead& head, Gather& body, Last last) override;
  void put(Gather& body, Last last) override;

  Transport transport_;
  Outbox output_;
  ByteQueue input_;                                // read, but not dealt with yet
  std::unique_ptr<http1::RequestParser> partial_;  // of a head that arrives in pieces
  Caller peer_;
  State state_ = State::reading;
  bool is_fresh_ = true;       // no request has come yet
  bool input_is_new_ = false;  // input_ holds bytes that no parser has seen
  bool close_after_flush_ = false;
  bool proceeding_ = false;
};

}  // namespace temps::proxy
