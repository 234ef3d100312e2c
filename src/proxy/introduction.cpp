#include "proxy/introduction.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <utility>

#include "core/log.hpp"
#include "proxy/client.hpp"
#include "proxy/handshake.hpp"
#include "proxy/proxy_protocol.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {

Introduction::Introduction(Worker& worker, int fd, Encryption encryption, std::string address)
    : worker_(worker), fd_(fd), encryption_(encryption), address_(std::move(address)) {}

Introduction::~Introduction() {
  if (fd_ >= 0) ::close(fd_);
}

void Introduction::start() {
  if (!worker_.reactor.watch(fd_, *this)) return close();
  worker_.reactor.arm(*this, worker_.limits.header);
  read();
}

void Introduction::close() {
  if (std::exchange(closed_, true)) return;
  cancel();
  worker_.remove(*this);
}

void Introduction::on_events(std::uint32_t) { read(); }

void Introduction::on_time() { refuse(); }

// Only looks at what has come: the client's own bytes stay in the kernel for those who follow.
void Introduction::read() {
  if (closed_) return;
  const auto scratch = worker_.reactor.scratch().first(proxy_header_bytes_max);
  const auto got = ::recv(fd_, scratch.data(), scratch.size(), MSG_PEEK);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
  if (got <= 0) return close();
  const auto header = read_proxy_header({scratch.data(), static_cast<std::size_t>(got)});
  switch (header.state) {
    case ProxyHeader::State::need_more:
      return;
    case ProxyHeader::State::failed:
      return refuse();
    case ProxyHeader::State::complete:
      break;
  }
  if (!skip(header.bytes)) return close();
  auto caller = worker_.trust.caller(header.client ? header.client->text() : address_);
  caller.by_tls = header.by_tls;
  hand_over(std::move(caller));
}

// Whoever has set a balancer up wrongly finds no other trace of it.
void Introduction::refuse() {
  constexpr std::chrono::seconds quiet{10};
  if (worker_.reactor.now() >= worker_.may_warn_at) {
    worker_.may_warn_at = worker_.reactor.now() + quiet;
    log::warning("a connection was refused: it did not begin with the PROXY protocol",
                 {{"from", address_}});
  }
  close();
}

bool Introduction::skip(std::size_t bytes) const {
  const auto scratch = worker_.reactor.scratch().first(bytes);
  return ::recv(fd_, scratch.data(), scratch.size(), 0) == static_cast<ssize_t>(bytes);
}

void Introduction::hand_over(Caller caller) {
  closed_ = true;
  cancel();
  const int fd = std::exchange(fd_, -1);
  if (encryption_ == Encryption::tls) {
    auto handshake = std::make_unique<Handshake>(worker_, fd, std::move(caller));
    auto& connection = *handshake;
    if (worker_.take_over(*this, std::move(handshake), fd))
      return connection.start(Handshake::Watched::yes);
  } else {
    auto client = std::make_unique<ClientConnection>(worker_, Transport(fd), std::move(caller));
    auto& connection = *client;
    if (worker_.take_over(*this, std::move(client), fd))
      return connection.start(ClientConnection::Watched::yes);
  }
  worker_.remove(*this);
}

}  // namespace temps::proxy
