#include "net/socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "core/text.hpp"
#include "net/errors.hpp"

namespace temps::net {

std::string Address::text() const {
  if (is_unix()) return "unix:" + path;
  if (host.find(':') != std::string::npos) return fmt::format("[{}]:{}", host, port);
  return fmt::format("{}:{}", host, port);
}

Result<Address> parse_address(std::string_view text) {
  if (text.starts_with("unix:")) {
    const auto path = text.substr(5);
    constexpr std::size_t path_max = sizeof(sockaddr_un::sun_path) - 1;
    if (path.empty() || path.size() > path_max) {
      return fail(errors::bad_address, "the path of a unix socket has 1 to {} bytes, \"{}\" has {}",
                  path_max, path, path.size());
    }
    return Address{.host = {}, .path = std::string(path)};
  }
  const auto colon = text.rfind(':');
  const auto port = colon == std::string_view::npos
                        ? std::nullopt
                        : parse_number<std::uint16_t>(text.substr(colon + 1));
  auto host = text.substr(0, colon == std::string_view::npos ? 0 : colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (!port || host.empty()) {
    return fail(errors::bad_address,
                "\"{}\" is not an address such as 127.0.0.1:8080 or [::1]:8080",
                text.substr(0, 128));
  }
  return Address{.host = std::string(host), .port = *port, .path = {}};
}

namespace {

struct Endpoint {
  sockaddr_storage storage{};
  socklen_t size = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Endpoint unix_endpoint(const std::string& path) {
  Endpoint endpoint;
  auto* address = reinterpret_cast<sockaddr_un*>(&endpoint.storage);
  address->sun_family = AF_UNIX;
  std::memcpy(address->sun_path, path.c_str(), std::min(path.size() + 1, sizeof address->sun_path));
  endpoint.size = sizeof(sockaddr_un);
  return endpoint;
}

// Blocks while names are looked up.
Result<std::vector<Endpoint>> look_up(const Address& address, bool passive) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (passive ? AI_PASSIVE : 0);
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (error != 0) {
    return fail(errors::unreachable, "cannot look up {}: {}", address.host, ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  std::vector<Endpoint> endpoints;
  for (const auto* item = found; item; item = item->ai_next) {
    Endpoint endpoint;
    std::memcpy(&endpoint.storage, item->ai_addr, item->ai_addrlen);
    endpoint.size = item->ai_addrlen;
    endpoints.push_back(endpoint);
  }
  return endpoints;
}

bool is_numeric(const std::string& host) {
  return host.find_first_not_of("0123456789.:abcdefABCDEF") == std::string::npos &&
         host.find_first_of(".:") != std::string::npos;
}

int open_socket(const Endpoint& endpoint) {
  const int family = endpoint.get()->sa_family;
  const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && family != AF_UNIX) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  return fd;
}

// Zero or an errno.
Task<int> try_connect(Descriptor& socket, const Endpoint& endpoint) {
  if (::connect(socket.fd(), endpoint.get(), endpoint.size) == 0) co_return 0;
  if (errno != EINPROGRESS) co_return errno;
  co_await socket.writable();
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  co_return error;
}

}  // namespace

Task<Descriptor> connect(Loop& loop, Address address) {
  std::vector<Endpoint> endpoints;
  if (address.is_unix()) {
    endpoints.push_back(unix_endpoint(address.path));
  } else if (is_numeric(address.host)) {
    endpoints = co_await look_up(address, false);
  } else {
    auto found = co_await loop.offload([address] { return look_up(address, false); });
    endpoints = co_await std::move(found);
  }
  int error = EADDRNOTAVAIL;
  for (const auto& endpoint : endpoints) {
    const int fd = open_socket(endpoint);
    if (fd < 0) {
      error = errno;
      continue;
    }
    Descriptor socket(loop, fd);
    error = co_await try_connect(socket, endpoint);
    if (error == 0) co_return socket;
  }
  co_await fail(errors::unreachable, "cannot connect to {}: {}", address.text(),
                std::strerror(error));
  std::unreachable();
}

namespace {

// Is it the socket file of a process that is gone? Connecting to a file of another kind is refused,
// too, and that one is not ours to remove.
bool is_stale(const Endpoint& endpoint, const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const bool refused =
      ::connect(probe, endpoint.get(), endpoint.size) != 0 && errno == ECONNREFUSED;
  ::close(probe);
  return refused;
}

}  // namespace

namespace {

std::string_view advice_on_listening(const Address& address, int code) {
  if (address.is_unix()) return "";
  if (code == EACCES) {
    return "; ports below 1024 need root or the capability CAP_NET_BIND_SERVICE; choose a higher "
           "one, such as --listen 0.0.0.0:8080";
  }
  if (code == EADDRNOTAVAIL) {
    return "; this machine does not have that address (`ip address` lists its own); 0.0.0.0 means "
           "all of them";
  }
  return "";
}

}  // namespace

Result<Listener> Listener::open(Loop& loop, const Address& address, unsigned mode) {
  Endpoint endpoint;
  if (address.is_unix()) {
    endpoint = unix_endpoint(address.path);
    if (is_stale(endpoint, address.path)) ::unlink(address.path.c_str());
  } else {
    auto found = look_up(address, true);
    if (!found) return fail(found.error());
    endpoint = found->front();
  }
  const int fd = open_socket(endpoint);
  if (fd < 0) return fail(errno_error("cannot open a socket", errno));
  Descriptor socket(loop, fd);
  const int on = 1;
  if (!address.is_unix()) ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, endpoint.get(), endpoint.size) != 0 || ::listen(fd, 1024) != 0) {
    if (errno == EADDRINUSE) {
      return fail(errors::address_in_use,
                  "{} is in use by another program; stop that one or choose another address",
                  address.text());
    }
    return fail(errors::cannot_listen, "cannot listen on {}: {}{}", address.text(),
                std::strerror(errno), advice_on_listening(address, errno));
  }
  Address bound = address;
  if (address.is_unix()) {
    ::chmod(address.path.c_str(), mode);
  } else {
    endpoint.size = sizeof endpoint.storage;
    ::getsockname(fd, endpoint.get(), &endpoint.size);
    bound.port = ntohs(endpoint.storage.ss_family == AF_INET6
                           ? reinterpret_cast<sockaddr_in6*>(&endpoint.storage)->sin6_port
                           : reinterpret_cast<sockaddr_in*>(&endpoint.storage)->sin_port);
  }
  return Listener(loop, std::move(socket), std::move(bound));
}

Task<Descriptor> Listener::accept() {
  for (;;) {
    const int fd = ::accept4(socket_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
      const int on = 1;
      if (!address_.is_unix()) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      co_return Descriptor(*loop_, fd);
    }
    if (errno == EAGAIN) {
      co_await socket_.readable();
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // Descriptors have run out: let some connections end.
      co_await sleep(std::chrono::milliseconds(50));
    } else if (errno != EINTR && errno != ECONNABORTED && errno != EPROTO) {
      co_await fail(errors::cannot_listen, "cannot accept connections: {}", std::strerror(errno));
    }
  }
}

Result<std::uint16_t> free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return fail(errno_error("cannot open a socket", errno));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  if (!bound) return fail(errors::cannot_listen, "no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

}  // namespace temps::net
