// WebSocket (RFC 6455): messages both ways over one connection, for the server's handlers and for
// the client. Without extensions; a message has at most `frame_bytes_max` bytes.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/task.hpp"
#include "http/client.hpp"
#include "http/message.hpp"
#include "http/websocket_frames.hpp"

namespace temps::http {

struct SocketMessage {
  bool is_text = false;
  std::string bytes;
};

// Whoever has one calls receive() again and again: that answers the other side's pings, and notices
// when it falls silent.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // Nothing when the other side has closed it. Fails with `http.lost` when nothing has come for a
  // minute or the connection broke, `http.bad_frame`, `http.frame_too_large`. One task at a time.
  virtual Task<std::optional<SocketMessage>> receive() = 0;
  // Waits while the connection takes nothing. Fails with `http.lost`. Any number of tasks, one
  // after the other.
  virtual Task<> send(SocketMessage message) = 0;
  // Says that it is over, and waits some seconds for the other side to say so as well. Not while
  // another task receives.
  virtual Task<> close(int status, std::string reason) = 0;
};

// Of close().
inline constexpr int closed_normally = 1000;
inline constexpr int closed_going_away = 1001;

struct SocketTimes {
  std::chrono::milliseconds ping_every = std::chrono::seconds(20);
  std::chrono::milliseconds silence_max = std::chrono::seconds(60);
};

// The answer to a request that asks for a WebSocket: a stream with status 101, for which the server
// makes the request's body what comes over the connection, and the response's what goes. `session`
// has it until it ends, or is cancelled when the server stops. Fails with `http.no_websocket` for
// any other request. The request's principal and origin have been checked by then, see
// check_cross_site().
Result<Response> websocket(const Request& request, std::string_view protocol,
                           std::move_only_function<Task<>(WebSocket&)> session,
                           SocketTimes times = {});

// Does it ask for one? Browsers let any page do so, with the cookies of the server that is asked.
bool asks_for_websocket(const Request& request);

// The client's side: headers for Client::open(), then the check of what came. The exchange with
// another status than 101 is a refusal to read.
class SocketHandshake {
 public:
  SocketHandshake();
  void add_to(ClientRequest& request, std::string_view protocol) const;
  // Fails with `http.bad_response`.
  [[nodiscard]] Result<> check(const ClientExchange& exchange, std::string_view protocol) const;

 private:
  std::string key_;
};
// Pings by itself while `session` has it.
Task<> with_websocket(std::unique_ptr<ClientExchange> exchange,
                      std::function<Task<>(WebSocket&)> session, SocketTimes times = {});

}  // namespace temps::http
