// Answers a request from an upstream: sends it on, streams both bodies with back-pressure, and
// tries again where that is safe.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http1/body.hpp"
#include "http1/http1.hpp"
#include "proxy/exchange.hpp"
#include "proxy/snapshot.hpp"
#include "proxy/splice_pipe.hpp"
#include "proxy/upstream.hpp"
#include "proxy/upstream_choice.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {

class Forward final : public Responder, public UpstreamUser {
 public:
  explicit Forward(Worker& worker) : worker_(worker), choice_(worker) {}
  // Takes what it needs out of `head`.
  static ResponderPointer begin(Exchange& client, const http1::RequestHead& head,
                                const Target& target);
  // In place of a responder that has this choice.
  static ResponderPointer begin(Exchange& client, const http1::RequestHead& head,
                                const UpstreamChoice& choice);
  // Does the request ask for a tunnel that an app can be asked for?
  static bool may_upgrade(const http1::RequestHead& head);
  void advance() override;
  void on_deadline() override;
  void on_upstream_events() override { client_->proceed(); }
  void release() override;

 private:
  // What one of the two directions has done.
  enum class Step : std::uint8_t { idle, progress, ended };

  void prepare(Exchange& client, const http1::RequestHead& head);
  bool is_connected();
  bool connect();
  bool open_connection();
  void send_head();
  void note_connect_failure(UpstreamChoice::Unreached how);
  void end_with(const Notice& notice);

  Step pump_request();
  Step refuse_body(const Notice& notice);
  [[nodiscard]] std::string request_trailers();

  Step pump_response();
  Step read_response();
  Step read_heads(std::string_view text, bool is_queued);
  Step start_response(const http1::ResponseHead& head, std::string_view rest);
  Step pass_interim(const http1::ResponseHead& head);
  Step start_tunnel(const http1::ResponseHead& head, std::string_view rest);
  Step relay(const http1::ResponseHead* head, std::string_view text);
  [[nodiscard]] bool may_splice();
  Step splice_response();
  Step give_spliced(Transport& to);
  void end_splicing();
  Step upstream_closed();
  Step lost();
  Step finish(bool is_reusable);
  void drop_upstream();
  [[nodiscard]] static std::uint64_t body_bytes_max(const Exchange& client);
  [[nodiscard]] milliseconds first_byte() const;
  [[nodiscard]] bool is_taken() const;
  void await_either();
  void update_deadline();
  [[nodiscard]] bool gives_too_little();
  [[nodiscard]] bool may_send_again() const;

  Worker& worker_;
  Exchange* client_ = nullptr;
  UpstreamChoice choice_;
  std::unique_ptr<UpstreamConnection> upstream_;
  std::string head_;       // as sent to the upstream, kept until the answer begins
  std::string announced_;  // fields that may come behind the request's body
  http1::ResponseParser parser_;
  http1::BodyDecoder response_body_;
  ByteQueue response_head_bytes_;       // of a head that arrives in pieces
  std::unique_ptr<Trailers> trailers_;  // of a response that is arriving
  std::unique_ptr<SplicePipe> pipe_;    // while a body goes through it
  // What is read of the response at once: more while the client takes it as fast as it comes.
  static constexpr std::size_t read_bytes_first = 64UL * 1024;
  std::size_t read_bytes_ = read_bytes_first;
  std::uint64_t body_taken_ = 0;
  Pace giving_;  // of the request's body
  int interim_count_ = 0;
  int cut_off_ = 0;
  bool request_chunked_ = false;
  bool upload_touched_ = false;  // some of the request's body is gone: it cannot be sent again
  bool upload_done_ = false;
  bool upload_broken_ = false;  // the upstream takes no more of it, but may still answer
  bool response_started_ = false;
  bool response_seen_ = false;  // any byte of it
  bool retried_ = false;
  bool timed_out_ = false;
  bool was_connecting_ = false;
  bool upgrade_ = false;
  bool splice_failed_ = false;
  bool nothing_sent_ = false;  // the kernel refused the first byte of the request
};

}  // namespace temps::proxy
