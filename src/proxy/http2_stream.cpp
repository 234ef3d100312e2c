#include "proxy/http2_stream.hpp"

#include <nghttp2/nghttp2.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "proxy/dispatch.hpp"
#include "proxy/http2_connection.hpp"
#include "proxy/http2_response.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

// Of a response, before the client takes it.
constexpr std::size_t output_bytes_max = 64UL * 1024;

ssize_t read_output(nghttp2_session*, std::int32_t, std::uint8_t* into, std::size_t count,
                    std::uint32_t* flags, nghttp2_data_source* source, void*) {
  const auto taken = static_cast<Http2Stream*>(source->ptr)->take_output(into, count);
  if (taken.must_wait) return NGHTTP2_ERR_DEFERRED;
  if (taken.is_end) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(taken.bytes);
}

}  // namespace

Http2Stream::Http2Stream(Http2Connection& connection, std::int32_t id)
    : Exchange(connection.worker()), connection_(connection), id_(id) {}

Http2Stream::~Http2Stream() { end_work(); }

std::string_view Http2Stream::peer() const { return connection_.peer(); }
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
  Http2Response response(*this, head);
  ::nghttp2_submit_headers(connection_.session(), NGHTTP2_FLAG_NONE, id_, nullptr,
                           response.fields().data(), response.fields().size(), nullptr);
  connection_.schedule();
}

void Http2Stream::submit_head(const http1::ResponseHead& head, Last last) {
  note_answer(head.status);
  head_sent_ = true;
  Http2Response response(*this, head);
  nghttp2_data_provider provider{};
  provider.source.ptr = this;
  provider.read_callback = read_output;
  const bool has_body = last == Last::no || !output_.empty();
  ::nghttp2_submit_response(connection_.session(), id_, response.fields().data(),
                            response.fields().size(), has_body ? &provider : nullptr);
  connection_.schedule();
}

void Http2Stream::begin(const http1::ResponseHead& head, Gather& body, Last last) {
  append(body, last);
  submit_head(head, last);
}

void Http2Stream::send(Gather& body, Last last) {
  append(body, last);
  resume();
}

void Http2Stream::append(const Gather& body, Last last) {
  for (const auto& part : body.data())
    output_.append({static_cast<const char*>(part.iov_base), part.iov_len});
  note_sent(body.bytes());
  if (last == Last::yes) output_ended_ = true;
}

void Http2Stream::resume() {
  if (!std::exchange(is_deferred_, false)) return;
  ::nghttp2_session_resume_data(connection_.session(), id_);
  connection_.schedule();
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
  Http2Response response(*this, head, Http2Response::Kind::tunnel);
  nghttp2_data_provider provider{};
  provider.source.ptr = this;
  provider.read_callback = read_output;
  ::nghttp2_submit_response(connection_.session(), id_, response.fields().data(),
                            response.fields().size(), &provider);
  connection_.schedule();
}

void Http2Stream::finish_sending() {
  output_ended_ = true;
  resume();
}

Http2Stream::Taken Http2Stream::take_output(std::uint8_t* into, std::size_t count) {
  if (output_.empty() && !output_ended_) {
    is_deferred_ = true;
    return {.must_wait = true};
  }
  const bool was_ready = is_ready();
  const auto bytes = std::min(count, output_.size());
  std::memcpy(into, output_.view().data(), bytes);
  output_.take(bytes);
  if (!was_ready && is_ready() && !is_over_) soon();
  return {.bytes = bytes, .is_end = output_ended_ && output_.empty()};
}

void Http2Stream::note_end_sent() {
  // RFC 9113 §8.1: the rest of the request is not needed.
  if (!body_ended_) reset(NGHTTP2_NO_ERROR);
}

void Http2Stream::set_deadline(milliseconds from_now) { worker_.reactor.arm(*this, from_now); }
void Http2Stream::clear_deadline() { cancel(); }

void Http2Stream::on_time() {
  if (is_over_ || work_->responder == nullptr) return;
  // A client that takes nothing of its response is not waited for any longer.
  if (!is_ready()) {
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
  cancel();
  work_->responder.reset();
  work_->next_responder.reset();
  if (work_->outcome == Work::Outcome::aborted || !head_sent_) return reset(NGHTTP2_INTERNAL_ERROR);
  skip_body();
  output_ended_ = true;
  resume();
}

void Http2Stream::reset(std::uint32_t code) {
  ::nghttp2_submit_rst_stream(connection_.session(), NGHTTP2_FLAG_NONE, id_, code);
  connection_.schedule();
}

}  // namespace temps::proxy
