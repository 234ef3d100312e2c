#include "proxy/transport.hpp"

#include <fcntl.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "proxy/tls_session.hpp"

namespace temps::proxy {

Transport::Transport(int fd) : fd_(fd) {}
Transport::Transport(int fd, std::unique_ptr<TlsSession> tls) : fd_(fd), tls_(std::move(tls)) {}

Transport::Transport(Transport&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      readable_(other.readable_),
      writable_(other.writable_),
      peer_closed_(other.peer_closed_),
      broken_(other.broken_),
      tls_(std::move(other.tls_)) {}

Transport::~Transport() {
  if (fd_ >= 0) ::close(fd_);
}

bool Transport::has_input() const { return tls_->has_input(); }
bool Transport::has_ciphertext() const { return tls_->has_output(); }
bool Transport::writes_plainly() const { return tls_ == nullptr || tls_->is_sent_by_kernel(); }

void Transport::note(std::uint32_t events) {
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) readable_ = true;
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) writable_ = true;
  if ((events & (EPOLLRDHUP | EPOLLHUP)) != 0) peer_closed_ = true;
  if ((events & EPOLLERR) != 0) broken_ = true;
}

IoResult Transport::read(std::span<char> into) {
  return tls_ == nullptr ? read_socket(into) : tls_->read(*this, into);
}

IoResult Transport::write(std::span<const iovec> parts) {
  return tls_ == nullptr ? write_socket(parts) : tls_->write(*this, parts);
}

Io Transport::flush() { return tls_ == nullptr ? Io::done : tls_->flush(*this); }

IoResult Transport::read_socket(std::span<char> into) {
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

IoResult Transport::write_socket(std::span<const iovec> parts) {
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
  return tls_ == nullptr ? send_file_to_socket(file, offset, count)
                         : tls_->send_file(*this, file, offset, count);
}

IoResult Transport::send_file_to_socket(int file, off_t& offset, std::size_t count) {
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

IoResult Transport::splice_to(int pipe, std::size_t count) {
  for (;;) {
    const auto moved =
        ::splice(fd_, nullptr, pipe, nullptr, count, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
    if (moved > 0) return {Io::done, static_cast<std::size_t>(moved)};
    if (moved == 0) {
      peer_closed_ = true;
      return {Io::closed};
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return {Io::failed};
    readable_ = false;
    return {Io::would_block};
  }
}

IoResult Transport::splice_from(int pipe, std::size_t count) {
  return tls_ == nullptr ? splice_to_socket(pipe, count)
                         : tls_->note_sent(*this, splice_to_socket(pipe, count));
}

IoResult Transport::splice_to_socket(int pipe, std::size_t count) {
  for (;;) {
    // Without SPLICE_F_MORE: the last packet would wait up to 200 ms for an upstream that pauses.
    const auto moved =
        ::splice(pipe, nullptr, fd_, nullptr, count, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
    if (moved > 0) return {Io::done, static_cast<std::size_t>(moved)};
    if (moved < 0 && errno == EINTR) continue;
    if (moved < 0 && errno == EAGAIN) {
      writable_ = false;
      return {Io::would_block};
    }
    return {Io::failed};
  }
}

void Transport::finish_writing() {
  if (tls_ != nullptr) tls_->send_close(*this);
  ::shutdown(fd_, SHUT_WR);
}

std::uint64_t Transport::bytes_taken() const {
  tcp_info info{};
  socklen_t length = sizeof info;
  if (::getsockopt(fd_, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return 0;
  return info.tcpi_bytes_acked;
}

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

std::unique_ptr<QueuedBytes> ByteStore::take() {
  if (kept_.empty()) return std::make_unique<QueuedBytes>();
  auto bytes = std::move(kept_.back());
  kept_.pop_back();
  return bytes;
}

void ByteStore::give(std::unique_ptr<QueuedBytes> bytes) {
  if (kept_.size() >= kept_max || bytes->bytes.capacity() > capacity_max) return;
  bytes->bytes.clear();
  bytes->taken = 0;
  kept_.push_back(std::move(bytes));
}

void ByteQueue::GiveBack::operator()(QueuedBytes* bytes) const {
  std::unique_ptr<QueuedBytes> owned(bytes);
  if (store != nullptr) store->give(std::move(owned));
}

void ByteQueue::append(std::string_view text) {
  if (text.empty()) return;
  if (held_ == nullptr) {
    auto* store = held_.get_deleter().store;
    held_.reset(store == nullptr ? new QueuedBytes : store->take().release());
  }
  held_->bytes.append(text);
}

void ByteQueue::take(std::size_t count) {
  if (count == 0) return;
  held_->taken += count;
  if (held_->taken == held_->bytes.size()) {
    held_.reset();
  } else if (held_->taken > held_->bytes.size() / 2) {
    held_->bytes.erase(0, held_->taken);
    held_->taken = 0;
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
  if (transport.has_output() && transport.flush() == Io::failed) return Io::failed;
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
