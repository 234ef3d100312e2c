// One client's connection: request after request, in the order in which they come.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "core/concurrency.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "http/stream.hpp"
#include "http1/http1.hpp"
#include "net/descriptor.hpp"

namespace temps::http {

class Connection;

// What the connections of one listener share.
struct Serving {
  const Router& router;
  Authenticator& authenticator;
  ServerLimits limits;
  Journal* journal = nullptr;
  bool trusted = false;  // the peer is the proxy: a unix socket
  bool stopping = false;
  Signal stop{};
  Signal ended{};  // a connection has gone
  std::set<Connection*> connections{};

  [[nodiscard]] bool is_full() const { return connections.size() >= limits.connections_max; }
};

class Connection {
 public:
  Connection(Serving& serving, net::Descriptor socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Ends when the connection does; a failure says why it had to.
  Task<> run();
  // Since when it waits for a request's first byte; nothing while it works.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> idle_since() const;
  // Ends the wait for a request that has not begun; does nothing while it works.
  void end_idling();

 private:
  enum class Wait : std::uint8_t { complete, closed, failed, timed_out };
  enum class Next : std::uint8_t { request, close };

  Task<Wait> read_head();
  Task<bool> fill(std::chrono::nanoseconds limit);
  Task<Next> exchange();
  Task<> refuse(Wait wait);
  Task<> respond(Response response, const Request& request, Next next);
  Task<> respond_streaming(Response response, const Request& request, Next next);
  Task<> respond_upgraded(Response response, Request& request);
  Task<Next> settle_body(IncomingBody& body, Next next);
  Task<> client_gone();
  // Lets the client read the answer before the connection goes.
  Task<> linger();
  [[nodiscard]] Result<Request> to_request(const http1::RequestHead& head) const;
  void note(const Request& request, int status) const;

  Serving& serving_;
  net::Descriptor socket_;
  Input input_;
  http1::RequestParser parser_;
  std::string peer_;
  int minor_version_ = 1;
  bool body_open_ = false;  // the request's body may still be on its way
  std::chrono::steady_clock::time_point idle_since_{};
  std::chrono::steady_clock::time_point began_{};
  Cancellation* idle_ = nullptr;
};

// The head of a response as bytes; what the server itself decides about (lengths, connection, date)
// is taken from the arguments, not from the handler's headers.
struct ResponseLine {
  int minor_version = 1;
  bool keep_alive = true;
  std::string framing{};  // "Content-Length: 12\r\n" or alike
};
std::string response_head(const Response& response, const ResponseLine& line);

}  // namespace temps::http
