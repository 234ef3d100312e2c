#include "proxy/service_notice.hpp"

#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/log.hpp"
#include "files/owned_fd.hpp"

namespace temps::proxy {

void ServiceNotice::reloading() const {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  constexpr std::int64_t microseconds = 1'000'000;
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                   now.tv_sec * microseconds + now.tv_nsec / 1000));
}

void ServiceNotice::main_process(pid_t successor) const {
  send(fmt::format("MAINPID={}\nREADY=1", successor));
}

void ServiceNotice::send(std::string_view text) const {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';  // an abstract name
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const files::OwnedFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto sent = ::sendto(fd.get(), text.data(), text.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), length);
  if (sent < 0)
    log::warning("the service manager was not told", {{"reason", std::strerror(errno)}});
}

}  // namespace temps::proxy
