#include "proxy/socket_passing.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "proxy/errors.hpp"

namespace temps::proxy {
namespace {

constexpr std::size_t sockets_per_message = 64;  // the kernel takes 253
constexpr std::size_t room = CMSG_SPACE(sockets_per_message * sizeof(int));

bool pass_some(int connection, std::span<const int> sockets) {
  char empty_line = '\n';
  iovec part{&empty_line, 1};
  alignas(cmsghdr) std::array<char, room> space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.data();
  message.msg_controllen = CMSG_SPACE(sockets.size_bytes());
  auto* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sockets.size_bytes());
  std::memcpy(CMSG_DATA(head), sockets.data(), sockets.size_bytes());
  ssize_t sent = -1;
  do sent = ::sendmsg(connection, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  return sent == 1;
}

void take_sockets(msghdr& message, std::vector<files::OwnedFd>& into) {
  for (auto* head = CMSG_FIRSTHDR(&message); head != nullptr; head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
    const auto count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(head) + i * sizeof(int), sizeof fd);
      into.emplace_back(fd);
    }
  }
}

}  // namespace

Result<> pass_sockets(int connection, std::span<const int> sockets) {
  while (!sockets.empty()) {
    const auto some = sockets.first(std::min(sockets.size(), sockets_per_message));
    if (!pass_some(connection, some))
      return fail(errors::not_reloaded, "the listening sockets cannot be passed on: {}",
                  std::strerror(errno));
    sockets = sockets.subspan(some.size());
  }
  return {};
}

Result<bool> receive(int connection, Received& into, std::size_t sockets_max) {
  std::array<char, 4096> bytes{};
  iovec part{bytes.data(), bytes.size()};
  alignas(cmsghdr) std::array<char, room> space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.data();
  message.msg_controllen = space.size();
  ssize_t got = -1;
  do got = ::recvmsg(connection, &message, MSG_CMSG_CLOEXEC);
  while (got < 0 && errno == EINTR);
  if (got < 0 && errno == ECONNRESET) return false;
  if (got < 0)
    return fail(errors::no_handover, "the running proxy says nothing: {}", std::strerror(errno));
  take_sockets(message, into.sockets);
  if ((message.msg_flags & MSG_CTRUNC) != 0 || into.sockets.size() > sockets_max)
    return fail(errors::no_handover, "more sockets came than can be taken");
  into.text.append(bytes.data(), static_cast<std::size_t>(got));
  return got > 0;
}

}  // namespace temps::proxy
