// Requests and responses as handlers see them.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/permission.hpp"
#include "core/task.hpp"
#include "http/principal.hpp"

namespace temps::http {

// Field names compare without case; order is kept.
class Headers {
 public:
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  void add(std::string name, std::string value);
  void set(std::string name, std::string value);
  void remove(std::string_view name);
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const {
    return fields_;
  }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// A body that arrives bit by bit. Ends with an empty chunk. Fails with `http.broken_body`,
// `http.body_too_large`.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  // Valid until the next call.
  virtual Task<std::string_view> read() = 0;
};

// A body that leaves bit by bit (chunked, or by length when the handler set Content-Length).
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  // Fails with `net.broken` when the client has gone.
  virtual Task<> write(std::string_view bytes) = 0;
  // Ends when the client has gone or the server stops; to race long waits against.
  virtual Task<> gone() = 0;
};

struct Request {
  std::string method;
  std::string path;   // decoded; never contains "." or ".." segments, NUL or an encoded slash
  std::string query;  // as sent, without '?'
  Headers headers;
  std::map<std::string, std::string> path_values;  // of the route's {name} parts
  Principal principal;
  std::span<const Permission> permissions{};  // all that this server's routes name
  std::string id;                             // request id, also sent back as X-Request-Id
  std::string client_address;  // X-Forwarded-For of the proxy in front, which is trusted on the
                               // unix socket only
  std::string host;            // without port, lower case
  std::string scheme = "http";
  std::string authority;                   // host[:port] as the client wrote it
  BodyReader* body = nullptr;              // never null while a handler runs
  std::size_t body_bytes_max = 1U << 20U;  // of the route, for read_body
  std::chrono::milliseconds json_time_max = std::chrono::seconds(30);  // for read_json_body
  // JSON for the journal, where neither a GET nor the answer shows what a change has done; a
  // handler may set it until the response's stream has ended.
  std::string noted{};

  // A query parameter, decoded.
  [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
  // All of this name, in the order sent: others under the same domain may have set some.
  [[nodiscard]] std::vector<std::string> cookies(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers{};
  std::string body{};
  // Instead of `body`: called after the head has been sent; its end is the body's end, its failure
  // breaks the connection so that the client sees that the body is incomplete.
  std::move_only_function<Task<>(BodyWriter&)> stream{};
};

}  // namespace temps::http
