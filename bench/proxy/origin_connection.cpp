#include "proxy/origin_connection.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "core/text.hpp"
#include "proxy/websocket.hpp"

namespace temps::bench {
namespace {

constexpr std::size_t body_bytes_max = 64UL << 20U;
constexpr std::size_t write_bytes_max = 256UL * 1024;
constexpr std::string_view head_end = "\r\n\r\n";

const std::string& small_response() {
  static const std::string text =
      "HTTP/1.1 200 OK\r\nServer: origin\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\n"
      "Content-Type: text/html\r\nContent-Length: 1024\r\nCache-Control: no-cache\r\n\r\n" +
      std::string(1024, 'a');
  return text;
}

// Sent again and again until a large body is out.
std::string& body_part() {
  static std::string text(write_bytes_max, 'x');
  return text;
}

// The value of a field; the proxies pass names on as they came or in lower case.
std::string_view field(std::string_view head, std::string_view lowered_head,
                       std::string_view name) {
  const auto at = lowered_head.find(name);
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size();
  return trimmed(head.substr(begin, head.find('\r', begin) - begin));
}

}  // namespace

OriginConnection::OriginConnection(int epoll, int fd) : epoll_(epoll), fd_(fd), watched_(EPOLLIN) {
  epoll_event event{.events = watched_, .data = {.ptr = this}};
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd_, &event);
}

OriginConnection::~OriginConnection() { ::close(fd_); }

bool OriginConnection::on_events(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0 && !answer_and_send()) return false;
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return true;
  static std::array<char, 64UL * 1024> buffer;
  const auto got = ::read(fd_, buffer.data(), buffer.size());
  if (got < 0) return errno == EAGAIN;
  if (got == 0) return false;
  input_.append(buffer.data(), static_cast<std::size_t>(got));
  return answer_and_send();
}

bool OriginConnection::answer_and_send() {
  // A large body goes out before the next request is answered.
  if (body_left_ == 0) answer_requests();
  return send();
}

void OriginConnection::answer_requests() {
  std::size_t done = 0;
  while (body_left_ == 0 && !closes_ && !is_websocket_) {
    const auto rest = std::string_view(input_).substr(done);
    const auto end = rest.find(head_end);
    if (end == std::string_view::npos) break;
    answer(rest.substr(0, end + head_end.size()));
    done += end + head_end.size();
  }
  input_.erase(0, done);
  if (is_websocket_) echo_messages();
}

void OriginConnection::answer(std::string_view head) {
  const auto begin = head.find(' ') + 1;
  const auto path = head.substr(begin, head.find(' ', begin) - begin);
  if (path == "/ws") {
    const auto key = field(head, lowered(head), "\r\nsec-websocket-key:");
    output_ += fmt::format(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Accept: {}\r\n\r\n",
        websocket_accept(key));
    is_websocket_ = true;
    return;
  }
  // Every proxy under test writes this value in lower case.
  closes_ = head.find("onnection: close") != std::string_view::npos;
  if (!path.starts_with("/n/")) {
    output_ += small_response();
    return;
  }
  body_left_ = std::min(parse_number<std::size_t>(path.substr(3)).value_or(0), body_bytes_max);
  output_ += fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n",
      body_left_);
}

void OriginConnection::echo_messages() {
  std::size_t done = 0;
  while (const auto frame = read_client_frame(std::string_view(input_).substr(done))) {
    if (frame->is_close) closes_ = true;
    if (!closes_) output_ += server_frame(frame->payload);
    done += frame->size_bytes;
  }
  input_.erase(0, done);
}

bool OriginConnection::send() {
  while (!output_.empty() || body_left_ > 0) {
    std::array<iovec, 2> parts{
        iovec{.iov_base = output_.data(), .iov_len = output_.size()},
        iovec{.iov_base = body_part().data(), .iov_len = std::min(body_left_, write_bytes_max)}};
    const auto sent = ::writev(fd_, parts.data(), parts.size());
    if (sent < 0 && errno == EAGAIN) {
      watch(EPOLLIN | EPOLLOUT);
      return true;
    }
    if (sent < 0) return false;
    const auto of_output = std::min(static_cast<std::size_t>(sent), output_.size());
    output_.erase(0, of_output);
    body_left_ -= static_cast<std::size_t>(sent) - of_output;
  }
  watch(EPOLLIN);
  return !closes_;
}

void OriginConnection::watch(std::uint32_t events) {
  if (std::exchange(watched_, events) == events) return;
  epoll_event event{.events = events, .data = {.ptr = this}};
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd_, &event);
}

}  // namespace temps::bench
