// Answers a request from an upstream that speaks HTTP/2 without TLS, such as a gRPC server: sends
// it on, streams both ways with back-pressure, and tries again where that is safe.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http1/http1.hpp"
#include "proxy/exchange.hpp"
#include "proxy/http2_call.hpp"
#include "proxy/snapshot.hpp"
#include "proxy/upstream_choice.hpp"

namespace temps::proxy {

class Http2Forward final : public Responder, public UpstreamUser {
 public:
  // Takes what it needs out of `head`.
  static ResponderPointer begin(Exchange& client, const http1::RequestHead& head,
                                const Target& target);
  // One that can be had by HTTP/2, too.
  static bool asks_for_websocket(const http1::RequestHead& head);
  Http2Forward(Exchange& client, const http1::RequestHead& head, const Target& target);
  void advance() override;
  void on_deadline() override;
  void on_upstream_events() override { client_.proceed(); }

 private:
  // What one of the two directions has done.
  enum class Step : std::uint8_t { idle, progress, ended };

  [[nodiscard]] bool is_connected();
  [[nodiscard]] bool connect();
  bool recover();
  Step pump_request();
  Step pump_response();
  Step pass_interim(const http1::ResponseHead& head);
  Step pass_body(const http1::ResponseHead* head);
  void begin_response(const http1::ResponseHead& head, Gather& body, Last last);
  Step refuse_body(const Notice& notice);
  Step finish();
  // A WebSocket.
  void fall_back();
  Step start_tunnel(const http1::ResponseHead& head);
  void advance_tunnel();
  Step pump_up();
  Step pump_down();
  void end_with(const Notice& notice);
  [[nodiscard]] Notice failure_notice();
  void update_deadline();
  [[nodiscard]] milliseconds first_byte() const;
  [[nodiscard]] bool gives_too_little();
  [[nodiscard]] bool is_grpc() const { return client_.request().page_form == PageForm::grpc; }

  Exchange& client_;
  Worker& worker_;
  UpstreamChoice choice_;
  Http2Call call_;
  std::string head_;  // in the form of HTTP/1, kept until the answer begins
  std::string key_;   // of a WebSocket that is asked for
  std::uint64_t body_bytes_max_;
  std::uint64_t body_taken_ = 0;
  Pace giving_;            // of the request's body
  milliseconds patience_;  // of the client, for the answer to begin
  int interim_count_ = 0;
  int turned_away_ = 0;
  int cut_off_ = 0;
  bool upload_touched_ = false;  // some of the request's body is gone: it cannot be sent again
  bool upload_done_ = false;
  bool response_started_ = false;
  bool retried_ = false;
  bool timed_out_ = false;
  bool is_websocket_ = false;
  bool in_tunnel_ = false;
  bool client_done_ = false;  // of a tunnel
  bool upstream_done_ = false;
};

// How long a gRPC client waits ("grpc-timeout"); nothing where it does not say so.
std::optional<milliseconds> grpc_timeout(std::string_view text);

}  // namespace temps::proxy
