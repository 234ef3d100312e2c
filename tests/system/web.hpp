// HTTP and WebSocket as visitors speak it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/descriptor.hpp"
#include "net/loop.hpp"

namespace temps::e2e {

struct Answer {
  int status = 0;         // 0: there was none
  std::string failure{};  // why
  std::string head{};
  std::string body{};
  [[nodiscard]] std::string field(std::string_view name) const;
  [[nodiscard]] bool says(std::string_view text) const {
    return body.find(text) != std::string::npos;
  }
};

struct Ask {
  std::string method = "GET";
  std::string target = "/";
  std::string host = "localhost";
  std::vector<std::string> fields{};  // "Name: value"
  std::string body{};
};

// A connection that is kept: ask as often as the server lets you.
class Connection {
 public:
  static Task<Connection> open(net::Loop& loop, std::uint16_t port);
  // Fails with `net.broken` and the like; nothing is tried again.
  Task<Answer> ask(Ask ask);

 private:
  explicit Connection(net::Descriptor socket) : socket_(std::move(socket)) {}
  Task<> more();
  net::Descriptor socket_;
  std::string input_;
};

// One question on a connection of its own, at most ten seconds.
Answer fetch(net::Loop& loop, std::uint16_t port, Ask ask);

// Upgrades, sends `text` in a masked frame and yields what comes back.
class WebSocket {
 public:
  static Task<WebSocket> open(net::Loop& loop, std::uint16_t port, std::string host,
                              std::string target);
  Task<std::string> echo(std::string text);

 private:
  explicit WebSocket(net::Descriptor socket) : socket_(std::move(socket)) {}
  net::Descriptor socket_;
  std::string input_;
};

}  // namespace temps::e2e
