// The response's way: from the upstream to the client.
#include <algorithm>
#include <utility>

#include "proxy/forward.hpp"
#include "proxy/tunnel.hpp"

namespace temps::proxy {
namespace {

constexpr int interim_max = 32;

}  // namespace

Forward::Step Forward::pump_response() {
  // Back-pressure: nothing is read while the client has not taken what was sent.
  if (!client_->is_ready()) return Step::idle;
  if (may_splice()) return splice_response();
  if (!upstream_->transport.is_readable()) return Step::idle;
  return read_response();
}

Forward::Step Forward::read_response() {
  const auto room = std::min(read_bytes_, client_->send_bytes_max());
  const auto scratch = worker_.reactor.scratch().first(room);
  const auto got = upstream_->transport.read(scratch);
  if (got.status == Io::would_block) return Step::idle;
  if (got.status != Io::done) return upstream_closed();
  response_seen_ = true;
  const std::string_view text(scratch.data(), got.bytes);
  if (response_started_) return relay(nullptr, text);
  if (response_head_bytes_.empty()) return read_heads(text, false);
  response_head_bytes_.append(text);
  return read_heads(response_head_bytes_.view(), true);
}

// Interim heads and the final one, as far as they are there. `is_queued`: the text stands in
// response_head_bytes_.
Forward::Step Forward::read_heads(std::string_view text, bool is_queued) {
  for (;;) {
    switch (parser_.feed(text, client_->request().method)) {
      case http1::Progress::need_more:
        if (!is_queued) {
          response_head_bytes_.append(text);
        } else {
          response_head_bytes_.take(response_head_bytes_.size() - text.size());
        }
        return Step::progress;
      case http1::Progress::failed:
        choice_.note_failure();
        end_with(notices::bad_gateway(client_->request().host));
        return Step::ended;
      case http1::Progress::complete:
        break;
    }
    const auto& head = parser_.head();
    const auto rest = text.substr(head.length);
    if (head.status == 101) return start_tunnel(head, rest);
    if (head.status >= 200) {
      const auto step = start_response(head, rest);
      if (step != Step::ended) response_head_bytes_ = {};
      return step;
    }
    if (pass_interim(head) == Step::ended) return Step::ended;
    parser_.reset();
    text = rest;
  }
}

Forward::Step Forward::pass_interim(const http1::ResponseHead& head) {
  if (++interim_count_ > interim_max) {
    end_with(notices::bad_gateway(client_->request().host));
    return Step::ended;
  }
  client_->send_interim(head);
  return client_->is_ended() ? Step::ended : Step::progress;
}

Forward::Step Forward::start_response(const http1::ResponseHead& head, std::string_view rest) {
  response_started_ = true;
  client_->note_upstream_time(choice_.note_answer(head.status));
  response_body_ = http1::BodyDecoder(head);
  if (choice_.target().sticky_tokens.empty()) return relay(&head, rest);
  const auto scope = client_->is_https() ? CookieScope::https : CookieScope::any;
  const auto cookie = choice_.cookie(scope);
  if (!cookie) return relay(&head, rest);
  auto with_cookie = head;
  with_cookie.fields.add("Set-Cookie", *cookie);
  return relay(&with_cookie, rest);
}

// Sends a head, if there is one, and what `text` holds of the body.
Forward::Step Forward::relay(const http1::ResponseHead* head, std::string_view text) {
  auto state = http1::BodyState::more;
  while (state == http1::BodyState::more) {
    Gather gather(Gather::Framing::room);
    while (state == http1::BodyState::more && gather.has_room(Gather::framing_parts + 1)) {
      const auto step = response_body_.next(text);
      text.remove_prefix(step.consumed);
      gather.add(step.data);
      add_section(trailers_, step.trailers);
      state = step.state;
    }
    if (state == http1::BodyState::failed && head == nullptr) break;
    const auto last = state == http1::BodyState::done ? Last::yes : Last::no;
    if (last == Last::yes && trailers_ != nullptr) client_->set_trailers(std::move(trailers_));
    if (head != nullptr) {
      client_->begin(*std::exchange(head, nullptr), gather, last);
    } else {
      client_->send(gather, last);
    }
    if (client_->is_ended()) return Step::ended;
  }
  if (state == http1::BodyState::failed) {
    client_->abort();
    return Step::ended;
  }
  read_bytes_ =
      client_->is_ready() ? std::min(2 * read_bytes_, Reactor::scratch_bytes) : read_bytes_first;
  // Bytes after the end of a response belong to nothing: such a connection is not used again.
  if (state == http1::BodyState::done) return finish(parser_.head().keep_alive && text.empty());
  return Step::progress;
}

Forward::Step Forward::upstream_closed() {
  if (!response_started_) return lost();
  end_splicing();
  if (!response_body_.may_end_here()) {
    client_->abort();  // the client sees that the response was cut short
    return Step::ended;
  }
  Gather nothing(Gather::Framing::room);
  client_->send(nothing, Last::yes);
  return client_->is_ended() ? Step::ended : finish(false);
}

Forward::Step Forward::start_tunnel(const http1::ResponseHead& head, std::string_view rest) {
  if (!upgrade_) {
    end_with(notices::bad_gateway(client_->request().host));
    return Step::ended;
  }
  client_->note_upstream_time(choice_.note_answer(head.status));
  Gather gather(Gather::Framing::room);
  gather.add(rest);
  client_->begin_tunnel(head, gather);
  if (!client_->is_ended())
    client_->hand_over(
        ResponderPointer(new Tunnel(*client_, std::move(upstream_), std::move(choice_.lease()))));
  return Step::ended;
}

}  // namespace temps::proxy
