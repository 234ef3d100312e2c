#include "proxy/http2_stream.hpp"

#include <nghttp2/nghttp2.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "proxy/dispatch.hpp"
#include "proxy/http2_connection.hpp"
#include "proxy/http2_fields.hpp"
#include "proxy/http2_response.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

// Of a response, before the client takes it.
constexpr std::size_t output_bytes_max = 64UL * 1024;

ssize_t read_output(nghttp2_session*, std::int32_t, std::uint8_t* into, std::size_t count,
                    std::uint32_t* flags, nghttp2_data_source* source, void*) {
  return static_cast<Http2Stream*>(source->ptr)->take_output(into, count, flags);
}

}  // namespace

Http2Stream::Http2Stream(Http2Connection& connection, std::int32_t id)
    : Exchange(connection.worker()),
      connection_(connection),
      id_(id),
      input_(worker_.bytes),
      output_(worker_.bytes) {}

Http2Stream::~Http2Stream() { end_work(); }

const Caller& Http2Stream::peer() const { return connection_.peer(); }
bool Http2Stream::is_secure() const { return connection_.is_secure(); }
bool Http2Stream::covers(std::string_view host) const { return connection_.covers(host); }

void Http2Stream::begin_request(const Http2Head::Built& built, Http2Head::Body body) {
  body_ended_ = body == Http2Head::Body::none;
  is_tunnel_ = built.is_tunnel;
  if (built.head == nullptr) {
    note_broken_request();
    work_->responder =
        page_responder(*this, notices::refused(built.failure.status, built.failure.reason));
  } else {
    note_request(*built.head);
    work_->responder = choose_responder(*this, *built.head);
  }
  soon();
}

bool Http2Stream::is_body_done() const {
  // What follows an extended CONNECT belongs to the tunnel.
  if (is_tunnel_ && !in_tunnel_) return true;
  return body_ended_ && input_.size() == work_->body_used;
}

void Http2Stream::add_body(std::string_view data) {
  if (discards_ || is_over_) return consume(data.size());
  input_.append(data);
  soon();
}

// Trailers of requests that are too long are as good as none: the request is refused.
void Http2Stream::add_trailer(std::string_view name, std::string_view value) {
  if (is_over_ || work_ == nullptr) return;
  auto& trailers = work_->request_trailers;
  if (trailers == nullptr) trailers = std::make_unique<Trailers>();
  if (!trailers->add(name, value)) reset(NGHTTP2_ENHANCE_YOUR_CALM);
}

void Http2Stream::end_body() {
  body_ended_ = true;
  if (!is_over_) soon();
}

BodyPart Http2Stream::read_body(Gather& into) {
  if (input_.empty()) {
    if (!body_ended_) return {BodyPart::Status::wait};
    return {in_tunnel_ ? BodyPart::Status::gone : BodyPart::Status::some};
  }
  into.add(input_.view());
  work_->body_used = input_.size();
  return {BodyPart::Status::some, work_->body_used};
}

void Http2Stream::release_body() {
  const auto used = std::exchange(work_->body_used, 0);
  input_.take(used);
  note_received(used);
  consume(used);
}

void Http2Stream::skip_body() {
  discards_ = true;
  const auto left = input_.size();
  input_ = {};
  work_->body_used = 0;
  consume(left);
}

// Opens the client's window again.
void Http2Stream::consume(std::size_t bytes) {
  if (bytes == 0) return;
  ::nghttp2_session_consume(connection_.session(), id_, bytes);
  connection_.schedule();
}

bool Http2Stream::is_ready() const { return output_.size() < output_bytes_max; }

std::size_t Http2Stream::send_bytes_max() const { return output_bytes_max; }

void Http2Stream::send_interim(const http1::ResponseHead& head) {
  Http2Fields fields(worker_.head_out, response_name_bytes(*this, head));
  add_response(fields, *this, head);
  ::nghttp2_submit_headers(connection_.session(), NGHTTP2_FLAG_NONE, id_, nullptr,
                           fields.all().data(), fields.all().size(), nullptr);
  connection_.schedule();
}

void Http2Stream::submit_head(const http1::ResponseHead& head) {
  head_sent_ = true;
  Http2Fields fields(worker_.head_out, response_name_bytes(*this, head));
  add_response(fields, *this, head);
  nghttp2_data_provider provider{};
  provider.source.ptr = this;
  provider.read_callback = read_output;
  ::nghttp2_submit_response(connection_.session(), id_, fields.all().data(), fields.all().size(),
                            output_.has_more() ? &provider : nullptr);
  connection_.schedule();
}

void Http2Stream::put_head(const http1::ResponseHead& head, Gather& body, Last last) {
  append(body, last);
  submit_head(head);
}

void Http2Stream::put(Gather& body, Last last) {
  append(body, last);
  resume();
}

void Http2Stream::append(const Gather& body, Last last) {
  output_.append(body);
  note_sent(body.bytes());
  if (last == Last::yes) output_.end(std::move(work_->trailers));
}

void Http2Stream::resume() {
  if (output_.resume(connection_.session(), id_)) connection_.schedule();
}

IoResult Http2Stream::send_file(int file, off_t& offset, std::size_t count) {
  if (!is_ready()) return {Io::would_block};
  const auto scratch = worker_.reactor.scratch();
  const auto got = ::pread(file, scratch.data(), std::min(count, output_bytes_max), offset);
  if (got < 0) return {Io::failed};
  if (got == 0) return {Io::closed};
  offset += got;
  output_.append({scratch.data(), static_cast<std::size_t>(got)});
  note_sent(static_cast<std::uint64_t>(got));
  resume();
  return {Io::done, static_cast<std::size_t>(got)};
}

void Http2Stream::begin_tunnel(const http1::ResponseHead& head, Gather& rest) {
  in_tunnel_ = true;
  append(rest, Last::no);
  note_answer(head.status);
  head_sent_ = true;
  Http2Fields fields(worker_.head_out, response_name_bytes(*this, head));
  add_response(fields, *this, head, ResponseKind::tunnel);
  nghttp2_data_provider provider{};
  provider.source.ptr = this;
  provider.read_callback = read_output;
  ::nghttp2_submit_response(connection_.session(), id_, fields.all().data(), fields.all().size(),
                            &provider);
  connection_.schedule();
}

void Http2Stream::finish_sending() {
  output_.end();
  resume();
}

ssize_t Http2Stream::take_output(std::uint8_t* into, std::size_t count, std::uint32_t* flags) {
  const bool was_ready = is_ready();
  const auto before = output_.size();
  const auto taken = output_.take(connection_.session(), id_, into, count, flags, worker_.head_out);
  const auto bytes = before - output_.size();
  taken_ += bytes;
  connection_.note_taken(bytes);
  if (is_over_ && output_.empty()) clear_deadline();
  if (!was_ready && is_ready() && !is_over_) soon();
  return taken;
}

void Http2Stream::note_end_sent() {
  // RFC 9113 §8.1: the rest of the request is not needed.
  if (!body_ended_) reset(NGHTTP2_NO_ERROR);
}

void Http2Stream::set_deadline(milliseconds from_now) {
  work_->taking.stop();
  worker_.reactor.arm(*this, from_now);
}

// Even what nobody waits for has to be taken: a client may never open its window for it.
void Http2Stream::clear_deadline() {
  if (!output_.empty()) return await_taking();
  work_->taking.stop();
  cancel();
}

void Http2Stream::await_taking() {
  if (work_->taking.is_running()) return;
  const auto now = worker_.reactor.now();
  set_deadline(worker_.limits.send_idle);
  work_->taking.begin(now, taken_);
  others_.begin(now, connection_.bytes_taken());
}

// Where the client lets the stream send, or takes what others send, this one only waits for its
// turn.
bool Http2Stream::takes_enough() {
  const auto now = worker_.reactor.now();
  const auto rate = worker_.limits.client_bytes_per_second;
  const bool own = work_->taking.keeps_up(now, taken_, rate);
  const bool others = others_.keeps_up(now, connection_.bytes_taken(), rate);
  if (own) return true;
  if (::nghttp2_session_get_stream_remote_window_size(connection_.session(), id_) <= 0)
    return false;
  return others || ::nghttp2_session_get_remote_window_size(connection_.session()) > 0;
}

void Http2Stream::on_time() {
  if (work_->taking.is_running()) {
    if (output_.empty()) return clear_deadline();
    if (takes_enough()) return worker_.reactor.arm(*this, worker_.limits.send_idle);
    if (is_over_) return reset(NGHTTP2_CANCEL);
  }
  if (is_over_ || work_->responder == nullptr) return;
  // A client that takes nothing of its response is not waited for any longer.
  if (work_->taking.is_running() || !is_ready()) {
    abort();
  } else {
    work_->responder->on_deadline();
  }
  settle();
}

void Http2Stream::proceed() {
  if (proceeding_ || is_over_) return;
  proceeding_ = true;
  if (work_->responder != nullptr && !is_ended()) work_->responder->advance();
  settle();
  proceeding_ = false;
}

void Http2Stream::soon() { connection_.schedule(*this); }

void Http2Stream::settle() {
  if (work_->next_responder != nullptr && work_->outcome == Work::Outcome::open) {
    work_->responder = std::move(work_->next_responder);
    return soon();
  }
  if (work_->outcome == Work::Outcome::open) return;
  end_exchange();
}

void Http2Stream::end_exchange() {
  is_over_ = true;
  clear_deadline();
  work_->responder.reset();
  work_->next_responder.reset();
  if (work_->outcome == Work::Outcome::aborted || !head_sent_) return reset(NGHTTP2_INTERNAL_ERROR);
  skip_body();
  output_.end();
  resume();
}

void Http2Stream::reset(std::uint32_t code) {
  ::nghttp2_submit_rst_stream(connection_.session(), NGHTTP2_FLAG_NONE, id_, code);
  connection_.schedule();
}

}  // namespace temps::proxy
