#include "proxy/worker.hpp"

#include <cstring>
#include <unordered_set>
#include <utility>

#include "core/random.hpp"
#include "proxy/access_log.hpp"
#include "proxy/connection.hpp"
#include "proxy/exchange.hpp"
#include "proxy/forward.hpp"
#include "proxy/http2_upstream.hpp"
#include "proxy/listener.hpp"
#include "proxy/upstream_probe.hpp"

namespace temps::proxy {
namespace {

constexpr std::size_t spare_forwards_max = 512;
constexpr std::size_t spare_works_max = 512;
constexpr std::size_t spare_heads_max = 16;
constexpr std::size_t spare_pipes_max = 16;

std::uint64_t random_number() {
  std::uint64_t number = 0;
  const auto bytes = random_bytes(sizeof number);
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

}  // namespace

Worker::Worker(std::size_t i, const Limits& l, const Trust& t, Tls tls)
    : index(i),
      limits(l),
      trust(t),
      table(std::make_shared<LoopTable>()),
      parser(http1::HeadLimits{.head_bytes = l.head_bytes}),
      tls_context_(*this, tls.tickets, tls.encryptor),
      id_prefix_(random_number()),
      id_count_(random_number()) {}

Worker::~Worker() { close_all(); }

void Worker::log_to(AccessLog& log) { access = std::make_unique<AccessBuffer>(reactor, log); }

const CertificateStore* Worker::certificates() const {
  return table->snapshot == nullptr ? nullptr : &table->snapshot->certificates();
}

void Worker::listen_on(int fd, Encryption encryption, Wanted wanted) {
  auto& listeners = wanted == Wanted::yes ? listeners_ : unwanted_;
  listeners.push_back(std::make_unique<Listener>(*this, fd, encryption));
}

void Worker::post_table(std::shared_ptr<const Snapshot> snapshot,
                        std::move_only_function<void()> done) {
  reactor.post([this, snapshot = std::move(snapshot), done = std::move(done)]() mutable {
    use(std::move(snapshot));
    done();
  });
}

void Worker::post_accept(std::move_only_function<void()> done) {
  reactor.post([this, done = std::move(done)]() mutable {
    accept();
    done();
  });
}

void Worker::post_pause(std::move_only_function<void()> done) {
  reactor.post([this, done = std::move(done)]() mutable {
    for (auto& listener : listeners_) listener->pause();
    done();
  });
}

void Worker::post_drain(milliseconds idle_grace) {
  reactor.post([this, idle_grace] {
    idle_grace_ = idle_grace;
    begin_drain();
  });
}

void Worker::post_stop() {
  reactor.post([this] {
    close_all();
    reactor.stop();
  });
}

// Connections to upstreams that have left the table are closed at once where they are idle, and
// after their request where they are not.
void Worker::use(std::shared_ptr<const Snapshot> snapshot) {
  std::unordered_set<const Upstream*> named;
  for (const auto& upstream : snapshot->upstreams()) {
    named.insert(upstream.get());
    // What it was before it left the table says nothing now.
    if (!std::exchange(upstream->share(index).in_table, true) && !upstream->health.is_in())
      upstream->health.forget();
  }
  if (table->snapshot != nullptr) {
    for (const auto& upstream : table->snapshot->upstreams()) {
      if (named.contains(upstream.get())) continue;
      auto& share = upstream->share(index);
      share.in_table = false;
      share.probe.reset();
      for (auto& idle : std::exchange(share.idle, {})) reactor.retire(std::move(idle));
      Http2Upstream::retire_all(share);
    }
  }
  table = std::make_shared<LoopTable>(LoopTable{std::move(snapshot)});
}

void Worker::accept() {
  if (draining_) return;
  for (auto& listener : listeners_) listener->resume();
  for (auto& listener : unwanted_) listener->accept_waiting();
  unwanted_.clear();
}

// Another process may have the same sockets, and serve what waits there; but it need not have
// wanted all of them.
void Worker::begin_drain() {
  if (draining_) return;
  draining_ = true;
  for (auto& listener : listeners_) listener->accept_waiting();
  listeners_.clear();
  for (auto* connection = connections_; connection != nullptr;) {
    auto* next = connection->next;
    connection->drain();
    connection = next;
  }
  if (connections_ == nullptr) reactor.stop();
}

void Worker::close_all() {
  listeners_.clear();
  unwanted_.clear();
  while (connections_ != nullptr) connections_->close();
  if (table->snapshot == nullptr) return;
  for (const auto& upstream : table->snapshot->upstreams()) {
    auto& share = upstream->share(index);
    share.probe.reset();
    for (auto& idle : std::exchange(share.idle, {})) reactor.retire(std::move(idle));
    Http2Upstream::retire_all(share);
  }
}

void Worker::adopt(std::unique_ptr<Connection> connection) {
  connection->next = connections_;
  if (connections_ != nullptr) connections_->previous = connection.get();
  connections_ = connection.release();
  connections.add(1);
}

void Worker::remove(Connection& connection) {
  if (connection.next != nullptr) connection.next->previous = connection.previous;
  (connection.previous != nullptr ? connection.previous->next : connections_) = connection.next;
  connections.add(-1);
  reactor.retire(std::unique_ptr<EventTarget>(&connection));
  if (draining_ && connections_ == nullptr) reactor.stop();
}

bool Worker::take_over(Connection& old, std::unique_ptr<Connection> successor, int fd) {
  if (!reactor.rewatch(fd, *successor)) return false;
  adopt(std::move(successor));
  remove(old);
  return true;
}

std::unique_ptr<Forward> Worker::take_forward() {
  if (spare_forwards_.empty()) return std::make_unique<Forward>(*this);
  auto forward = std::move(spare_forwards_.back());
  spare_forwards_.pop_back();
  return forward;
}

void Worker::give_back(std::unique_ptr<Forward> forward) {
  if (spare_forwards_.size() < spare_forwards_max) spare_forwards_.push_back(std::move(forward));
}

std::unique_ptr<Work> Worker::take_work() {
  if (spare_works_.empty()) return std::make_unique<Work>();
  auto work = std::move(spare_works_.back());
  spare_works_.pop_back();
  return work;
}

void Worker::give_back(std::unique_ptr<Work> work) {
  work->clear();
  if (spare_works_.size() < spare_works_max) spare_works_.push_back(std::move(work));
}

std::unique_ptr<Http2Head> Worker::take_http2_head() {
  if (spare_heads_.empty())
    return std::make_unique<Http2Head>(http1::HeadLimits{.head_bytes = limits.head_bytes});
  auto head = std::move(spare_heads_.back());
  spare_heads_.pop_back();
  head->clear();
  return head;
}

void Worker::give_back(std::unique_ptr<Http2Head> head) {
  if (spare_heads_.size() < spare_heads_max) spare_heads_.push_back(std::move(head));
}

std::unique_ptr<SplicePipe> Worker::take_pipe() {
  if (spare_pipes_.empty()) return SplicePipe::open();
  auto pipe = std::move(spare_pipes_.back());
  spare_pipes_.pop_back();
  return pipe;
}

void Worker::give_back(std::unique_ptr<SplicePipe> pipe) {
  if (spare_pipes_.size() < spare_pipes_max) spare_pipes_.push_back(std::move(pipe));
}

// Unique, not secret: a random number of the loop and a scrambled count (splitmix64).
RequestId Worker::make_request_id() {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::uint64_t mixed = (id_count_ += 0x9e3779b97f4a7c15ULL);
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
  mixed ^= mixed >> 31U;
  if (mixed == 0) mixed = 1;  // no id of a trace may be zero
  RequestId id;
  for (std::size_t i = 0; i < 16; ++i) {
    id[i] = digits[(id_prefix_ >> (60 - 4 * i)) & 0xfU];
    id[16 + i] = digits[(mixed >> (60 - 4 * i)) & 0xfU];
  }
  return id;
}

TraceParent Worker::make_trace(std::string_view request_id) {
  const auto random = make_request_id();
  return begin_trace(request_id, {random.data(), random.size()});
}

}  // namespace temps::proxy
