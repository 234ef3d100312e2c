#include "proxy/handshake.hpp"

#include <utility>

#include "proxy/client.hpp"
#include "proxy/http2_connection.hpp"
#include "proxy/tls_session.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {

Handshake::Handshake(Worker& worker, int fd, Caller peer)
    : worker_(worker),
      transport_(fd, std::make_unique<TlsSession>(worker.tls_context(), worker.tls_buffers())),
      peer_(std::move(peer)) {}

void Handshake::start(Watched watched) {
  if (watched == Watched::no && !worker_.reactor.watch(transport_.fd(), *this)) return close();
  worker_.reactor.arm(*this, worker_.limits.header);
  proceed();
}

void Handshake::close() {
  if (std::exchange(closed_, true)) return;
  cancel();
  worker_.remove(*this);
}

void Handshake::on_events(std::uint32_t events) {
  transport_.note(events);
  proceed();
}

void Handshake::proceed() {
  if (closed_) return;
  switch (transport_.tls()->shake_hands(transport_)) {
    case Io::would_block:
      return;
    case Io::done:
      return hand_over();
    case Io::closed:
    case Io::failed:
      return close();
  }
}

void Handshake::hand_over() {
  closed_ = true;
  cancel();
  switch (transport_.tls()->protocol()) {
    case Protocol::acme:  // the certificate was all that the ACME server wanted to see
      break;
    case Protocol::http1: {
      auto client =
          std::make_unique<ClientConnection>(worker_, std::move(transport_), std::move(peer_));
      auto& connection = *client;
      if (!worker_.take_over(*this, std::move(client), connection.descriptor())) break;
      connection.start(ClientConnection::Watched::yes);
      if (worker_.is_draining()) connection.drain();
      return;
    }
    case Protocol::http2: {
      auto client =
          std::make_unique<Http2Connection>(worker_, std::move(transport_), std::move(peer_));
      auto& connection = *client;
      if (!worker_.take_over(*this, std::move(client), connection.descriptor())) break;
      connection.start();
      if (worker_.is_draining()) connection.drain();
      return;
    }
  }
  worker_.remove(*this);
}

}  // namespace temps::proxy
