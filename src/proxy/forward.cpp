// Choosing an upstream, connecting, trying again, and the end of a forwarded request.
#include "proxy/forward.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/text.hpp"
#include "proxy/head_writer.hpp"
#include "proxy/policy.hpp"

namespace temps::proxy {
namespace {

constexpr int rounds_per_turn = 8;
// For so long an upstream that refused a connection is only used when all others have, too.
constexpr std::chrono::seconds avoid_time{1};

// Upgrading to HTTP/2 in the clear would take the following requests out of the proxy's sight.
bool may_upgrade(const http1::RequestHead& head) {
  return !head.upgrade.empty() && head.framing == http1::Framing::none &&
         !http1::list_contains(head.upgrade, "h2c");
}

}  // namespace

ResponderPointer Forward::begin(Exchange& client, const http1::RequestHead& head,
                                const Target& target) {
  const auto limit = body_bytes_max(client);
  if (target.kind == Target::Kind::app && head.framing == http1::Framing::content_length &&
      head.content_length > limit)
    return page_responder(client, notices::too_large(limit));
  auto forward = client.worker().take_forward();
  forward->prepare(client, head, target);
  return ResponderPointer(forward.release());
}

void Forward::prepare(Exchange& client, const http1::RequestHead& head, const Target& target) {
  client_ = &client;
  table_ = worker_.table;
  target_ = &target;
  upgrade_ = may_upgrade(head);
  request_chunked_ = head.framing == http1::Framing::chunked;
  upload_done_ = client.is_body_done();
  head_.clear();
  write_request_head(head_, head,
                     {.client_address = client.peer(),
                      .scheme = client.is_secure() ? "https" : "http",
                      .request_id = client.request().id},
                     upgrade_ ? Upgrading::yes : Upgrading::no);
}

// Back to the worker's spares, with nothing of this request but the capacity of its strings.
void Forward::release() {
  drop_upstream();
  end_splicing();
  client_ = nullptr;
  target_ = nullptr;
  table_.reset();
  response_head_bytes_ = {};
  response_body_ = {};
  tried_ = body_taken_ = 0;
  interim_count_ = 0;
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
      // A response that waits for its upstream has no limit.
      if (response_started_ && is_taken()) client_->clear_deadline();
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
    note_connect_failure();
    return connect() && !upstream_->connecting;
  }
  if (upstream_->connecting) return false;
  if (std::exchange(was_connecting_, false)) update_deadline();
  return true;
}

void Forward::note_answer(int status) {
  const auto time = worker_.reactor.now() - sent_at_;
  lease_.share().answers.count(status, time);
  client_->note_upstream_time(time);
}

void Forward::note_connect_failure() {
  lease_.share().failures.add();
  lease_.share().avoid_until = worker_.reactor.now() + avoid_time;
  drop_upstream();
}

// The least loaded upstream of this loop that has not failed for this request.
const std::shared_ptr<Upstream>* Forward::choose() {
  const auto& all = target_->upstreams;
  const auto start = worker_.rotation++;
  const std::shared_ptr<Upstream>* best = nullptr;
  std::pair<bool, std::int64_t> best_load{};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto at = (start + i) % all.size();
    if (at < 64 && (tried_ >> at & 1U) != 0) continue;
    const auto& share = all[at]->share(worker_.index);
    const std::pair load{share.avoid_until > worker_.reactor.now(), share.in_flight.get()};
    if (best != nullptr && load >= best_load) continue;
    best = &all[at];
    best_load = load;
  }
  return best;
}

bool Forward::connect() {
  while (const auto* chosen = choose()) {
    // A request that met a stale connection goes to the same upstream again, so this one is marked
    // as tried only when it could not be reached.
    if (open_connection(*chosen)) return true;
    const int code = errno;
    const auto at = static_cast<std::size_t>(chosen - target_->upstreams.data());
    if (at < 64) tried_ |= 1ULL << at;
    const bool is_ours = code == EMFILE || code == ENFILE;
    if (!is_ours) lease_.share().failures.add();
    lease_.share().avoid_until = worker_.reactor.now() + avoid_time;
    lease_.end();
    if (is_ours) {
      end_with(notices::overloaded());
      return false;
    }
    if (at >= 64) break;
  }
  end_with(timed_out_ ? notices::gateway_timeout(client_->request().host) : unreachable());
  return false;
}

bool Forward::open_connection(const std::shared_ptr<Upstream>& upstream) {
  lease_ = Lease(upstream, worker_.index);
  const auto at = static_cast<std::size_t>(&upstream - target_->upstreams.data());
  if (!retried_) {
    const auto check = http1::is_idempotent(client_->request().method)
                           ? UpstreamConnection::Check::events
                           : UpstreamConnection::Check::probe;
    upstream_ = UpstreamConnection::take_idle(lease_.share(), worker_.reactor, check);
  }
  if (upstream_ == nullptr) {
    upstream_ = UpstreamConnection::connect(worker_.reactor, *upstream);
    // From a fresh connection's failure there is no second try at the same upstream.
    if (at < 64) tried_ |= 1ULL << at;
  }
  if (upstream_ == nullptr) return false;
  upstream_->set_user(this);
  sent_at_ = worker_.reactor.now();
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

Notice Forward::unreachable() const {
  return target_->kind == Target::Kind::console ? notices::console_down()
                                                : notices::bad_gateway(client_->request().host);
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
  lease_.end();
}

// RFC 9110 §9.2.2: what may have been carried out is sent again only where twice is the same as
// once.
bool Forward::may_send_again() const {
  if (upload_touched_ || response_seen_ || retried_) return false;
  return nothing_sent_ || http1::is_idempotent(client_->request().method);
}

// The connection is gone before a response: a pooled one may have been closed while it was idle.
Forward::Step Forward::lost() {
  const bool again = upstream_->reused && may_send_again();
  if (!again) lease_.share().failures.add();
  drop_upstream();
  if (!again) {
    end_with(unreachable());
    return Step::ended;
  }
  retried_ = true;
  upload_broken_ = false;
  return Step::progress;
}

Forward::Step Forward::finish(bool is_reusable) {
  const bool is_clean = is_reusable && upload_done_ && !upload_broken_ &&
                        upstream_->output.empty() && !upstream_->transport.is_peer_closed();
  if (is_clean) {
    UpstreamConnection::give_back(
        std::move(upstream_), lease_.share(),
        {.idle_max = worker_.limits.idle_per_upstream, .idle_limit = worker_.limits.upstream_idle});
    lease_.end();
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

void Forward::update_deadline() {
  if (upstream_ == nullptr || upstream_->connecting) return;
  if (!is_taken()) {
    client_->set_deadline(worker_.limits.send_idle);
  } else if (response_started_) {
    client_->clear_deadline();
  } else {
    client_->set_deadline(upload_done_ ? first_byte() : worker_.limits.upload_idle);
  }
}

void Forward::on_deadline() {
  if (upstream_ != nullptr && upstream_->connecting) {
    timed_out_ = true;
    note_connect_failure();
    connect();
  } else if (response_started_) {
    client_->abort();
  } else if (!upload_done_ && upstream_ != nullptr && upstream_->output.empty()) {
    end_with(notices::slow_request());
  } else {
    if (lease_) lease_.share().failures.add();
    end_with(notices::gateway_timeout(client_->request().host));
  }
}

}  // namespace temps::proxy
