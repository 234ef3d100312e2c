#include "proxy/listener.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "core/check.hpp"
#include "core/log.hpp"
#include "proxy/client.hpp"
#include "proxy/errors.hpp"
#include "proxy/handshake.hpp"
#include "proxy/introduction.hpp"
#include "proxy/worker.hpp"

namespace temps::proxy {
namespace {

constexpr int backlog = 4096;
constexpr int accepts_per_turn = 64;

void set_option(int fd, int level, int name, int value) {
  ::setsockopt(fd, level, name, &value, sizeof value);
}

std::unexpected<Error> listen_error(const Address& address, int code) {
  const auto text = to_text(address);
  if (code == EADDRINUSE)
    return fail(errors::address_in_use,
                "{} is in use by another process. Stop that process (`ss -ltnp` shows it), or "
                "listen on another address with --listen",
                text);
  if (code == EACCES)
    return fail(errors::cannot_listen,
                "listening on {} is not permitted: ports below 1024 need root or the capability "
                "CAP_NET_BIND_SERVICE; or take a higher port with --listen",
                text);
  if (code == EADDRNOTAVAIL)
    return fail(errors::cannot_listen,
                "{} is not an address of this machine; `ip address` lists them", text);
  return fail(errors::cannot_listen, "cannot listen on {}: {}", text, std::strerror(code));
}

void keep_alive_probes(int fd) {
  constexpr int idle_seconds = 60;
  constexpr int probe_seconds = 15;
  constexpr int probes = 4;
  set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, idle_seconds);
  set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, probe_seconds);
  set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, probes);
}

int bound_socket(const Address& address, int reuse_port) {
  const int fd = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  set_option(fd, SOL_SOCKET, SO_REUSEPORT, reuse_port);
  if (address.family() == AF_INET6) set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(fd, address.get(), address.length) == 0) return fd;
  const int code = errno;
  ::close(fd);
  errno = code;
  return -1;
}

}  // namespace

Result<> check_unused(const Address& address) {
  const int fd = bound_socket(address, 0);
  if (fd < 0) return listen_error(address, errno);
  ::close(fd);  // without listening, so that no client meets this socket
  return {};
}

Result<int> open_listener(Address& address) {
  const int fd = bound_socket(address, 1);
  if (fd < 0) return listen_error(address, errno);
  if (::listen(fd, backlog) != 0) {
    const int code = errno;
    ::close(fd);
    return listen_error(address, code);
  }
  address.length = sizeof address.storage;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address.storage), &address.length);
  return fd;
}

Listener::Listener(Worker& worker, int fd, Encryption encryption)
    : worker_(worker),
      fd_(fd),
      encryption_(encryption),
      reserve_(::open("/dev/null", O_RDONLY | O_CLOEXEC)) {}

void Listener::resume() {
  if (!std::exchange(paused_, false)) return;
  ensure(worker_.reactor.watch_level(fd_, *this), "cannot watch a listening socket");
}

// Closing alone would not do: epoll goes on reporting a socket that another process has, too.
void Listener::pause() {
  if (!std::exchange(paused_, true)) worker_.reactor.unwatch(fd_);
}

Listener::~Listener() {
  pause();
  ::close(fd_);
  if (reserve_ >= 0) ::close(reserve_);
}

void Listener::on_events(std::uint32_t) {
  for (int i = 0; i < accepts_per_turn; ++i)
    if (accept_one() == Accepted::none) return;
}

void Listener::accept_waiting() {
  for (int i = 0; i < backlog; ++i)
    if (accept_one() == Accepted::none) return;
}

Listener::Accepted Listener::accept_one() {
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  const int fd =
      ::accept4(fd_, reinterpret_cast<sockaddr*>(&peer), &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE) {
      refuse_one();
      return Accepted::one;
    }
    return errno == ECONNABORTED || errno == EINTR ? Accepted::one : Accepted::none;
  }
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  keep_alive_probes(fd);
  begin(fd, host_text(peer));
  return Accepted::one;
}

void Listener::begin(int fd, std::string address) {
  if (worker_.trust.introducers.contains(std::string_view(address))) {
    auto introduction =
        std::make_unique<Introduction>(worker_, fd, encryption_, std::move(address));
    auto& connection = *introduction;
    worker_.adopt(std::move(introduction));
    return connection.start();
  }
  auto peer = worker_.trust.caller(std::move(address));
  if (encryption_ == Encryption::tls) {
    auto handshake = std::make_unique<Handshake>(worker_, fd, std::move(peer));
    auto& connection = *handshake;
    worker_.adopt(std::move(handshake));
    return connection.start(Handshake::Watched::no);
  }
  auto client = std::make_unique<ClientConnection>(worker_, Transport(fd), std::move(peer));
  auto& connection = *client;
  worker_.adopt(std::move(client));
  connection.start(ClientConnection::Watched::no);
}

// Without this the connection would stay in the queue, and the loop would spin on it.
void Listener::refuse_one() {
  ::close(std::exchange(reserve_, -1));
  const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) ::close(fd);
  reserve_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  log::warning("a connection was refused: the limit of open files is reached");
}

}  // namespace temps::proxy
