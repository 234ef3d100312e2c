#include "runtime/ports.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "runtime/runtime.hpp"

namespace temps::runtime {
namespace {

template <class SocketAddress>
bool can_bind(int family, const SocketAddress& address) {
  const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno == EAFNOSUPPORT;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (family == AF_INET6) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
                     errno == EADDRNOTAVAIL;
  ::close(fd);
  return bound;
}

}  // namespace

bool is_port_free(std::uint16_t port) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(port);
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  return can_bind(AF_INET, four) && can_bind(AF_INET6, six);
}

Result<std::uint16_t> choose_port(const std::set<std::uint16_t>& taken) {
  constexpr unsigned count = last_app_port - first_app_port + 1;
  // Two installations on one machine shall rarely think of the same port at the same time.
  const unsigned start = std::random_device{}() % count;
  for (unsigned i = 0; i < count; ++i) {
    const auto port = static_cast<std::uint16_t>(first_app_port + (start + i) % count);
    if (!taken.contains(port) && is_port_free(port)) return port;
  }
  return fail(errors::start_failed,
              "every port from {} to {} is in use on this machine; stop apps that are not needed",
              first_app_port, last_app_port);
}

}  // namespace temps::runtime
