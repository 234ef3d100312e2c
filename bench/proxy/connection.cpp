#include "proxy/connection.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace temps::bench {
namespace {

constexpr std::size_t read_bytes_max = 256UL * 1024;

// One for all connections: the load generator has one thread.
std::array<char, read_bytes_max> read_buffer;

struct Got {
  ssize_t bytes = 0;  // 0: the end; less: an error
  bool would_wait = false;
};

Got read_some(int fd, ssl_st* session) {
  errno = 0;
  if (session == nullptr) {
    const auto got = ::read(fd, read_buffer.data(), read_buffer.size());
    return {got, got < 0 && errno == EAGAIN};
  }
  ::ERR_clear_error();
  const int got = ::SSL_read(session, read_buffer.data(), static_cast<int>(read_buffer.size()));
  if (got > 0) return {got};
  const int code = ::SSL_get_error(session, got);
  if (code == SSL_ERROR_WANT_READ) return {-1, true};
  return {code == SSL_ERROR_ZERO_RETURN ? 0 : -1};
}

}  // namespace

bool Connection::open(int epoll, std::uint16_t port) {
  epoll_ = epoll;
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  is_upgraded = false;
  due_ = Clock::now();
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    fail("connect");
    return false;
  }
  state_ = State::connecting;
  watched_ = EPOLLIN | EPOLLOUT;
  epoll_event event{.events = watched_, .data = {.ptr = this}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd_, &event);
  return true;
}

bool Connection::send(std::string_view bytes, Clock::time_point due) {
  due_ = due;
  state_ = State::waiting;
  const auto sent = session_ != nullptr
                        ? ::SSL_write(session_, bytes.data(), static_cast<int>(bytes.size()))
                        : ::write(fd_, bytes.data(), bytes.size());
  if (std::cmp_equal(sent, bytes.size())) return true;
  fail("send");
  return false;
}

void Connection::close(Ending ending) {
  if (session_ != nullptr) {
    ::SSL_set_quiet_shutdown(session_, 1);
    ::SSL_shutdown(session_);
    ::SSL_free(std::exchange(session_, nullptr));
  }
  if (fd_ >= 0) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    if (ending == Ending::reset) ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(fd_, -1));
  }
  state_ = State::closed;
}

Connection::Event Connection::on_events(std::uint32_t events, const ClientTls* tls) {
  switch (state_) {
    case State::closed:
      return Event::none;
    case State::connecting:
      if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
        socklen_t size = sizeof errno;
        ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &errno, &size);
        return fail("connect");
      }
      if (tls != nullptr) {
        session_ = tls->open(fd_, host);
        state_ = State::handshake;
        return go_on_with_handshake();
      }
      watch(EPOLLIN);
      state_ = State::open;
      return Event::ready;
    case State::handshake:
      return go_on_with_handshake();
    case State::open:
    case State::waiting:
      return read_answer();
  }
  return Event::none;
}

Connection::Event Connection::go_on_with_handshake() {
  ::ERR_clear_error();
  errno = 0;
  const int result = ::SSL_do_handshake(session_);
  if (result == 1) {
    watch(EPOLLIN);
    state_ = State::open;
    return Event::ready;
  }
  switch (::SSL_get_error(session_, result)) {
    case SSL_ERROR_WANT_READ:
      watch(EPOLLIN);
      return Event::none;
    case SSL_ERROR_WANT_WRITE:
      watch(EPOLLIN | EPOLLOUT);
      return Event::none;
    default:
      return fail("handshake");
  }
}

Connection::Event Connection::read_answer() {
  for (;;) {
    const auto got = read_some(fd_, session_);
    if (got.would_wait) return Event::none;
    if (got.bytes <= 0) return fail(state_ == State::open ? "closed while idle" : "read");
    received_bytes_ += static_cast<std::uint64_t>(got.bytes);
    const std::string_view bytes(read_buffer.data(), static_cast<std::size_t>(got.bytes));
    if (state_ == State::waiting && answer.take(bytes)) {
      state_ = State::open;
      return Event::answered;
    }
    // epoll is level triggered: what is left comes with its next event.
    if (session_ == nullptr && bytes.size() < read_buffer.size()) return Event::none;
  }
}

Connection::Event Connection::fail(std::string_view what) {
  failure_ = fmt::format("{}: {}", what, errno == 0 ? "ended" : std::strerror(errno));
  close(Ending::reset);
  return Event::failed;
}

void Connection::watch(std::uint32_t events) {
  if (std::exchange(watched_, events) == events) return;
  epoll_event event{.events = events, .data = {.ptr = this}};
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd_, &event);
}

std::uint64_t Connection::take_received_bytes() { return std::exchange(received_bytes_, 0); }

bool Connection::was_resumed() const {
  return session_ != nullptr && ::SSL_session_reused(session_) == 1;
}

}  // namespace temps::bench
