#include "proxy/client.hpp"

#include <algorithm>
#include <utility>

#include "proxy/dispatch.hpp"
#include "proxy/head_writer.hpp"
#include "proxy/tls_session.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

// After this many steps others get their turn.
constexpr int steps_per_turn = 32;
// How long what a client still sends is thrown away, so that it can read the answer before the
// connection is reset (RFC 9112 §9.6).
constexpr milliseconds linger_limit{2000};

}  // namespace

ClientConnection::ClientConnection(Worker& worker, Transport transport, std::string peer)
    : Exchange(worker), transport_(std::move(transport)), peer_(std::move(peer)) {}

ClientConnection::~ClientConnection() = default;

void ClientConnection::start(Watched watched) {
  if (watched == Watched::no && !worker_.reactor.watch(transport_.fd(), *this)) return close();
  set_deadline(worker_.limits.keep_alive);
  proceed();
}

bool ClientConnection::covers(std::string_view host) const {
  const auto* tls = transport_.tls();
  return tls == nullptr || tls->covers(host);
}

void ClientConnection::drain() {
  if (work_ != nullptr) forbid_keep_alive();
  proceed();
  const bool is_idle = state_ == State::reading && input_.empty();
  if (is_idle) close();
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
  if (transport_.is_peer_closed()) from_now = std::min(from_now, worker_.limits.half_closed);
  worker_.reactor.arm(*this, from_now);
}

void ClientConnection::clear_deadline() {
  if (transport_.is_peer_closed()) {
    worker_.reactor.arm(*this, worker_.limits.half_closed);
  } else {
    cancel();
  }
}

void ClientConnection::on_time() {
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

void ClientConnection::begin(const http1::ResponseHead& head, Gather& body, Last last) {
  note_answer(head.status);
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
                       .policy = policy()});
  send_framed(out, body, last);
}

void ClientConnection::send(Gather& body, Last last) { send_framed({}, body, last); }

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
  if (last == Last::yes) body.add(http1::last_chunk);
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
  const auto waiting = output_.size();
  if (output_.flush(transport_) == Io::failed) abort();
  if (output_.size() < waiting && !is_ended()) set_deadline(worker_.limits.send_idle);
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
  close_after_flush_ =
      !work_->request.keep_alive || !work_->body.is_done() || worker_.is_draining();
  work_->outcome = Work::Outcome::open;
  state_ = State::flushing;
  set_deadline(is_ready() ? worker_.limits.keep_alive : worker_.limits.send_idle);
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
  const auto before = output_.size();
  if (output_.flush(transport_) == Io::failed) {
    close();
    return Turn::wait;
  }
  if (!is_ready()) {
    if (output_.size() < before) set_deadline(worker_.limits.send_idle);
    return Turn::wait;
  }
  end_work();
  if (!close_after_flush_) {
    state_ = State::reading;
    set_deadline(worker_.limits.keep_alive);
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
