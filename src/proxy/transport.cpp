#include "proxy/transport.hpp"

#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace temps::proxy {

Transport::~Transport() { ::close(fd_); }

void Transport::note(std::uint32_t events) {
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) readable_ = true;
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) writable_ = true;
  if ((events & (EPOLLRDHUP | EPOLLHUP)) != 0) peer_closed_ = true;
  if ((events & EPOLLERR) != 0) broken_ = true;
}

IoResult Transport::read(std::span<char> into) {
  for (;;) {
    const auto got = ::recv(fd_, into.data(), into.size(), 0);
    if (got > 0) {
      // A short read has emptied the socket; the next byte brings an event. A FIN that was told of
      // already does not.
      if (static_cast<std::size_t>(got) < into.size() && !peer_closed_) readable_ = false;
      return {Io::done, static_cast<std::size_t>(got)};
    }
    if (got == 0) {
      peer_closed_ = true;
      return {Io::closed};
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      readable_ = false;
      return {Io::would_block};
    }
    broken_ = true;
    return {Io::failed};
  }
}

IoResult Transport::write(std::span<const iovec> parts) {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  for (;;) {
    const auto sent = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (sent >= 0) return {Io::done, static_cast<std::size_t>(sent)};
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      writable_ = false;
      return {Io::would_block};
    }
    return {Io::failed};
  }
}

IoResult Transport::send_file(int file, off_t& offset, std::size_t count) {
  for (;;) {
    const auto sent = ::sendfile(fd_, file, &offset, count);
    if (sent > 0) return {Io::done, static_cast<std::size_t>(sent)};
    if (sent == 0) return {Io::closed};
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      writable_ = false;
      return {Io::would_block};
    }
    return {Io::failed};
  }
}

void Transport::finish_writing() { ::shutdown(fd_, SHUT_WR); }

int Transport::connect_error() const {
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
  return error;
}

bool Transport::is_stale() const {
  char byte = 0;
  const auto got = ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void ByteQueue::take(std::size_t count) {
  taken_ += count;
  if (taken_ == bytes_.size()) {
    // Idle connections hold no buffer; a small one is kept by the string itself.
    if (bytes_.capacity() > sizeof(std::string)) {
      bytes_ = {};
    } else {
      bytes_.clear();
    }
    taken_ = 0;
  } else if (taken_ > bytes_.size() / 2) {
    bytes_.erase(0, taken_);
    taken_ = 0;
  }
}

Io Outbox::send(Transport& transport, std::span<const iovec> parts) {
  std::size_t total = 0;
  for (const auto& part : parts) total += part.iov_len;
  if (total == 0) return Io::done;
  std::size_t sent = 0;
  if (waiting_.empty() && transport.is_writable()) {
    const auto result = transport.write(parts);
    if (result.status == Io::failed) return Io::failed;
    sent = result.bytes;
    if (sent == total) return Io::done;
  }
  for (const auto& part : parts) {
    const auto skipped = std::min(sent, part.iov_len);
    sent -= skipped;
    if (skipped < part.iov_len)
      waiting_.append({static_cast<const char*>(part.iov_base) + skipped, part.iov_len - skipped});
  }
  return flush(transport);
}

Io Outbox::send(Transport& transport, std::string_view text) {
  const iovec part{const_cast<char*>(text.data()), text.size()};
  return send(transport, {&part, 1});
}

Io Outbox::flush(Transport& transport) {
  while (!waiting_.empty() && transport.is_writable()) {
    const auto text = waiting_.view();
    const iovec part{const_cast<char*>(text.data()), text.size()};
    const auto result = transport.write({&part, 1});
    if (result.status == Io::failed) return Io::failed;
    if (result.status == Io::would_block) break;
    waiting_.take(result.bytes);
  }
  return Io::done;
}

}  // namespace temps::proxy
