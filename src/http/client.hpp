// A small HTTP/1.1 client over TCP, TLS and unix sockets: the CLI, health checks, the container
// engine, certificate authorities.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "net/socket.hpp"
#include "tls/tls.hpp"

namespace temps::http {

struct ClientRequest {
  std::string method = "GET";
  std::string target = "/";  // path and query
  std::string host{};        // Host header; what the client was made with where empty
  Headers headers{};
  std::string body{};
  // Instead of `body`: sent chunked, called until it yields an empty string.
  std::move_only_function<Task<std::string>()> body_stream{};
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

// An answer whose body is still coming, or a connection that was upgraded.
class ClientExchange {
 public:
  virtual ~ClientExchange() = default;
  [[nodiscard]] virtual int status() const = 0;
  [[nodiscard]] virtual const Headers& headers() const = 0;
  virtual Task<std::string> read() = 0;  // empty at the end
  // After an upgrade (status 101) the connection carries bytes both ways; `read` yields them.
  virtual Task<> write(std::string_view bytes) = 0;
  virtual void shutdown_write() = 0;
};

// "http://localhost:8080/base" in parts. Fails with `http.bad_url`.
struct Url {
  std::string scheme, host;  // "http" or "https"
  std::uint16_t port = 80;
  std::string path;  // at least "/"
  [[nodiscard]] bool is_secure() const { return scheme == "https"; }
  // host[:port], the port only where it is not the scheme's own.
  [[nodiscard]] std::string authority() const;
  [[nodiscard]] net::Address address() const { return {.host = host, .port = port, .path = {}}; }
};
Result<Url> parse_url(std::string_view text);

class Client {
 public:
  // Without TLS.
  Client(net::Loop& loop, net::Address address) : loop_(loop), address_(std::move(address)) {}
  // The server of this address, by TLS where it is https. Without `trust` it is the machine's own,
  // loaded for every connection.
  Client(net::Loop& loop, const Url& url, std::optional<tls::Trust> trust = {})
      : loop_(loop),
        address_(url.address()),
        host_(url.authority()),
        secure_(url.is_secure()),
        trust_(std::move(trust)) {}

  // One request on a connection of its own. Fails with `net.unreachable`, `net.broken`,
  // `http.bad_response`, `http.response_too_large`, `core.timed_out`, and with `tls.…` of
  // tls/errors.hpp.
  Task<ClientResponse> send(ClientRequest request,
                            std::chrono::nanoseconds limit = std::chrono::seconds(30),
                            std::size_t body_bytes_max = 64U << 20U);
  // The head is awaited, the body read by the caller. Has no time limit: wrap it in within().
  // A request body that the other side does not read to its end is given up when an answer is
  // there.
  Task<std::unique_ptr<ClientExchange>> open(ClientRequest request);

 private:
  Task<tls::Stream> secured(net::Descriptor socket);

  net::Loop& loop_;
  net::Address address_;
  std::string host_{};  // for the Host header where a request has none
  bool secure_ = false;
  std::optional<tls::Trust> trust_{};
};

}  // namespace temps::http
