#include "testbed/http_peer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/check.hpp"
#include "core/text.hpp"

namespace temps::testbed {

namespace {

constexpr std::size_t request_bytes_max = 16U << 20U;

net::Listener open_listener(net::Loop& loop) {
  auto listener = net::Listener::open(loop, {.host = "127.0.0.1", .port = 0, .path = {}});
  ensure(listener.has_value(), "no port is free for the test's origin");
  return std::move(*listener);
}

std::size_t content_length(std::string_view head) {
  for (const auto line : split(head, '\n')) {
    const auto [name, value] = cut(line, ":");
    if (!equal_ignoring_case(trimmed(name), "content-length")) continue;
    return parse_number<std::size_t>(trimmed(value)).value_or(0);
  }
  return 0;
}

bool is_last(std::string_view answer) {
  const auto head = lowered(cut(answer, "\r\n\r\n").first);
  return head.contains("connection: close");
}

HttpPeer::Answerer in_order(std::vector<std::string> answers) {
  ensure(!answers.empty(), "the test's origin has no answer");
  return [answers = std::move(answers), next = std::size_t{0}](const auto&) mutable {
    return answers[std::min(next++, answers.size() - 1)];
  };
}

}  // namespace

HttpPeer::HttpPeer(net::Loop& loop, Answerer answer)
    : listener_(open_listener(loop)), answer_(std::move(answer)), tasks_(loop) {
  tasks_.start("accept", accept());
}

HttpPeer::HttpPeer(net::Loop& loop, std::vector<std::string> answers)
    : HttpPeer(loop, in_order(std::move(answers))) {}

HttpPeer::~HttpPeer() = default;

std::string HttpPeer::url() const {
  return fmt::format("http://{}:{}", address().host, address().port);
}

Task<> HttpPeer::close() {
  co_await tasks_.close();
  listener_.close();
}

Task<> HttpPeer::accept() {
  for (;;) tasks_.start("serve", serve(co_await listener_.accept()));
}

Task<bool> HttpPeer::read_request(net::Descriptor& connection, std::string& buffer) {
  constexpr std::string_view head_end = "\r\n\r\n";
  std::array<char, 16384> bytes{};
  for (;;) {
    const auto end = buffer.find(head_end);
    if (end != std::string::npos) {
      const auto head = buffer.substr(0, end + head_end.size());
      const auto size = head.size() + content_length(head);
      if (buffer.size() >= size) {
        const auto words = split(cut(head, "\r\n").first, ' ');
        requests_.push_back({.method = std::string(words.front()),
                             .target = std::string(words.size() > 1 ? words[1] : ""),
                             .head = head,
                             .body = buffer.substr(head.size(), size - head.size())});
        buffer.erase(0, size);
        co_return true;
      }
    }
    const auto got = co_await connection.read_some(bytes);
    if (got == 0 || buffer.size() > request_bytes_max) co_return false;
    buffer.append(bytes.data(), got);
  }
}

Task<> HttpPeer::serve(net::Descriptor connection) {
  std::string buffer;
  while (co_await read_request(connection, buffer)) {
    const auto answer = answer_(requests_.back());
    co_await connection.write_all(answer);
    if (is_last(answer)) co_return;
  }
}

}  // namespace temps::testbed
