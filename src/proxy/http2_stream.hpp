// One request on an HTTP/2 connection.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "proxy/exchange.hpp"
#include "proxy/http2_head.hpp"
#include "proxy/http2_output.hpp"
#include "proxy/reactor.hpp"
#include "proxy/transport.hpp"

namespace temps::proxy {

class Http2Connection;

class Http2Stream final : public Exchange, private Timer {
 public:
  Http2Stream(Http2Connection& connection, std::int32_t id);
  ~Http2Stream() override;

  // The head has come. Chooses who answers, and answers itself what is no whole request.
  void begin_request(const Http2Head::Built& built, Http2Head::Body body);
  // From nghttp2's callbacks: data of the body, its end, the stream's end.
  void add_body(std::string_view data);
  void end_body();
  [[nodiscard]] std::int32_t id() const { return id_; }
  void add_trailer(std::string_view name, std::string_view value);
  // Takes up to `count` bytes of the response for a DATA frame.
  ssize_t take_output(std::uint8_t* into, std::size_t count, std::uint32_t* flags);
  // END_STREAM has been sent.
  void note_end_sent();

  [[nodiscard]] const Caller& peer() const override;
  [[nodiscard]] int protocol() const override { return 20; }
  [[nodiscard]] bool is_secure() const override;
  [[nodiscard]] bool covers(std::string_view host) const override;
  [[nodiscard]] bool is_body_done() const override;
  BodyPart read_body(Gather& into) override;
  void release_body() override;
  [[nodiscard]] bool is_ready() const override;
  [[nodiscard]] std::size_t send_bytes_max() const override;
  void send_interim(const http1::ResponseHead& head) override;
  IoResult send_file(int file, off_t& offset, std::size_t count) override;
  void begin_tunnel(const http1::ResponseHead& head, Gather& rest) override;
  void finish_sending() override;
  void set_deadline(milliseconds from_now) override;
  void clear_deadline() override;
  void await_taking() override;
  void proceed() override;
  void soon() override;

  Http2Stream* next = nullptr;  // of the connection's list
  Http2Stream* previous = nullptr;
  bool is_waiting = false;  // for its turn

 private:
  void on_time() override;
  [[nodiscard]] bool takes_enough();
  void skip_body() override;
  void put_head(const http1::ResponseHead& head, Gather& body, Last last) override;
  void put(Gather& body, Last last) override;
  void settle();
  void end_exchange();
  void submit_head(const http1::ResponseHead& head);
  void append(const Gather& body, Last last);
  void resume();
  void consume(std::size_t bytes);
  void reset(std::uint32_t code);

  Http2Connection& connection_;
  const std::int32_t id_;
  ByteQueue input_;          // of the request's body
  Http2Output output_;       // of the response's body
  std::uint64_t taken_ = 0;  // of it, in all
  Pace others_;              // what all streams of the connection have taken meanwhile
  bool body_ended_ = false;  // END_STREAM has come
  bool discards_ = false;    // the rest of the body is not wanted
  bool is_tunnel_ = false;   // was asked for
  bool in_tunnel_ = false;   // was agreed to
  bool head_sent_ = false;
  bool is_over_ = false;  // the exchange has ended, the stream not yet
  bool proceeding_ = false;
};

}  // namespace temps::proxy
