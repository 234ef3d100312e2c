#include "proxy/client.hpp"

#include <algorithm>
#include <utility>

#include "proxy/forward.hpp"
#include "proxy/head_writer.hpp"
#include "proxy/static_files.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

class PageResponder final : public Responder {
 public:
  PageResponder(ClientConnection& client, Notice notice)
      : client_(client), notice_(std::move(notice)) {}
  void advance() override { client_.send_page(notice_); }
  void on_deadline() override { client_.abort(); }

 private:
  ClientConnection& client_;
  Notice notice_;
};

// After this many steps others get their turn.
constexpr int steps_per_turn = 32;
// How long what a client still sends is thrown away, so that it can read the answer before the
// connection is reset (RFC 9112 §9.6).
constexpr milliseconds linger_limit{2000};

}  // namespace

ResponderPointer page_responder(ClientConnection& client, Notice notice) {
  return ResponderPointer(new PageResponder(client, std::move(notice)));
}

ClientConnection::ClientConnection(Worker& worker, int fd, std::string peer)
    : worker_(worker), transport_(fd), peer_(std::move(peer)) {}

ClientConnection::~ClientConnection() = default;

void ClientConnection::start() {
  if (!worker_.reactor.watch(transport_.fd(), *this)) return close();
  set_deadline(worker_.limits.keep_alive);
  proceed();
}

void ClientConnection::drain() {
  request_.keep_alive = false;
  proceed();
  const bool is_idle = state_ == State::reading && input_.empty();
  if (is_idle) close();
}

void ClientConnection::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  cancel();
  responder_.reset();
  next_responder_.reset();
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
      if (!output_.empty() || responder_ == nullptr) return close();
      responder_->on_deadline();
      settle();
      break;
    default:
      return close();
  }
  proceed();
}

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
      begin(parser.head(), text, is_queued);
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
  const auto id = worker_.make_request_id();
  request_ = {.method = http1::Method::other, .keep_alive = false};
  request_.id.assign(id.data(), id.size());
  body_ = {};
  send_page(notice);
  end_request();
}

void ClientConnection::note_request(const http1::RequestHead& head) {
  request_.method = head.method;
  request_.minor_version = head.minor_version;
  request_.keep_alive = head.keep_alive && !worker_.is_draining();
  request_.page_form = page_form(head.fields.value(http1::FieldId::accept));
  request_.host.assign(head.host);
  if (const auto given = head.fields.value(http1::FieldId::x_request_id);
      is_sane_request_id(given)) {
    request_.id.assign(given);
  } else {
    const auto id = worker_.make_request_id();
    request_.id.assign(id.data(), id.size());
  }
  body_ = http1::BodyDecoder(head);
}

void ClientConnection::begin(const http1::RequestHead& head, std::string_view text,
                             bool is_queued) {
  worker_.requests.fetch_add(1, std::memory_order_relaxed);
  note_request(head);
  state_ = State::responding;
  outcome_ = Outcome::open;
  const auto length = head.length;
  responder_ = choose_responder(head);
  // The head and the buffers it points into may be overwritten from here on.
  if (is_queued) {
    input_.take(length);
  } else {
    input_.append(text.substr(length));
  }
}

// Decides only: nothing is sent or read before the head's buffers are free.
ResponderPointer ClientConnection::choose_responder(const http1::RequestHead& head) {
  if (head.method == http1::Method::connect || head.method == http1::Method::trace)
    return page_responder(*this, notices::method_not_allowed("other methods"));
  const auto& snapshot = worker_.table->snapshot;
  if (snapshot == nullptr) return page_responder(*this, notices::starting());
  const auto* target = snapshot->find(head.host);
  if (target == nullptr) return page_responder(*this, notices::unknown_host(head.host));
  switch (target->kind) {
    case Target::Kind::nothing_deployed:
      break;
    case Target::Kind::tree:
      return serve_static(*this, head, target->tree);
    case Target::Kind::app:
    case Target::Kind::console:
      return Forward::begin(*this, head, *target);
  }
  return page_responder(*this, notices::nothing_deployed(head.host));
}

void ClientConnection::send(std::span<const iovec> parts) {
  if (output_.send(transport_, parts) == Io::failed) abort();
}

void ClientConnection::send(std::string_view text) {
  if (output_.send(transport_, text) == Io::failed) abort();
}

void ClientConnection::send_page(const Notice& notice) {
  if (!body_.is_done()) skip_rest_of_body();
  if (!body_.is_done()) forbid_keep_alive();
  finish();
  send(write_page(notice, {.request_id = request_.id,
                           .form = request_.page_form,
                           .head_only = request_.method == http1::Method::head,
                           .keep_alive = request_.keep_alive,
                           .client_minor_version = request_.minor_version}));
}

ClientConnection::Turn ClientConnection::respond() {
  const auto waiting = output_.size();
  if (output_.flush(transport_) == Io::failed) abort();
  if (output_.size() < waiting) set_deadline(worker_.limits.send_idle);
  if (responder_ != nullptr && !is_ended()) responder_->advance();
  return settle();
}

ClientConnection::Turn ClientConnection::settle() {
  if (outcome_ == Outcome::aborted) {
    close();
    return Turn::wait;
  }
  if (outcome_ == Outcome::finished) {
    end_request();
    return Turn::again;
  }
  if (next_responder_ == nullptr) return Turn::wait;
  responder_ = std::move(next_responder_);
  return Turn::again;
}

void ClientConnection::end_request() {
  if (outcome_ == Outcome::aborted) return close();
  responder_.reset();
  if (!body_.is_done()) skip_rest_of_body();
  input_is_new_ = !input_.empty();
  close_after_flush_ = !request_.keep_alive || !body_.is_done() || worker_.is_draining();
  outcome_ = Outcome::open;
  state_ = State::flushing;
  set_deadline(output_.empty() ? worker_.limits.keep_alive : worker_.limits.send_idle);
}

// What of the body is here already. More is not waited for: the connection is closed instead.
void ClientConnection::skip_rest_of_body() {
  while (!input_.empty()) {
    const auto step = body_.next(input_.view());
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
  if (!output_.empty()) {
    if (output_.size() < before) set_deadline(worker_.limits.send_idle);
    return Turn::wait;
  }
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
