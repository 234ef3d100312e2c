// Both ways of a request that is forwarded by HTTP/2.
#include <algorithm>
#include <utility>

#include "proxy/http2_forward.hpp"

namespace temps::proxy {
namespace {

constexpr int interim_max = 32;

}  // namespace

Http2Forward::Step Http2Forward::pump_request() {
  // Back-pressure: nothing is read while the app has not taken what was sent.
  if (upload_done_) return Step::idle;
  if (!call_.is_ready()) {
    giving_.stop();  // the client waits for the app
    return Step::idle;
  }
  Gather gather;
  const auto part = client_.read_body(gather);
  switch (part.status) {
    case BodyPart::Status::wait:
      return Step::idle;
    case BodyPart::Status::gone:
      client_.abort();
      return Step::ended;
    case BodyPart::Status::refused:
      return refuse_body(notices::refused(400, part.reason));
    case BodyPart::Status::some:
      break;
  }
  upload_touched_ = true;
  body_taken_ += part.bytes;
  if (body_taken_ > body_bytes_max_) return refuse_body(notices::too_large(body_bytes_max_));
  if (gives_too_little()) return refuse_body(notices::slow_request());
  call_.send(gather);
  upload_done_ = client_.is_body_done();
  client_.release_body();
  if (upload_done_) call_.end(client_.take_request_trailers());
  return Step::progress;
}

// As Forward does. A gRPC stream may well carry a message a minute.
bool Http2Forward::gives_too_little() {
  if (is_grpc() || response_started_ || client_.is_body_done()) return false;
  const auto& limits = worker_.limits;
  return giving_.falls_behind(worker_.reactor.now(), body_taken_, limits.upload_idle,
                              limits.client_bytes_per_second);
}

Http2Forward::Step Http2Forward::refuse_body(const Notice& notice) {
  client_.forbid_keep_alive();
  end_with(notice);
  return Step::ended;
}

Http2Forward::Step Http2Forward::pump_response() {
  if (!client_.is_ready()) return Step::idle;
  if (response_started_) return pass_body(nullptr);
  const auto* head = call_.head(client_.request().method);
  if (head != nullptr) {
    if (head->status < 200) return pass_interim(*head);
    return is_websocket_ && head->status < 300 ? start_tunnel(*head) : pass_body(head);
  }
  if (call_.is_head_bad()) {
    choice_.note_failure();
    end_with(notices::bad_gateway(client_.request().host));
    return Step::ended;
  }
  if (call_.failure() == Http2Call::Failure::none) return Step::idle;
  return recover() ? Step::progress : Step::ended;
}

Http2Forward::Step Http2Forward::pass_interim(const http1::ResponseHead& head) {
  if (++interim_count_ > interim_max) {
    end_with(notices::bad_gateway(client_.request().host));
    return Step::ended;
  }
  client_.send_interim(head);
  call_.take_head();
  return client_.is_ended() ? Step::ended : Step::progress;
}

void Http2Forward::begin_response(const http1::ResponseHead& head, Gather& body, Last last) {
  const auto scope = client_.is_https() ? CookieScope::https : CookieScope::any;
  const auto cookie = choice_.cookie(scope);
  if (!cookie) return client_.begin(head, body, last);
  auto with_cookie = head;
  with_cookie.fields.add("Set-Cookie", *cookie);
  client_.begin(with_cookie, body, last);
}

// Sends a head, if there is one, and what is there of the body.
Http2Forward::Step Http2Forward::pass_body(const http1::ResponseHead* head) {
  const auto body = call_.body();
  const auto part = body.substr(0, std::min(body.size(), client_.send_bytes_max()));
  const bool is_last = call_.is_answered() && part.size() == body.size();
  if (head == nullptr && part.empty() && !is_last) {
    if (call_.failure() == Http2Call::Failure::none) return Step::idle;
    client_.abort();  // the client sees that the response was cut short
    return Step::ended;
  }
  Gather gather(Gather::Framing::room);
  gather.add(part);
  const auto last = is_last ? Last::yes : Last::no;
  if (is_last) client_.set_trailers(call_.take_trailers());
  if (head != nullptr) {
    response_started_ = true;
    client_.note_upstream_time(choice_.note_answer(head->status));
    begin_response(*head, gather, last);
    call_.take_head();
  } else {
    client_.send(gather, last);
  }
  call_.take_body(part.size());
  if (client_.is_ended()) return Step::ended;
  return is_last ? finish() : Step::progress;
}

}  // namespace temps::proxy
