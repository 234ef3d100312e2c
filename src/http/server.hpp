// The control plane's HTTP server: HTTP/1.1 with keep-alive over TCP or a unix socket; the data
// plane in front of it speaks to the world.
#pragma once
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "core/concurrency.hpp"
#include "http/journal.hpp"
#include "http/router.hpp"
#include "net/socket.hpp"

namespace temps::http {

// Who is behind a request's credentials (identity implements it). Fails with kind unauthenticated
// when credentials were given and are wrong; yields an anonymous principal when none were given.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  virtual Task<Principal> authenticate(const Request& request) = 0;
};

struct ServerLimits {
  std::chrono::milliseconds header_time = std::chrono::seconds(10);
  std::chrono::milliseconds idle_time = std::chrono::seconds(75);
  // No byte of a body for that long, in or out, ends the connection.
  std::chrono::milliseconds body_pause = std::chrono::seconds(60);
  // A JSON body has to be there whole by then, however steadily it comes.
  std::chrono::milliseconds json_time = std::chrono::seconds(30);
  std::size_t connections_max = 4096;
};

// Checks, in this order: head (http1), path, route, authentication, permission, CSRF (a session
// cookie with an unsafe method needs Sec-Fetch-Site same-origin or none, else an Origin equal to
// the host), notes changes in the journal, then runs the handler. Errors become RFC 9457 problems;
// foreign exceptions 500 with the request's id.
class Server {
 public:
  // Without a journal changes are not noted anywhere.
  Server(net::Loop& loop, const Router& router, Authenticator& authenticator,
         ServerLimits limits = {}, Journal* journal = nullptr);
  ~Server();
  // Serves until cancelled; then lets requests in flight end for up to `grace`.
  Task<> serve(net::Listener listener, std::chrono::milliseconds grace = std::chrono::seconds(5));

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// RFC 9457.
Response problem(const Error& error, const Request& request);
int status_of(ErrorKind kind);

// A Server-Sent Events response: `events` writes through the given sink until it ends or the client
// goes. A comment is sent every 15 s so that proxies keep the connection.
struct Event {
  std::string id{};
  std::string name{};
  std::string data;  // may hold newlines
};
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual Task<> send(Event event) = 0;
};
Response event_stream(std::move_only_function<Task<>(EventSink&)> events);

}  // namespace temps::http
