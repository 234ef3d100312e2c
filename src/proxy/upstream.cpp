#include "proxy/upstream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "proxy/http2_upstream.hpp"
#include "proxy/upstream_probe.hpp"

namespace temps::proxy {

LoopShare::LoopShare() = default;
LoopShare::~LoopShare() = default;

std::int64_t Upstream::in_flight() const {
  std::int64_t sum = 0;
  for (const auto& share : shares_) sum += share.in_flight.get();
  return sum;
}

void Upstream::add_to(routing::UpstreamLoad& sum) const {
  sum.in_flight += in_flight();
  sum.address = to_text(address);
  sum.health = std::max(sum.health, health.shown());
  if (!sum.answers) sum.answers.emplace();
  for (const auto& share : shares_) {
    sum.failures += share.failures.get();
    share.answers.add_to(*sum.answers);
  }
}

Lease::Lease(std::shared_ptr<Upstream> upstream, std::size_t loop)
    : upstream_(std::move(upstream)), share_(&upstream_->share(loop)) {
  share_->in_flight.add(1);
}

Lease& Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  end();
  upstream_ = std::move(other.upstream_);
  share_ = other.share_;
  return *this;
}

void Lease::end() {
  if (upstream_ == nullptr) return;
  share_->in_flight.add(-1);
  upstream_.reset();
}

std::unique_ptr<UpstreamConnection> UpstreamConnection::connect(Reactor& reactor,
                                                                const Upstream& upstream) {
  const auto& address = upstream.address;
  const int fd = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return nullptr;
  auto connection = std::make_unique<UpstreamConnection>(reactor, fd);
  if (address.family() != AF_UNIX) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  if (::connect(fd, address.get(), address.length) == 0) {
    connection->connecting = false;
  } else if (errno != EINPROGRESS) {
    return nullptr;
  }
  if (!reactor.watch(fd, *connection)) return nullptr;
  return connection;
}

std::unique_ptr<UpstreamConnection> UpstreamConnection::take_idle(LoopShare& share,
                                                                  Reactor& reactor, Check check) {
  while (!share.idle.empty()) {
    auto connection = std::move(share.idle.back());
    share.idle.pop_back();
    connection->pooled_in_ = nullptr;
    connection->cancel();
    if (check == Check::events || !connection->transport.is_stale()) return connection;
    reactor.retire(std::move(connection));
  }
  return nullptr;
}

void UpstreamConnection::give_back(std::unique_ptr<UpstreamConnection> connection, LoopShare& share,
                                   Pooling pooling) {
  auto& reactor = connection->reactor_;
  connection->user_ = nullptr;
  if (!share.in_table || share.idle.size() >= pooling.idle_max) {
    reactor.retire(std::move(connection));
    return;
  }
  connection->reused = true;
  connection->pooled_in_ = &share;
  reactor.arm(*connection, pooling.idle_limit);
  share.idle.push_back(std::move(connection));
}

void UpstreamConnection::on_events(std::uint32_t events) {
  transport.note(events);
  if (connecting && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0) {
    connecting = false;
    connect_failed = transport.connect_error() != 0;
  }
  if (user_ != nullptr) {
    user_->on_upstream_events();
  } else if (transport.is_peer_closed() || transport.is_broken() || transport.is_stale()) {
    leave_pool();
  }
}

void UpstreamConnection::leave_pool() {
  if (pooled_in_ == nullptr) return;
  auto& idle = pooled_in_->idle;
  const auto found = std::find_if(idle.begin(), idle.end(),
                                  [this](const auto& held) { return held.get() == this; });
  if (found == idle.end()) return;
  auto self = std::move(*found);
  idle.erase(found);
  pooled_in_ = nullptr;
  reactor_.retire(std::move(self));
}

}  // namespace temps::proxy
