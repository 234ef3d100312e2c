// Choosing an upstream, connecting, trying again, and the end of a request forwarded by HTTP/2.
#include "proxy/http2_forward.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "core/log.hpp"
#include "core/text.hpp"
#include "proxy/forward.hpp"
#include "proxy/forwarded_head.hpp"
#include "proxy/policy.hpp"

namespace temps::proxy {
namespace {

constexpr int rounds_per_turn = 8;
// So often a request that fresh connections were cut off with is sent again.
constexpr int cut_off_max = 2;
// So often a request that was turned away is sent again.
constexpr int turned_away_max = 3;
// The app's own word that the time is over comes first.
constexpr milliseconds deadline_grace{1000};

using Failure = Http2Call::Failure;

bool is_grpc_request(const Exchange& client) {
  return client.request().page_form == PageForm::grpc;
}

// A gRPC stream can last and carry any number of messages; only its owner knows a limit.
std::uint64_t body_bytes_max(const Exchange& client) {
  const auto standard = is_grpc_request(client) ? std::numeric_limits<std::uint64_t>::max()
                                                : client.worker().limits.body_bytes;
  return client.policy() == nullptr ? standard : client.policy()->body_bytes_max(standard);
}

// A gRPC client says how long it waits, and gives up by itself.
milliseconds patience(const Exchange& client, const http1::RequestHead& head) {
  const auto& limits = client.worker().limits;
  auto standard = limits.first_byte;
  if (is_grpc_request(client)) {
    const auto* field = head.fields.find("grpc-timeout");
    const auto timeout = field == nullptr ? std::nullopt : grpc_timeout(field->value);
    standard =
        timeout ? std::min(*timeout + deadline_grace, limits.tunnel_idle) : limits.tunnel_idle;
  }
  return client.policy() == nullptr ? standard : client.policy()->first_byte(standard);
}

// A request that the app cannot understand, or has turned away, shows that it is there.
UpstreamChoice::Fault fault_of(Failure failure) {
  return failure == Failure::not_http2 || failure == Failure::turned_away
             ? UpstreamChoice::Fault::perhaps_not
             : UpstreamChoice::Fault::its_own;
}

void warn_not_http2(std::string_view host, Lease& lease, TimePoint now) {
  constexpr std::chrono::minutes pause{1};
  if (lease.share().warned_until > now) return;
  lease.share().warned_until = now + pause;
  log::warning(
      "the app does not speak HTTP/2 without TLS (h2c), which this request needs: let it listen "
      "for h2c, or have it asked by HTTP/1.1 with: temps project set NAME protocol=http1",
      {{"host", host}, {"upstream", lease.upstream().id}});
}

}  // namespace

std::optional<milliseconds> grpc_timeout(std::string_view text) {
  constexpr std::size_t digits_max = 8;
  if (text.size() < 2 || text.size() > digits_max + 1) return std::nullopt;
  const auto count = parse_number<std::int64_t>(text.substr(0, text.size() - 1));
  if (!count || *count < 0) return std::nullopt;
  switch (text.back()) {
    case 'H':
      return std::chrono::hours(*count);
    case 'M':
      return std::chrono::minutes(*count);
    case 'S':
      return std::chrono::seconds(*count);
    case 'm':
      return milliseconds(*count);
    case 'u':
      return std::chrono::ceil<milliseconds>(std::chrono::microseconds(*count));
    case 'n':
      return std::chrono::ceil<milliseconds>(std::chrono::nanoseconds(*count));
    default:
      return std::nullopt;
  }
}

bool Http2Forward::asks_for_websocket(const http1::RequestHead& head) {
  return Forward::may_upgrade(head) && equal_ignoring_case(head.upgrade, "websocket") &&
         head.fields.find("sec-websocket-key") != nullptr;
}

ResponderPointer Http2Forward::begin(Exchange& client, const http1::RequestHead& head,
                                     const Target& target) {
  const auto limit = body_bytes_max(client);
  if (head.framing == http1::Framing::content_length && head.content_length > limit)
    return page_responder(client, notices::too_large(limit));
  return ResponderPointer(new Http2Forward(client, head, target));
}

Http2Forward::Http2Forward(Exchange& client, const http1::RequestHead& head, const Target& target)
    : client_(client),
      worker_(client.worker()),
      choice_(worker_),
      call_(*this),
      body_bytes_max_(body_bytes_max(client)),
      patience_(patience(client, head)),
      upload_done_(client.is_body_done()),
      is_websocket_(asks_for_websocket(head)) {
  choice_.begin(target, head);
  if (is_websocket_) key_ = head.fields.find("sec-websocket-key")->value;
  write_forwarded_head(head_, client, head,
                       {.upgrading = is_websocket_ ? Upgrading::yes : Upgrading::no});
}

void Http2Forward::advance() {
  if (in_tunnel_) return advance_tunnel();
  for (int round = 0; round < rounds_per_turn; ++round) {
    if (!is_connected()) return;
    const auto up = pump_request();
    if (up == Step::ended) return;
    const auto down = pump_response();
    if (down == Step::ended) return;
    if (in_tunnel_) return advance_tunnel();
    if (up == Step::idle && down == Step::idle) {
      // A response that waits for its upstream has no limit.
      if (response_started_) update_deadline();
      return;
    }
    update_deadline();
  }
  client_.soon();
}

// Ends the request, or waits, where it is not.
bool Http2Forward::is_connected() {
  if (call_.is_submitted()) return true;
  for (;;) {
    if (!call_.has_place() && call_.failure() == Failure::none && !connect()) return false;
    if (call_.failure() == Failure::none) {
      if (!call_.is_open()) return false;
      if (is_websocket_ && !call_.takes_tunnels()) {
        fall_back();
        return false;
      }
      if (upload_done_ && !is_websocket_) call_.end();
      call_.submit({.head = head_,
                    .accepts_trailers = client_.request().accepts_trailers,
                    .protocol = is_websocket_ ? "websocket" : ""});
    }
    if (call_.is_submitted()) break;
    if (!recover()) return false;
  }
  update_deadline();
  return true;
}

bool Http2Forward::connect() {
  if (choice_.is_waiting()) return false;
  while (choice_.take_next()) {
    if (call_.join(worker_, choice_.lease())) {
      client_.clear_deadline();  // the connection has its own
      return true;
    }
    const int code = errno;
    if (code == EMFILE || code == ENFILE) {
      end_with(notices::overloaded());
      return false;
    }
    choice_.give_up(UpstreamChoice::Unreached::refused);
  }
  const auto& host = client_.request().host;
  if (!timed_out_ && choice_.wait(*this, host)) {
    client_.clear_deadline();  // the wait has its own
    return false;
  }
  end_with(timed_out_ ? notices::gateway_timeout(host) : choice_.unavailable(host));
  return false;
}

// After a failure before the answer began. False where the request has ended with it.
bool Http2Forward::recover() {
  const auto failure = call_.failure();
  const bool is_reused = call_.is_reused();
  const bool is_untouched = !upload_touched_ && !response_started_;
  bool again = false;
  switch (failure) {
    case Failure::none:
    case Failure::not_http2:
      break;
    case Failure::unreachable:
    case Failure::late:
      timed_out_ = timed_out_ || failure == Failure::late;
      again = true;
      break;
    case Failure::turned_away:
      again = is_untouched && ++turned_away_ <= turned_away_max;
      break;
    case Failure::lost:
      // A connection may have been closed while nothing was under way on it; a fresh one is cut off
      // where the app is being started again.
      again = is_untouched && (is_reused ? http1::is_idempotent(client_.request().method) &&
                                               !std::exchange(retried_, true)
                                         : choice_.may_repeat(client_.request().method) &&
                                               ++cut_off_ <= cut_off_max);
      if (again && !is_reused) {
        choice_.note_failure();
        choice_.mark_tried();
      }
      break;
  }
  if (!again) {
    choice_.note_failure(fault_of(failure));
    end_with(failure_notice());
    return false;
  }
  call_.leave();
  if (failure == Failure::unreachable) choice_.give_up(UpstreamChoice::Unreached::refused);
  if (failure == Failure::late)
    choice_.give_up(choice_.target().protocol == routing::Protocol::h2c
                        ? UpstreamChoice::Unreached::late
                        : UpstreamChoice::Unreached::not_greeted);
  choice_.lease().end();
  return true;
}

Notice Http2Forward::failure_notice() {
  const auto& host = client_.request().host;
  switch (call_.failure()) {
    case Failure::not_http2:
      warn_not_http2(host, choice_.lease(), worker_.reactor.now());
      return notices::not_http2(host);
    case Failure::turned_away:
      return notices::app_is_full(host);
    default:
      return choice_.unreachable(host);
  }
}

void Http2Forward::end_with(const Notice& notice) {
  call_.leave();
  choice_.lease().end();
  if (response_started_) return client_.abort();
  client_.send_page(notice);
}

Http2Forward::Step Http2Forward::finish() {
  call_.leave();
  choice_.lease().end();
  client_.finish();
  return Step::ended;
}

milliseconds Http2Forward::first_byte() const {
  // The client of a gRPC stream may well send nothing for long, and the app answer that with
  // nothing.
  if (upload_done_ || is_grpc()) return patience_;
  return worker_.limits.upload_idle;
}

void Http2Forward::update_deadline() {
  if (!call_.is_submitted()) return;
  if (!client_.is_ready()) {
    client_.await_taking();
  } else if (response_started_) {
    client_.clear_deadline();
  } else {
    client_.set_deadline(first_byte());
  }
}

void Http2Forward::on_deadline() {
  if (choice_.is_waiting()) {
    end_with(choice_.unavailable(client_.request().host));
  } else if (response_started_) {
    client_.abort();
  } else if (!upload_done_ && !call_.has_output() && !is_grpc()) {
    end_with(notices::slow_request());
  } else {
    // How long a gRPC call may take is its client's to say.
    if (choice_.lease())
      choice_.note_failure(is_grpc() ? UpstreamChoice::Fault::perhaps_not
                                     : UpstreamChoice::Fault::its_own);
    end_with(notices::gateway_timeout(client_.request().host));
  }
}

}  // namespace temps::proxy
