// The HTTP API as the CLI's commands see it.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/client_config.hpp"
#include "core/task.hpp"
#include "http/client.hpp"
#include "json/json.hpp"
#include "net/loop.hpp"
#include "tls/tls.hpp"

namespace temps::app {

class ApiClient {
 public:
  ApiClient(net::Loop& loop, Target target) : loop_(loop), target_(std::move(target)) {}

  // The answer's body. Fails with `app.not_logged_in` (401), `app.not_there` (404), `app.refused`
  // (other problems: its detail), and what the connection fails with.
  Task<std::string> call(std::string method, std::string path, std::string body = {});

  // The answer whatever its status.
  Task<http::ClientResponse> ask(std::string method, std::string path, std::string body = {});
  // Sends what `next` yields until that is empty, as call() does. Without a limit of time.
  Task<std::string> send_stream(std::string method, std::string path, std::string content_type,
                                std::function<Task<std::string>()> next);

  template <class T>
  Task<T> get(std::string path) {
    auto text = co_await call("GET", std::move(path));
    co_return co_await json::decode<T>(text, {.size_bytes_max = 64U << 20U});
  }
  template <class T, class B>
  Task<T> post(std::string path, B body) {
    auto text = co_await call("POST", std::move(path), json::encode(body));
    co_return co_await json::decode<T>(text);
  }

  // Server-Sent Events: calls `each` with name and data of every event until it says stop or the
  // stream ends.
  enum class Next : std::uint8_t { go_on, stop };
  Task<> events(std::string path, std::function<Next(std::string_view, std::string_view)> each);

  // An upgraded connection. Fails as call() does, and with `http.bad_response`.
  Task<std::unique_ptr<http::ClientExchange>> open_websocket(std::string path,
                                                             std::string_view protocol);

  [[nodiscard]] const Target& target() const { return target_; }

 private:
  Task<http::Client> client();
  http::ClientRequest request(std::string method, std::string path);

  net::Loop& loop_;
  Target target_;
  std::optional<tls::Trust> trust_;
};

}  // namespace temps::app
