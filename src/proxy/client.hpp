// A client's HTTP/1 connection: reads requests one after the other, lets a responder answer each,
// and decides whether the connection goes on.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "http1/body.hpp"
#include "http1/http1.hpp"
#include "proxy/page.hpp"
#include "proxy/reactor.hpp"
#include "proxy/transport.hpp"

namespace temps::proxy {

class ClientConnection;
class Worker;

// Produces the answer to one request. It never destroys the connection or itself: it tells the
// connection finish(), abort() or hand_over() and returns.
class Responder {
 public:
  Responder() = default;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  virtual ~Responder() = default;
  // Something has changed on a socket: do as much as can be done without waiting.
  virtual void advance() = 0;
  // The deadline set by set_deadline() has passed.
  virtual void on_deadline() = 0;
  // Ends the responder's life, whatever it has reached.
  virtual void release() { delete this; }
};
struct ReleaseResponder {
  void operator()(Responder* responder) const { responder->release(); }
};
using ResponderPointer = std::unique_ptr<Responder, ReleaseResponder>;

// Answers with a page.
ResponderPointer page_responder(ClientConnection& client, Notice notice);

// What is kept of the request that is being answered; its head is gone by then.
struct RequestFacts {
  http1::Method method = http1::Method::get;
  int minor_version = 1;
  bool keep_alive = true;  // false as soon as anything forbids another request
  PageForm page_form = PageForm::html;
  std::string host;
  std::string id;
};

class ClientConnection final : public EventTarget, private Timer {
 public:
  ClientConnection(Worker& worker, int fd, std::string peer);
  ~ClientConnection() override;

  void start();
  void drain();  // as soon as the present request is answered
  void close();  // at once
  // Does all that can be done without waiting. Everything that happens ends up here.
  void proceed();
  void on_events(std::uint32_t events) override;
  void on_turn() override { proceed(); }

  // For responders.
  [[nodiscard]] Worker& worker() const { return worker_; }
  [[nodiscard]] std::string_view peer() const { return peer_; }
  [[nodiscard]] const RequestFacts& request() const { return request_; }
  [[nodiscard]] http1::BodyDecoder& body() { return body_; }
  [[nodiscard]] ByteQueue& input() { return input_; }  // read, but not dealt with yet
  [[nodiscard]] Transport& transport() { return transport_; }
  [[nodiscard]] const Outbox& output() const { return output_; }
  void send(std::span<const iovec> parts);
  void send(std::string_view text);
  void send_page(const Notice& notice);  // the whole answer: calls finish()
  void forbid_keep_alive() { request_.keep_alive = false; }
  void finish() { outcome_ = Outcome::finished; }
  void abort() { outcome_ = Outcome::aborted; }
  void hand_over(ResponderPointer successor) { next_responder_ = std::move(successor); }
  [[nodiscard]] bool is_ended() const { return outcome_ != Outcome::open; }
  void set_deadline(milliseconds from_now);
  void clear_deadline();

  ClientConnection* next = nullptr;  // of the worker's list
  ClientConnection* previous = nullptr;

 private:
  enum class State : std::uint8_t { reading, responding, flushing, lingering, closed };
  enum class Outcome : std::uint8_t { open, finished, aborted };
  enum class Turn : std::uint8_t { again, wait };

  void on_time() override;
  Turn step();
  Turn read_request();
  Turn wait_for_more(std::string_view text, bool is_queued);
  void begin(const http1::RequestHead& head, std::string_view text, bool is_queued);
  void note_request(const http1::RequestHead& head);
  ResponderPointer choose_responder(const http1::RequestHead& head);
  void refuse(const Notice& notice);
  Turn respond();
  Turn settle();
  Turn flush();
  Turn discard();
  void end_request();
  void skip_rest_of_body();

  Worker& worker_;
  Transport transport_;
  Outbox output_;
  ByteQueue input_;
  http1::BodyDecoder body_;
  RequestFacts request_;
  ResponderPointer responder_;
  ResponderPointer next_responder_;
  std::unique_ptr<http1::RequestParser> partial_;  // of a head that arrives in pieces
  std::string peer_;
  State state_ = State::reading;
  Outcome outcome_ = Outcome::open;
  bool input_is_new_ = false;  // input_ holds bytes that no parser has seen
  bool close_after_flush_ = false;
  bool proceeding_ = false;
};

}  // namespace temps::proxy
