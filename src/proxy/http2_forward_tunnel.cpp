// A WebSocket to an app that has it by HTTP/2 (RFC 8441).
#include <algorithm>

#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "http1/http1.hpp"
#include "proxy/forward.hpp"
#include "proxy/http2_forward.hpp"

namespace temps::proxy {
namespace {

constexpr int rounds_per_turn = 8;

// What shows a client of HTTP/1.1 that its request was understood (RFC 6455 §4.2.2).
std::string accept_of(std::string_view key) {
  constexpr std::string_view everybodys = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  return to_base64(crypto::sha1(std::string(key).append(everybodys)));
}

}  // namespace

// The app has WebSockets by HTTP/1.1 only, if at all.
void Http2Forward::fall_back() {
  http1::RequestParser parser(Http2Call::head_limits);
  call_.leave();
  choice_.lease().end();
  if (parser.feed(head_) != http1::Progress::complete) return client_.abort();
  client_.hand_over(Forward::begin(client_, parser.head(), choice_));
}

Http2Forward::Step Http2Forward::start_tunnel(const http1::ResponseHead& head) {
  Reply reply(101);
  for (const auto& field : head.fields) {
    const bool is_own =
        field.id == http1::FieldId::content_length || field.id == http1::FieldId::date;
    if (!is_own && !http1::is_hop_by_hop(field.id)) reply.add(field.name, field.value);
  }
  reply.add("Upgrade", "websocket");
  reply.add("Sec-WebSocket-Accept", accept_of(key_));
  Gather nothing(Gather::Framing::room);
  client_.begin_tunnel(reply.head(), nothing);
  call_.take_head();
  response_started_ = in_tunnel_ = true;
  return client_.is_ended() ? Step::ended : Step::progress;
}

void Http2Forward::advance_tunnel() {
  for (int round = 0; round < rounds_per_turn; ++round) {
    const auto up = pump_up();
    const auto down = up == Step::ended ? up : pump_down();
    if (down == Step::ended || (client_done_ && upstream_done_ && client_.is_ready()))
      return client_.abort();
    if (client_.is_ready())
      client_.set_deadline(client_done_ || upstream_done_ ? worker_.limits.half_closed
                                                          : worker_.limits.tunnel_idle);
    if (up == Step::idle && down == Step::idle) return;
  }
  client_.soon();
}

Http2Forward::Step Http2Forward::pump_up() {
  if (client_done_ || !call_.is_ready()) return Step::idle;
  Gather gather;
  switch (client_.read_body(gather).status) {
    case BodyPart::Status::wait:
      return Step::idle;
    case BodyPart::Status::refused:
      return Step::ended;
    case BodyPart::Status::gone:
      client_done_ = true;
      call_.end();
      return Step::progress;
    case BodyPart::Status::some:
      break;
  }
  call_.send(gather);
  client_.release_body();
  return Step::progress;
}

Http2Forward::Step Http2Forward::pump_down() {
  if (upstream_done_ || !client_.is_ready()) return Step::idle;
  const auto body = call_.body();
  if (body.empty()) {
    if (call_.is_answered()) {
      upstream_done_ = true;
      client_.finish_sending();
      return Step::progress;
    }
    return call_.failure() == Http2Call::Failure::none ? Step::idle : Step::ended;
  }
  const auto part = body.substr(0, std::min(body.size(), client_.send_bytes_max()));
  Gather gather(Gather::Framing::room);
  gather.add(part);
  client_.send(gather, Last::no);
  call_.take_body(part.size());
  return client_.is_ended() ? Step::ended : Step::progress;
}

}  // namespace temps::proxy
