// Both ends of a proxy under test: a blocking HTTP client and an origin server with a thread per
// connection. For tests only.
#pragma once
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "core/text.hpp"
#include "proxy/address.hpp"

namespace temps::proxy::testing {

// A message as it was on the wire, chunks joined.
struct Message {
  std::string head;  // with the empty line
  std::string body;
  bool is_whole = false;
  [[nodiscard]] int status() const {
    return head.size() < 12 ? 0
                            : parse_number<int>(std::string_view(head).substr(9, 3)).value_or(0);
  }
  // Of the first field of that name; "" where there is none.
  [[nodiscard]] std::string field(std::string_view name) const {
    for (const auto line : split(head, '\n')) {
      const auto [key, value] = cut(line, ":");
      if (equal_ignoring_case(key, name)) return std::string(trimmed(value));
    }
    return {};
  }
};

// One blocking connection. Every wait ends after some seconds, as if the peer had closed.
class Peer {
 public:
  explicit Peer(int fd) : fd_(fd) {
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  static Peer to(const std::string& address) {
    const auto parsed = parse_address(address);
    const int fd = ::socket(parsed->family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(fd, parsed->get(), parsed->length), 0) << address;
    return Peer(fd);
  }
  Peer(Peer&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), input_(std::move(other.input_)) {}
  ~Peer() { close(); }

  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  void finish_writing() { ::shutdown(fd_, SHUT_WR); }
  [[nodiscard]] int fd() const { return fd_; }

  bool write(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Whether more came.
  bool read_some() {
    char bytes[16384];
    ssize_t got = -1;
    do got = ::recv(fd_, bytes, sizeof bytes, 0);
    while (got < 0 && errno == EINTR);
    if (got <= 0) return false;
    input_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }
  std::string read_until(std::string_view mark) {
    for (;;) {
      const auto at = input_.find(mark);
      if (at != std::string::npos) return take(at + mark.size());
      if (!read_some()) return {};
    }
  }
  // Fewer bytes where the connection ends before.
  std::string read_exactly(std::size_t count) {
    while (input_.size() < count && read_some()) {
    }
    return take(std::min(count, input_.size()));
  }
  [[nodiscard]] bool has_input() const { return !input_.empty(); }
  void unread(std::string_view text) { input_.insert(0, text); }
  // What comes next; empty at the end.
  std::string read_available() {
    if (input_.empty()) read_some();
    return take(input_.size());
  }
  std::string read_rest() {
    while (read_some()) {
    }
    return take(input_.size());
  }
  bool is_closed_by_peer() { return input_.empty() && !read_some(); }

  enum class Body : std::uint8_t { as_framed, none };
  Message read_message(Body expected = Body::as_framed) {
    Message message{.head = read_until("\r\n\r\n")};
    if (message.head.empty()) return message;
    message.is_whole = true;
    const bool is_response = message.head.starts_with("HTTP/");
    const int status = message.status();
    if (expected == Body::none || (is_response && (status < 200 || status == 204 || status == 304)))
      return message;
    if (const auto length = message.field("Content-Length"); !length.empty()) {
      const auto count = parse_number<std::size_t>(length).value_or(0);
      message.body = read_exactly(count);
      message.is_whole = message.body.size() == count;
    } else if (message.field("Transfer-Encoding") == "chunked") {
      message.is_whole = read_chunks(message.body);
    } else if (is_response) {
      message.body = read_rest();
    }
    return message;
  }
  // Lines of the last chunked message.
  [[nodiscard]] const std::string& trailers() const { return trailers_; }
  Message ask(std::string_view request, Body expected = Body::as_framed) {
    write(request);
    return read_message(expected);
  }

 private:
  std::string take(std::size_t count) {
    auto text = input_.substr(0, count);
    input_.erase(0, count);
    return text;
  }
  bool read_chunks(std::string& body) {
    for (;;) {
      const auto line = read_until("\r\n");
      const auto size = parse_number<std::size_t>(trimmed(line), 16);
      if (!size) return false;
      if (*size == 0) return read_trailers();
      const auto data = read_exactly(*size + 2);
      if (data.size() != *size + 2) return false;
      body.append(data, 0, *size);
    }
  }

  bool read_trailers() {
    trailers_.clear();
    for (;;) {
      const auto line = read_until("\r\n");
      if (line.empty()) return false;
      if (line == "\r\n") return true;
      trailers_ += line;
    }
  }

  int fd_;
  std::string input_;
  std::string trailers_;
};

// Listens on a free port of the loopback address, or on a unix socket, until it is destroyed.
class Origin {
 public:
  using Serve = std::function<void(Peer&)>;
  explicit Origin(Serve serve, const std::string& address = "127.0.0.1:0")
      : serve_(std::move(serve)) {
    auto parsed = parse_address(address).value();
    listener_ = ::socket(parsed.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    EXPECT_EQ(::bind(listener_, parsed.get(), parsed.length), 0) << address;
    EXPECT_EQ(::listen(listener_, 512), 0);
    parsed.length = sizeof parsed.storage;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&parsed.storage), &parsed.length);
    address_ = to_text(parsed);
    thread_ = std::thread([this] { accept_all(); });
  }
  ~Origin() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    {
      const std::lock_guard lock(mutex_);
      for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (auto& thread : threads_) thread.join();
  }
  Origin(const Origin&) = delete;
  Origin& operator=(const Origin&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] int accepted() const { return accepted_; }

 private:
  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      ++accepted_;
      {
        const std::lock_guard lock(mutex_);
        open_.push_back(fd);
      }
      threads_.emplace_back([this, fd] {
        Peer peer(fd);
        serve_(peer);
        const std::lock_guard lock(mutex_);
        open_.remove(fd);
        peer.close();
      });
    }
  }

  Serve serve_;
  std::string address_;
  int listener_ = -1;
  std::atomic<int> accepted_{0};
  std::mutex mutex_;
  std::list<int> open_;
  std::list<std::thread> threads_;
  std::thread thread_;
};

// An origin that answers every request on a connection with `answer(request)`.
inline Origin::Serve answering(std::function<std::string(const Message&)> answer) {
  return [answer = std::move(answer)](Peer& peer) {
    for (;;) {
      const auto request = peer.read_message();
      if (!request.is_whole || !peer.write(answer(request))) return;
    }
  };
}

inline std::string response(std::string_view body, std::string_view fields = {}) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(fields) + "\r\n" + std::string(body);
}

inline std::string get(std::string_view path, std::string_view fields = {},
                       std::string_view host = "shop.test") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n" +
         std::string(fields) + "\r\n";
}

}  // namespace temps::proxy::testing
