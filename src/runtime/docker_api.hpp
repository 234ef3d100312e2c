// The Docker Engine API over its unix socket: the version is negotiated, and a silent engine is an
// error that says how to start it.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "http/client.hpp"
#include "json/json.hpp"
#include "net/loop.hpp"

namespace temps::runtime {

struct DockerCall {
  std::string method = "GET";
  std::string path;    // without the version: "/containers/json?all=1"
  std::string body{};  // JSON
  std::chrono::seconds limit{30};
};

struct DockerAnswer {
  int status = 0;
  std::string body;

  [[nodiscard]] bool is_success() const { return status >= 200 && status < 300; }
  // The engine's own words where it refused.
  [[nodiscard]] std::string message() const;
  // Null where the body is no JSON.
  [[nodiscard]] json::Value value() const;
};

class DockerApi {
 public:
  DockerApi(net::Loop& loop, std::string socket);

  // Every status is an answer. Fails with `runtime.unavailable`.
  Task<DockerAnswer> call(DockerCall call);
  // For long bodies in either direction; `request.target` is without the version.
  Task<std::unique_ptr<http::ClientExchange>> open(http::ClientRequest request);
  [[nodiscard]] const std::string& socket() const { return socket_; }
  // What to tell the user when the engine does not answer.
  [[nodiscard]] Error unavailable(const Error& cause) const;

 private:
  Task<std::string> prefix();
  net::Loop& loop_;
  std::string socket_;
  std::string prefix_;  // "/v1.41", empty until it was negotiated
};

// A string of the engine's JSON; empty for any other kind.
std::string text_of(const json::Value& value);

// The version to speak with an engine that knows those from `oldest` to `newest` ("1.24"). Fails
// with `runtime.unavailable` when it is too old.
Result<std::string> choose_api_version(std::string_view oldest, std::string_view newest);

}  // namespace temps::runtime
