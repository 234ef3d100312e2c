// One connection of the origin server: HTTP/1.1 with keep-alive, then perhaps WebSocket.
//
//   GET /           1 KiB
//   GET /n/<bytes>  a body of that many bytes, 64 MiB at most
//   Upgrade         to a WebSocket that sends each message back
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace temps::bench {

class OriginConnection {
 public:
  OriginConnection(int epoll, int fd);
  ~OriginConnection();
  OriginConnection(const OriginConnection&) = delete;
  OriginConnection& operator=(const OriginConnection&) = delete;

  // False: it is over.
  bool on_events(std::uint32_t events);

 private:
  bool answer_and_send();
  void answer_requests();
  void answer(std::string_view head);
  void echo_messages();
  bool send();
  void watch(std::uint32_t events);

  int epoll_;
  int fd_;
  std::string input_;
  std::string output_;         // heads, small bodies and messages ...
  std::size_t body_left_ = 0;  // ... and what follows them of a large body
  std::uint32_t watched_;
  bool is_websocket_ = false;
  bool closes_ = false;
};

}  // namespace temps::bench
