// Choosing an upstream, connecting, trying again, and the end of a forwarded request.
#include "proxy/forward.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/text.hpp"
#include "proxy/forwarded_head.hpp"
#include "proxy/policy.hpp"

namespace temps::proxy {
namespace {

constexpr int rounds_per_turn = 8;
// So often a request that fresh connections were cut off with is sent again: an app that is being
// killed may still take some.
constexpr int cut_off_max = 2;

}  // namespace

// Upgrading to HTTP/2 in the clear would take the following requests out of the proxy's sight.
bool Forward::may_upgrade(const http1::RequestHead& head) {
  return !head.upgrade.empty() && head.framing == http1::Framing::none &&
         !http1::list_contains(head.upgrade, "h2c");
}

ResponderPointer Forward::begin(Exchange& client, const http1::RequestHead& head,
                                const Target& target) {
  const auto limit = body_bytes_max(client);
  if (target.kind == Target::Kind::app && head.framing == http1::Framing::content_length &&
      head.content_length > limit)
    return page_responder(client, notices::too_large(limit));
  auto forward = client.worker().take_forward();
  forward->choice_.begin(target, head);
  forward->prepare(client, head);
  return ResponderPointer(forward.release());
}

ResponderPointer Forward::begin(Exchange& client, const http1::RequestHead& head,
                                const UpstreamChoice& choice) {
  auto forward = client.worker().take_forward();
  forward->choice_.begin(choice);
  forward->prepare(client, head);
  return ResponderPointer(forward.release());
}

void Forward::prepare(Exchange& client, const http1::RequestHead& head) {
  client_ = &client;
  upgrade_ = may_upgrade(head);
  request_chunked_ = head.framing == http1::Framing::chunked;
  upload_done_ = client.is_body_done();
  head_.clear();
  if (request_chunked_) read_announced(head.fields, announced_);
  write_forwarded_head(
      head_, client, head,
      {.upgrading = upgrade_ ? Upgrading::yes : Upgrading::no, .trailers = announced_});
}

// Back to the worker's spares, with nothing of this request but the capacity of its strings.
void Forward::release() {
  drop_upstream();
  end_splicing();
  client_ = nullptr;
  choice_.clear();
  response_head_bytes_ = {};
  response_body_ = {};
  trailers_.reset();
  announced_.clear();
  body_taken_ = 0;
  giving_ = {};
  interim_count_ = cut_off_ = 0;
  upload_touched_ = upload_done_ = upload_broken_ = response_started_ = response_seen_ = false;
  retried_ = timed_out_ = was_connecting_ = upgrade_ = nothing_sent_ = request_chunked_ = false;
  splice_failed_ = false;
  read_bytes_ = read_bytes_first;
  worker_.give_back(std::unique_ptr<Forward>(this));
}

void Forward::advance() {
  for (int round = 0; round < rounds_per_turn; ++round) {
    if (!is_connected()) return;
    const auto up = pump_request();
    if (up == Step::ended) return;
    if (upstream_ == nullptr) continue;
    const auto down = pump_response();
    if (down == Step::ended) return;
    if (up == Step::idle && down == Step::idle) {
      if (response_started_) await_either();
      return;
    }
    update_deadline();
  }
  client_->soon();
}

// Ends the request, or waits, where it is not.
bool Forward::is_connected() {
  if (upstream_ == nullptr && !connect()) return false;
  if (upstream_->connect_failed) {
    note_connect_failure(UpstreamChoice::Unreached::refused);
    return connect() && !upstream_->connecting;
  }
  if (upstream_->connecting) return false;
  if (std::exchange(was_connecting_, false)) update_deadline();
  return true;
}

void Forward::note_connect_failure(UpstreamChoice::Unreached how) {
  choice_.note_unreachable(how);
  drop_upstream();
}

bool Forward::connect() {
  if (choice_.is_waiting()) return false;
  while (choice_.take_next()) {
    // A request that met a stale connection goes to the same upstream again, so this one is marked
    // as tried only when it could not be reached.
    if (open_connection()) return true;
    const int code = errno;
    if (code == EMFILE || code == ENFILE) {
      end_with(notices::overloaded());
      return false;
    }
    choice_.give_up(UpstreamChoice::Unreached::refused);
  }
  const auto& host = client_->request().host;
  if (!timed_out_ && choice_.wait(*this, host)) {
    client_->clear_deadline();  // the wait has its own
    return false;
  }
  end_with(timed_out_ ? notices::gateway_timeout(host) : choice_.unavailable(host));
  return false;
}

bool Forward::open_connection() {
  if (!retried_ && cut_off_ == 0) {
    const auto check = http1::is_idempotent(client_->request().method)
                           ? UpstreamConnection::Check::events
                           : UpstreamConnection::Check::probe;
    upstream_ = UpstreamConnection::take_idle(choice_.lease().share(), worker_.reactor, check);
  }
  if (upstream_ == nullptr) {
    upstream_ = UpstreamConnection::connect(worker_.reactor, choice_.lease().upstream());
    // From a fresh connection's failure there is no second try at the same upstream.
    choice_.mark_tried();
  }
  if (upstream_ == nullptr) return false;
  upstream_->set_user(this);
  parser_.reset();
  was_connecting_ = upstream_->connecting;
  if (was_connecting_) {
    client_->set_deadline(worker_.limits.connect);
  } else {
    client_->set_deadline(upload_done_ ? first_byte() : worker_.limits.upload_idle);
  }
  send_head();
  return true;
}

// While the connection is being made, the head waits in the outbox.
void Forward::send_head() {
  nothing_sent_ = false;
  auto& output = upstream_->output;
  if (!upstream_->connecting && output.send(upstream_->transport, head_) == Io::failed) {
    upload_broken_ = true;
    nothing_sent_ = true;
  } else if (upstream_->connecting) {
    output.queue(head_);
  }
}

void Forward::end_with(const Notice& notice) {
  drop_upstream();
  if (response_started_) return client_->abort();
  client_->send_page(notice);
}

void Forward::drop_upstream() {
  if (upstream_ != nullptr) {
    upstream_->set_user(nullptr);
    worker_.reactor.retire(std::move(upstream_));
  }
  choice_.lease().end();
}

// RFC 9110 §9.2.2: what may have been carried out is sent again only where twice is the same as
// once.
bool Forward::may_send_again() const {
  if (upload_touched_ || response_seen_) return false;
  return nothing_sent_ || http1::is_idempotent(client_->request().method);
}

// The connection is gone before a response: a pooled one may have been closed while it was idle. A
// fresh one has been cut off: where the app is being started again, what only asks may be asked
// again.
Forward::Step Forward::lost() {
  const bool is_pooled = upstream_->reused;
  const bool again =
      may_send_again() &&
      (is_pooled ? !std::exchange(retried_, true)
                 : choice_.may_repeat(client_->request().method) && ++cut_off_ <= cut_off_max);
  if (!again || !is_pooled) choice_.note_failure();
  drop_upstream();
  if (!again) {
    end_with(choice_.unreachable(client_->request().host));
    return Step::ended;
  }
  upload_broken_ = false;
  return Step::progress;
}

Forward::Step Forward::finish(bool is_reusable) {
  const bool is_clean = is_reusable && upload_done_ && !upload_broken_ &&
                        upstream_->output.empty() && !upstream_->transport.is_peer_closed();
  if (is_clean) {
    UpstreamConnection::give_back(
        std::move(upstream_), choice_.lease().share(),
        {.idle_max = worker_.limits.idle_per_upstream, .idle_limit = worker_.limits.upstream_idle});
    choice_.lease().end();
  } else {
    drop_upstream();
  }
  client_->finish();
  return Step::ended;
}

std::uint64_t Forward::body_bytes_max(const Exchange& client) {
  const auto* policy = client.policy();
  const auto standard = client.worker().limits.body_bytes;
  return policy == nullptr ? standard : policy->body_bytes_max(standard);
}

milliseconds Forward::first_byte() const {
  const auto* policy = client_->policy();
  const auto standard = worker_.limits.first_byte;
  return policy == nullptr ? standard : policy->first_byte(standard);
}

// Has the client taken all that came of the response?
bool Forward::is_taken() const {
  return client_->is_ready() && (pipe_ == nullptr || pipe_->held() == 0);
}

// A response that waits for its upstream has no limit, one that waits for the client has.
void Forward::await_either() {
  if (is_taken()) {
    client_->clear_deadline();
  } else {
    client_->await_taking();
  }
}

void Forward::update_deadline() {
  if (upstream_ == nullptr || upstream_->connecting) return;
  if (response_started_ || !is_taken()) {
    await_either();
  } else {
    client_->set_deadline(upload_done_ ? first_byte() : worker_.limits.upload_idle);
  }
}

void Forward::on_deadline() {
  if (choice_.is_waiting()) {
    end_with(choice_.unavailable(client_->request().host));
  } else if (upstream_ != nullptr && upstream_->connecting) {
    timed_out_ = true;
    note_connect_failure(UpstreamChoice::Unreached::late);
    connect();
  } else if (response_started_) {
    client_->abort();
  } else if (!upload_done_ && upstream_ != nullptr && upstream_->output.empty()) {
    end_with(notices::slow_request());
  } else {
    if (choice_.lease()) choice_.note_failure();
    end_with(notices::gateway_timeout(client_->request().host));
  }
}

}  // namespace temps::proxy
