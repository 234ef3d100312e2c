#include "proxy/client.hpp"

#include <algorithm>
#include <utility>

#include "proxy/dispatch.hpp"
#include "proxy/head_writer.hpp"
#include "proxy/http2_connection.hpp"
#include "proxy/tls_session.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

// After this many steps others get their turn.
constexpr int steps_per_turn = 32;
// How long what a client still sends is thrown away, so that it can read the answer before the
// connection is reset (RFC 9112 §9.6).
constexpr milliseconds linger_limit{2000};

constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

// As far as it has come, but for a first letter that methods have, too.
bool begins_http2(std::string_view text) {
  return text.size() > 1 && preface.starts_with(text.substr(0, preface.size()));
}

}  // namespace

ClientConnection::ClientConnection(Worker& worker, Transport transport, Caller peer)
    : Exchange(worker), transport_(std::move(transport)), peer_(std::move(peer)) {}

ClientConnection::~ClientConnection() = default;

void ClientConnection::start(Watched watched) {
  if (watched == Watched::no && !worker_.reactor.watch(transport_.fd(), *this)) return close();
  set_deadline(worker_.idle_limit());
  proceed();
}

bool ClientConnection::covers(std::string_view host) const {
  const auto* tls = transport_.tls();
  return tls == nullptr || tls->covers(host);
}

// An idle connection is not closed at once: a request may be on its way (RFC 9112 §9.6). It gets
// an answer that says that it is the last one, and so does the request after an answer whose head
// has promised more already.
void ClientConnection::drain() {
  if (work_ != nullptr && !work_->is_begun) forbid_keep_alive();
  proceed();
  if (state_ == State::reading && input_.empty()) set_deadline(worker_.idle_limit());
}

void ClientConnection::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  cancel();
  end_work();
  worker_.remove(*this);
}

void ClientConnection::on_events(std::uint32_t events) {
  transport_.note(events);
  if (transport_.is_broken()) return close();
  // A client that sends no more may still be waiting for its answer, or be gone: it gets a short
  // while.
  if (transport_.is_peer_closed() && state_ == State::responding)
    set_deadline(worker_.limits.half_closed);
  proceed();
}

void ClientConnection::set_deadline(milliseconds from_now) {
  if (work_ != nullptr) work_->taking.stop();
  if (transport_.is_peer_closed()) from_now = std::min(from_now, worker_.limits.half_closed);
  worker_.reactor.arm(*this, from_now);
}

void ClientConnection::clear_deadline() {
  work_->taking.stop();
  if (transport_.is_peer_closed()) {
    worker_.reactor.arm(*this, worker_.limits.half_closed);
  } else {
    cancel();
  }
}

// What a response of many pieces, each taken at once, has cost a system call for lately is not
// asked for again.
void ClientConnection::await_taking() {
  constexpr std::chrono::seconds fresh{1};
  auto& taking = work_->taking;
  if (taking.is_running()) return;
  const auto now = worker_.reactor.now();
  set_deadline(worker_.limits.send_idle);
  if (taking.age(now) < fresh) {
    taking.go_on();
  } else {
    taking.begin(now, transport_.bytes_taken());
  }
}

bool ClientConnection::takes_enough() {
  if (work_ == nullptr || !work_->taking.is_running()) return false;
  if (!work_->taking.keeps_up(worker_.reactor.now(), transport_.bytes_taken(),
                              worker_.limits.client_bytes_per_second))
    return false;
  work_->taking.stop();
  await_taking();
  return true;
}

void ClientConnection::on_time() {
  const bool is_sending = state_ == State::responding || state_ == State::flushing;
  if (is_sending && takes_enough()) return;
  switch (state_) {
    case State::reading:
      if (input_.empty()) return close();
      refuse(notices::slow_request());
      break;
    case State::responding:
      // A client that takes nothing of its response is not waited for any longer.
      if (!is_ready() || work_->responder == nullptr) return close();
      work_->responder->on_deadline();
      settle();
      break;
    default:
      return close();
  }
  proceed();
}

void ClientConnection::soon() { worker_.reactor.soon(*this); }

void ClientConnection::proceed() {
  if (proceeding_ || state_ == State::closed) return;
  proceeding_ = true;
  int steps = 0;
  while (step() == Turn::again)
    if (++steps == steps_per_turn) {
      worker_.reactor.soon(*this);
      break;
    }
  proceeding_ = false;
}

ClientConnection::Turn ClientConnection::step() {
  switch (state_) {
    case State::reading:
      return read_request();
    case State::responding:
      return respond();
    case State::flushing:
      return flush();
    case State::lingering:
      return discard();
    case State::closed:
      return Turn::wait;
  }
  return Turn::wait;
}

ClientConnection::Turn ClientConnection::read_request() {
  std::string_view text;
  bool is_queued = true;
  if (input_is_new_) {
    text = input_.view();
  } else {
    if (!transport_.is_readable()) return Turn::wait;
    const auto scratch = worker_.reactor.scratch();
    const auto got = transport_.read(scratch);
    if (got.status == Io::would_block) return Turn::wait;
    if (got.status != Io::done) {
      close();
      return Turn::wait;
    }
    text = {scratch.data(), got.bytes};
    is_queued = !input_.empty();
    if (is_queued) {
      input_.append(text);
      text = input_.view();
    }
  }
  input_is_new_ = false;
  if (is_fresh_ && transport_.tls() == nullptr && begins_http2(text)) {
    if (text.size() < preface.size()) return wait_for_more(text, is_queued);
    become_http2(text);
    return Turn::wait;
  }
  if (partial_ == nullptr) worker_.parser.reset();
  auto& parser = partial_ != nullptr ? *partial_ : worker_.parser;
  switch (parser.feed(text)) {
    case http1::Progress::need_more:
      return wait_for_more(text, is_queued);
    case http1::Progress::failed:
      refuse(notices::refused(parser.failure().status, parser.failure().reason));
      break;
    case http1::Progress::complete:
      begin_request(parser.head(), text, is_queued);
      break;
  }
  partial_.reset();
  return Turn::again;
}

// From a client that knows already that HTTP/2 is understood here (RFC 9113 §3.3).
void ClientConnection::become_http2(std::string_view received) {
  auto client = std::make_unique<Http2Connection>(worker_, std::move(transport_), std::move(peer_));
  auto& connection = *client;
  cancel();
  state_ = State::closed;
  if (!worker_.take_over(*this, std::move(client), connection.descriptor()))
    return worker_.remove(*this);
  connection.start(received);
}

ClientConnection::Turn ClientConnection::wait_for_more(std::string_view text, bool is_queued) {
  if (partial_ == nullptr) {
    partial_ = std::make_unique<http1::RequestParser>(worker_.parser);
    set_deadline(worker_.limits.header);
  }
  if (!is_queued) input_.append(text);
  return Turn::again;
}

// Answers a message that is no whole request, and closes.
void ClientConnection::refuse(const Notice& notice) {
  note_broken_request();
  send_page(notice);
  end_request();
}

void ClientConnection::begin_request(const http1::RequestHead& head, std::string_view text,
                                     bool is_queued) {
  is_fresh_ = false;
  note_request(head);
  work_->body = http1::BodyDecoder(head);
  state_ = State::responding;
  const auto length = head.length;
  work_->responder = choose_responder(*this, head);
  // The head and the buffers it points into may be overwritten from here on.
  if (is_queued) {
    input_.take(length);
  } else {
    input_.append(text.substr(length));
  }
}

BodyPart ClientConnection::read_body(Gather& into) {
  if (!input_.empty()) {
    const auto text = input_.view();
    return gather_body(text, into);
  }
  if (!transport_.is_readable()) return {BodyPart::Status::wait};
  auto scratch = worker_.reactor.scratch();
  // Of a counted body nothing more than the body is read: what follows stays in the kernel.
  if (work_->body.framing() == http1::Framing::content_length)
    scratch = scratch.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(scratch.size(), work_->body.announced())));
  const auto got = transport_.read(scratch);
  if (got.status == Io::would_block) return {BodyPart::Status::wait};
  if (got.status != Io::done) return {BodyPart::Status::gone};
  const std::string_view text(scratch.data(), got.bytes);
  auto part = gather_body(text, into);
  // What did not fit is dealt with next time.
  input_.append(text.substr(std::exchange(work_->body_used, 0)));
  return part;
}

// As much of the text as there is room for; `body_used` says how much that was.
BodyPart ClientConnection::gather_body(std::string_view text, Gather& into) {
  BodyPart part{BodyPart::Status::some};
  auto state = http1::BodyState::more;
  auto rest = text;
  while (state == http1::BodyState::more && into.has_room(Gather::framing_parts + 1)) {
    const auto step = work_->body.next(rest);
    rest.remove_prefix(step.consumed);
    into.add(step.data);
    part.bytes += step.data.size();
    add_section(work_->request_trailers, step.trailers);
    state = step.state;
  }
  if (state == http1::BodyState::failed)
    return {BodyPart::Status::refused, 0, work_->body.failure().reason};
  work_->body_used = text.size() - rest.size();
  note_received(part.bytes);
  return part;
}

void ClientConnection::release_body() { input_.take(std::exchange(work_->body_used, 0)); }

void ClientConnection::send_parts(std::span<const iovec> parts) {
  if (output_.send(transport_, parts) == Io::failed) abort();
}

void ClientConnection::send_interim(const http1::ResponseHead& head) {
  if (work_->request.minor_version == 0) return;
  auto& out = worker_.head_out;
  out.clear();
  write_interim_head(out, head);
  const iovec part{out.data(), out.size()};
  send_parts({&part, 1});
}

void ClientConnection::put_head(const http1::ResponseHead& head, Gather& body, Last last) {
  work_->is_begun = true;
  work_->framing = framing_for_client(head, work_->request.minor_version);
  // What of the request has not come by now is not waited for after the response.
  if (!work_->body.is_done() || work_->framing == http1::Framing::until_close) forbid_keep_alive();
  auto& out = worker_.head_out;
  out.clear();
  write_response_head(out, head,
                      {.client_minor_version = work_->request.minor_version,
                       .framing = work_->framing,
                       .keep_alive = work_->request.keep_alive,
                       .request_id = work_->request.id,
                       .policy = policy(),
                       .with_trailers = takes_trailers()});
  send_framed(out, body, last);
}

void ClientConnection::put(Gather& body, Last last) { send_framed({}, body, last); }

bool ClientConnection::takes_trailers() const {
  return work_->framing == http1::Framing::chunked && work_->request.accepts_trailers;
}

void ClientConnection::send_framed(std::string_view head, Gather& body, Last last) {
  body.set(0, head);
  const auto bytes = body.bytes();
  note_sent(bytes);
  if (work_->framing != http1::Framing::chunked) return send_parts(body.parts());
  const http1::ChunkHeader header(bytes);
  if (bytes > 0) {
    body.set(1, header.text());
    body.add(http1::chunk_end);
  }
  if (last == Last::no) return send_parts(body.parts());
  if (work_->trailers == nullptr || !takes_trailers()) {
    body.add(http1::last_chunk);
    return send_parts(body.parts());
  }
  std::string end = "0\r\n";
  work_->trailers->for_each(
      [&](std::string_view name, std::string_view value) { write_field(end, name, value); });
  end += "\r\n";
  body.add(end);
  send_parts(body.parts());
}

IoResult ClientConnection::send_file(int file, off_t& offset, std::size_t count) {
  const auto sent = transport_.send_file(file, offset, count);
  note_sent(sent.bytes);
  return sent;
}

void ClientConnection::begin_tunnel(const http1::ResponseHead& head, Gather& rest) {
  note_answer(head.status);
  auto& out = worker_.head_out;
  out.clear();
  write_interim_head(out, head);
  forbid_keep_alive();
  work_->framing = http1::Framing::until_close;
  work_->body = http1::BodyDecoder(http1::Framing::until_close, 0);
  send_framed(out, rest, Last::no);
}

ClientConnection::Turn ClientConnection::respond() {
  if (output_.flush(transport_) == Io::failed) abort();
  if (!is_ready() && !is_ended()) await_taking();
  if (work_->responder != nullptr && !is_ended()) work_->responder->advance();
  return settle();
}

ClientConnection::Turn ClientConnection::settle() {
  if (work_->outcome == Work::Outcome::aborted) {
    close();
    return Turn::wait;
  }
  if (work_->outcome == Work::Outcome::finished) {
    end_request();
    return Turn::again;
  }
  if (work_->next_responder == nullptr) return Turn::wait;
  work_->responder = std::move(work_->next_responder);
  return Turn::again;
}

void ClientConnection::end_request() {
  if (work_->outcome == Work::Outcome::aborted) return close();
  work_->responder.reset();
  if (!work_->body.is_done()) skip_body();
  input_is_new_ = !input_.empty();
  close_after_flush_ = !work_->request.keep_alive || !work_->body.is_done();
  work_->outcome = Work::Outcome::open;
  state_ = State::flushing;
  if (is_ready()) {
    set_deadline(worker_.idle_limit());
  } else {
    await_taking();
  }
}

// What of the body is here already. More is not waited for: the connection is closed instead.
void ClientConnection::skip_body() {
  input_.take(std::exchange(work_->body_used, 0));
  while (!input_.empty()) {
    const auto step = work_->body.next(input_.view());
    input_.take(step.consumed);
    if (step.state != http1::BodyState::more) break;
  }
}

ClientConnection::Turn ClientConnection::flush() {
  if (output_.flush(transport_) == Io::failed) {
    close();
    return Turn::wait;
  }
  if (!is_ready()) return Turn::wait;
  end_work();
  if (!close_after_flush_) {
    state_ = State::reading;
    set_deadline(worker_.idle_limit());
    return Turn::again;
  }
  if (transport_.is_peer_closed()) {
    close();
    return Turn::wait;
  }
  transport_.finish_writing();
  state_ = State::lingering;
  set_deadline(linger_limit);
  return Turn::again;
}

ClientConnection::Turn ClientConnection::discard() {
  if (!transport_.is_readable()) return Turn::wait;
  const auto got = transport_.read(worker_.reactor.scratch());
  if (got.status == Io::would_block) return Turn::wait;
  if (got.status == Io::done) return Turn::again;
  close();
  return Turn::wait;
}

}  // namespace temps::proxy
