// One request and the answer to it, whatever protocol the client speaks: what responders see of a
// client.
#pragma once
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compress/encoder.hpp"
#include "http1/body.hpp"
#include "http1/http1.hpp"
#include "proxy/access_facts.hpp"
#include "proxy/caller.hpp"
#include "proxy/compressed_files.hpp"
#include "proxy/compression.hpp"
#include "proxy/field_text.hpp"
#include "proxy/forwarding.hpp"
#include "proxy/pace.hpp"
#include "proxy/page.hpp"
#include "proxy/reactor.hpp"
#include "proxy/trailers.hpp"
#include "proxy/transport.hpp"

namespace temps::proxy {

class Policy;
class Worker;

// Produces the answer to one request. It never destroys the exchange or itself: it tells the
// exchange finish(), abort() or hand_over() and returns.
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

// What is kept of the request that is being answered; its head is gone by then. As it begins, it is
// that of a message that was no request: nothing is known of where the next one would start.
struct RequestFacts {
  http1::Method method = http1::Method::other;
  int minor_version = 1;
  TimePoint begun{};
  int status = 0;                 // of the answer; 0: none yet
  bool keep_alive = false;        // false as soon as anything forbids another request
  bool accepts_trailers = false;  // behind the response
  PageForm page_form = PageForm::html;
  std::optional<compress::Coding> coding{};  // that the client likes best
  std::string host;
  std::string id;
  std::string site;       // the release whose host the console is asked on; else empty
  Forwarding forwarding;  // of requests that trusted proxies send
};

// What there is of a request's body at the moment.
struct BodyPart {
  enum class Status : std::uint8_t {
    some,     // `bytes` were gathered; also 0 of them, when only the end of the body had come
    wait,     // for the next event
    gone,     // the client sends no more, though the body is not whole
    refused,  // the body cannot be understood: `reason`
  };
  Status status;
  std::uint64_t bytes = 0;
  std::string_view reason{};
};

enum class Last : std::uint8_t { no, yes };

// What is needed only while a request is being answered, so that idle connections are small. Loops
// keep some for the next requests.
struct Work {
  enum class Outcome : std::uint8_t { open, finished, aborted };

  // As new, but for the capacity of strings.
  void clear();

  RequestFacts request;
  AccessFacts access;
  std::shared_ptr<const Policy> policy;
  ResponderPointer responder;
  ResponderPointer next_responder;
  Outcome outcome = Outcome::open;
  std::unique_ptr<Trailers> request_trailers;
  std::unique_ptr<Trailers> trailers;  // of the response
  std::unique_ptr<Compression> compression;
  std::unique_ptr<CompressedFiles::Recording> recording;  // of what the compression makes
  // Of HTTP/1: the request's body, how much of what was read of it is gathered, and how the
  // response is framed.
  http1::BodyDecoder body;
  std::size_t body_used = 0;
  Pace taking;  // of the response, while it is waited for
  http1::Framing framing = http1::Framing::none;
  bool is_begun = false;  // the final head is out
};

class Exchange {
 public:
  explicit Exchange(Worker& worker) : worker_(worker) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  virtual ~Exchange();

  [[nodiscard]] Worker& worker() const { return worker_; }
  [[nodiscard]] const RequestFacts& request() const { return work_->request; }
  [[nodiscard]] const AccessFacts& access() const { return work_->access; }
  // 10, 11, 20: HTTP/1.0, 1.1, 2.
  [[nodiscard]] virtual int protocol() const { return 10 + work_->request.minor_version; }
  // Who is at the other end of the connection.
  [[nodiscard]] virtual const Caller& peer() const = 0;
  // Is the connection encrypted?
  [[nodiscard]] virtual bool is_secure() const = 0;
  // Who asks: the peer or, where that is a trusted proxy, whom it names.
  [[nodiscard]] std::string_view client_address() const;
  // Does the client speak https, to us, to a trusted proxy or to a balancer that says so?
  [[nodiscard]] bool is_https() const;
  // May requests for this host come over this connection? Not where the client was shown another
  // host's certificate (RFC 9110 §7.4).
  [[nodiscard]] virtual bool covers(std::string_view host) const = 0;

  // The request's body. What read_body() gathers is valid until release_body(), which must follow
  // when it was taken.
  [[nodiscard]] virtual bool is_body_done() const = 0;
  virtual BodyPart read_body(Gather& into) = 0;
  virtual void release_body() = 0;
  // Once the body is done; nullptr where the client has sent none.
  std::unique_ptr<Trailers> take_request_trailers() { return std::move(work_->request_trailers); }

  // Has the client taken what was sent? Nothing more is sent before that, but for ends.
  [[nodiscard]] virtual bool is_ready() const = 0;
  // How much it takes at once without keeping a lot of memory busy.
  [[nodiscard]] virtual std::size_t send_bytes_max() const = 0;
  virtual void send_interim(const http1::ResponseHead& head) = 0;
  // The final head, with what is there of the body. Connection fields in `head` are left out; its
  // framing says how the body's length is known. `body` keeps Gather::framing_parts free.
  // Both compress the body where the client takes that and the environment does not forbid it.
  void begin(const http1::ResponseHead& head, Gather& body, Last last);
  void send(Gather& body, Last last);
  // What begin() compresses bodies with that are worth it; nothing where it leaves them as they
  // are.
  [[nodiscard]] std::optional<compress::Coding> coding() const;
  // The body is kept as it is compressed; to be said before begin(), or taken back by nullptr.
  void record_compressed(std::unique_ptr<CompressedFiles::Recording> recording) {
    work_->recording = std::move(recording);
  }
  // From begin() on: then send_file() and raw_output() are of no use.
  [[nodiscard]] bool is_compressed() const { return work_->compression != nullptr; }
  // Go out behind the body, with the begin() or send() that is the last, to clients that take them.
  void set_trailers(std::unique_ptr<Trailers> trailers);
  // Of a body whose length was announced. As Transport::send_file().
  virtual IoResult send_file(int file, off_t& offset, std::size_t count) = 0;
  // Where bytes of a counted body may be written directly, past send(); nullptr where they may not.
  // Good as long as is_ready() was true.
  [[nodiscard]] virtual Transport* raw_output() { return nullptr; }
  // From here on bytes go both ways as they are, until both sides have ended; `head` agrees to it.
  virtual void begin_tunnel(const http1::ResponseHead& head, Gather& rest) = 0;
  virtual void finish_sending() = 0;
  // The whole answer: calls finish().
  void send_page(const Notice& notice);

  // Of the environment that is asked; nullptr where it has none. Set before anything is sent.
  [[nodiscard]] const Policy* policy() const { return work_->policy.get(); }
  void set_policy(std::shared_ptr<const Policy> policy) { work_->policy = std::move(policy); }
  // For the access log: who answers, when an app has begun to, and bytes of bodies.
  void note_release(std::string_view release) {
    if (work_->access.is_wanted) work_->access.release.assign(release);
  }
  void note_upstream_time(TimePoint::duration time) { work_->access.upstream = time; }
  void note_sent(std::uint64_t bytes) { work_->access.sent_bytes += bytes; }
  void note_received(std::uint64_t bytes) { work_->access.received_bytes += bytes; }
  // The console is told on whose host it is asked.
  void note_site(std::string_view release) { work_->request.site.assign(release); }
  void forbid_keep_alive() { work_->request.keep_alive = false; }
  void finish() { work_->outcome = Work::Outcome::finished; }
  void abort() { work_->outcome = Work::Outcome::aborted; }
  void hand_over(ResponderPointer successor) { work_->next_responder = std::move(successor); }
  [[nodiscard]] bool is_ended() const { return work_->outcome != Work::Outcome::open; }

  virtual void set_deadline(milliseconds from_now) = 0;
  virtual void clear_deadline() = 0;
  // The client has to take what was sent, in place of a deadline: it is closed when it takes too
  // little of it.
  virtual void await_taking() = 0;
  // Does all that can be done without waiting.
  virtual void proceed() = 0;
  // Calls proceed() in the next round, after others had their turn.
  virtual void soon() = 0;

 protected:
  // Takes what is kept of a request out of its head. What an earlier request has left is gone.
  void note_request(const http1::RequestHead& head);
  // Of a message that is no whole request.
  void note_broken_request();
  // With the final head, or the one that begins a tunnel.
  void note_answer(int status) { work_->request.status = status; }
  // As begin() and send(), with bodies that go out as they are.
  virtual void put_head(const http1::ResponseHead& head, Gather& body, Last last) = 0;
  virtual void put(Gather& body, Last last) = 0;
  void end_work();
  // The rest of the request's body is not wanted: throws away what is there of it.
  virtual void skip_body() = 0;

  void compress(const Gather& body, Last last, Gather& into);

  Worker& worker_;
  std::unique_ptr<Work> work_;  // from note_request() on; nothing while there is no request
};

// Answers with a page.
ResponderPointer page_responder(Exchange& exchange, Notice notice);

// A response of the proxy's own. Owns its text; views into it are good until the next add().
class Reply {
 public:
  explicit Reply(int status);  // with Date
  void add(std::string_view name, std::string_view value);
  // Announces `bytes` of body; `is_sent` is false where only the length is told (HEAD).
  void set_length(std::uint64_t bytes, bool is_sent);
  // No body, and no word of its length where that is not needed.
  void set_empty();
  [[nodiscard]] const http1::ResponseHead& head();

 private:
  FieldText fields_;
  http1::ResponseHead head_;
};

}  // namespace temps::proxy
