// bench_origin: the app behind the proxies. `bench_origin <port>` serves on 127.0.0.1 until it is
// ended.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "core/text.hpp"
#include "proxy/origin_connection.hpp"

namespace temps::bench {
namespace {

int listen_on(std::uint16_t port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool listens =
      ::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::listen(listener, 4096) == 0;
  return listens ? listener : -1;
}

void accept_all(int epoll, int listener) {
  for (;;) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // Belongs to epoll until serve() deletes it.
    static_cast<void>(new OriginConnection(epoll, fd));
  }
}

void serve(int listener) {
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  std::array<epoll_event, 512> events;
  for (;;) {
    const int count = ::epoll_wait(epoll, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const auto& happened = events[static_cast<std::size_t>(i)];
      auto* connection = static_cast<OriginConnection*>(happened.data.ptr);
      if (connection == nullptr) {
        accept_all(epoll, listener);
      } else if (!connection->on_events(happened.events)) {
        delete connection;
      }
    }
  }
}

}  // namespace
}  // namespace temps::bench

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto port = count == 2 ? temps::parse_number<std::uint16_t>(words[1]) : std::nullopt;
  if (!port) {
    fmt::print(stderr, "bench_origin <port>\n");
    return 2;
  }
  const int listener = temps::bench::listen_on(*port);
  if (listener < 0) {
    fmt::print(stderr, "bench_origin cannot listen on port {}: {}\n", *port, std::strerror(errno));
    return 1;
  }
  temps::bench::serve(listener);
}
