// One request to an upstream that speaks HTTP/2: a stream of a connection that others use, too.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "http1/http1.hpp"
#include "proxy/http2_answer.hpp"
#include "proxy/http2_output.hpp"
#include "proxy/trailers.hpp"
#include "proxy/transport.hpp"
#include "proxy/upstream.hpp"

namespace temps::proxy {

class Http2Upstream;
class Worker;

class Http2Call {
 public:
  explicit Http2Call(UpstreamUser& user) : user_(user) {}
  ~Http2Call() { leave(); }
  Http2Call(const Http2Call&) = delete;
  Http2Call& operator=(const Http2Call&) = delete;

  enum class Failure : std::uint8_t {
    none,
    unreachable,  // nobody takes connections there
    late,         // neither connected nor greeted in time
    not_http2,    // what came is no HTTP/2
    turned_away,  // certainly not carried out: may be sent again
    lost,         // broken off
  };

  // A place on a connection to the upstream. False, with errno set, when connecting fails at once.
  [[nodiscard]] bool join(Worker& worker, Lease& lease);
  // Ends the stream, where it has not ended, and is as new.
  void leave();
  [[nodiscard]] bool has_place() const { return connection_ != nullptr; }
  // Has the upstream greeted? Only then is a request sent.
  [[nodiscard]] bool is_open() const;
  // May an open one be asked for tunnels?
  [[nodiscard]] bool takes_tunnels() const;
  // Was the connection there before this request?
  [[nodiscard]] bool is_reused() const { return is_reused_; }
  [[nodiscard]] Failure failure() const { return failure_; }

  // Of heads that the proxy has written: with room for what it has added.
  static constexpr http1::HeadLimits head_limits{
      .head_bytes = 256UL * 1024, .target_bytes = 64UL * 1024, .fields = http1::Fields::capacity};
  // `head`: of a request as HTTP/1 has it. Without a body, end() comes before.
  struct Request {
    std::string_view head;
    bool accepts_trailers = false;
    std::string_view protocol{};  // of a tunnel that is asked for (RFC 8441)
  };
  void submit(const Request& request);
  [[nodiscard]] bool is_submitted() const { return stream_ > 0; }
  // May more be sent?
  [[nodiscard]] bool is_ready() const;
  [[nodiscard]] bool has_output() const { return !output_.empty(); }
  void send(const Gather& body);
  void end(std::unique_ptr<Trailers> trailers = nullptr);

  // The next head, interim ones first; nullptr when none has come. Good until take_head().
  const http1::ResponseHead* head(http1::Method request);
  [[nodiscard]] bool is_head_bad() const { return is_head_bad_; }
  void take_head() { heads_.pop_front(); }
  // What is there of the body, and that so much of it is dealt with: the window opens again.
  [[nodiscard]] std::string_view body() const { return input_.view(); }
  void take_body(std::size_t bytes);
  // The upstream has sent all of its answer.
  [[nodiscard]] bool is_answered() const { return is_answered_; }
  std::unique_ptr<Trailers> take_trailers() { return std::move(trailers_); }

  // For the connection and nghttp2's callbacks.
  [[nodiscard]] std::int32_t stream() const { return stream_; }
  void begin_head();
  // False where it is too much.
  [[nodiscard]] bool add_field(std::string_view name, std::string_view value);
  void end_head(Http2Answer::Body body);
  void add_body(std::string_view data);
  void end_answer();
  void fail(Failure failure);
  void note_stream_closed(std::uint32_t code);
  void note_connection_closed(Failure failure);
  ssize_t take_output(std::uint8_t* into, std::size_t count, std::uint32_t* flags);
  void proceed() { user_.on_upstream_events(); }
  bool is_waiting = false;  // for its turn

 private:
  UpstreamUser& user_;
  Http2Upstream* connection_ = nullptr;
  std::int32_t stream_ = 0;
  Http2Output output_;
  ByteQueue input_;
  std::deque<Http2Answer> heads_;
  std::unique_ptr<Trailers> trailers_;
  Failure failure_ = Failure::none;
  bool is_reused_ = false;
  bool is_closed_ = false;         // the stream is, for both sides
  bool is_head_arriving_ = false;  // the last of heads_ is not whole yet
  bool has_final_head_ = false;
  bool is_head_bad_ = false;
  bool is_answered_ = false;
};

}  // namespace temps::proxy
