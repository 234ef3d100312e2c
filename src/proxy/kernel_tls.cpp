#include "proxy/kernel_tls.hpp"

#include <linux/tls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "files/owned_fd.hpp"

#ifndef SOL_TLS
#define SOL_TLS 282  // linux/socket.h; glibc has it from 2.40 on
#endif

namespace temps::proxy {
namespace {

// The one of them with a public name: they have not been numbered anew.
static_assert(BIO_CTRL_GET_KTLS_SEND == KernelTls::is_sending);

}  // namespace

bool KernelTls::is_offered() {
  const files::OwnedFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const files::OwnedFd client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (!listener.is_open() || !client.is_open() || ::bind(listener.get(), plain, size) != 0 ||
      ::listen(listener.get(), 1) != 0 || ::getsockname(listener.get(), plain, &size) != 0 ||
      ::connect(client.get(), plain, size) != 0)
    return false;
  return ::setsockopt(client.get(), IPPROTO_TCP, TCP_ULP, "tls", sizeof "tls") == 0;
}

// OpenSSL's own BIO for sockets knows what its keys look like.
bool KernelTls::start(int fd, void* keys) {
  auto* socket = ::BIO_new_socket(fd, BIO_NOCLOSE);
  if (socket == nullptr) return false;
  is_on_ = ::BIO_ctrl(socket, set_keys, !for_reading, keys) == 1;
  ::BIO_free(socket);
  return is_on_;
}

Io KernelTls::send_record(int fd, std::uint8_t type, std::string_view text) {
  iovec part{const_cast<char*>(text.data()), text.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof type)> space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.data();
  message.msg_controllen = space.size();
  auto* control = CMSG_FIRSTHDR(&message);
  control->cmsg_level = SOL_TLS;
  control->cmsg_type = TLS_SET_RECORD_TYPE;
  control->cmsg_len = CMSG_LEN(sizeof type);
  std::memcpy(CMSG_DATA(control), &type, sizeof type);
  message.msg_controllen = control->cmsg_len;
  for (;;) {
    if (::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return Io::done;
    if (errno == EINTR) continue;
    return errno == EAGAIN || errno == EWOULDBLOCK ? Io::would_block : Io::failed;
  }
}

void KernelTls::note_sent(int fd, std::size_t bytes) {
  unlooked_ += bytes;
  if (unlooked_ > unlooked_max) look(fd);
}

// The kernel keeps a record, or the rest of it, only while TCP has no room; a socket is writable
// where a third of the room is free.
bool KernelTls::look(int fd) {
  pollfd writable{fd, POLLOUT, 0};
  all_sent_ = ::poll(&writable, 1, 0) == 1;
  if (all_sent_) unlooked_ = 0;
  return all_sent_;
}

}  // namespace temps::proxy
