#include "app/api_client.hpp"

#include "app/errors.hpp"
#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "http/websocket.hpp"

namespace temps::app {

namespace {

// The parts of an RFC 9457 problem that a user needs.
struct Problem {
  std::string title;
  std::string detail;
  std::string code;
};

Error refusal(int status, const std::string& body, const std::string& url) {
  auto problem = json::decode<Problem>(body, {.missing = json::Missing::default_value});
  std::string detail = problem && !problem->detail.empty()
                           ? problem->detail
                           : fmt::format("{} answered with status {}", url, status);
  if (status == 401) {
    return {errors::not_logged_in, fmt::format("{}; run: temps login {}", detail, url)};
  }
  return {status == 404 ? errors::not_there : errors::refused, detail};
}

}  // namespace

Task<http::Client> ApiClient::client() {
  const auto url = co_await http::parse_url(target_.url);
  if (url.is_secure() && !trust_) trust_ = co_await tls::Trust::load(target_.ca_file);
  co_return http::Client(loop_, url, trust_);
}

http::ClientRequest ApiClient::request(std::string method, std::string path) {
  auto url = http::parse_url(target_.url);
  http::ClientRequest request{.method = std::move(method),
                              .target = std::move(path),
                              .host = url ? url->authority() : std::string{}};
  if (!target_.token.empty()) {
    request.headers.add("Authorization", "Bearer " + target_.token.reveal());
  }
  return request;
}

Task<http::ClientResponse> ApiClient::ask(std::string method, std::string path, std::string body) {
  auto client = co_await this->client();
  auto wanted = request(std::move(method), std::move(path));
  if (!body.empty()) wanted.headers.add("Content-Type", "application/json");
  wanted.body = std::move(body);
  co_return co_await client.send(std::move(wanted), std::chrono::seconds(60));
}

Task<std::string> ApiClient::call(std::string method, std::string path, std::string body) {
  auto response = co_await ask(std::move(method), std::move(path), std::move(body));
  if (response.status >= 400) co_await fail(refusal(response.status, response.body, target_.url));
  co_return std::move(response.body);
}

Task<std::string> ApiClient::send_stream(std::string method, std::string path,
                                         std::string content_type,
                                         std::function<Task<std::string>()> next) {
  auto client = co_await this->client();
  auto wanted = request(std::move(method), std::move(path));
  wanted.headers.add("Content-Type", std::move(content_type));
  wanted.body_stream = std::move(next);
  auto exchange = co_await client.open(std::move(wanted));
  std::string text;
  for (auto chunk = co_await exchange->read(); !chunk.empty(); chunk = co_await exchange->read()) {
    text += chunk;
  }
  if (exchange->status() >= 400) co_await fail(refusal(exchange->status(), text, target_.url));
  co_return text;
}

Task<std::unique_ptr<http::ClientExchange>> ApiClient::open_websocket(std::string path,
                                                                      std::string_view protocol) {
  auto client = co_await this->client();
  auto wanted = request("GET", std::move(path));
  const http::SocketHandshake handshake;
  handshake.add_to(wanted, protocol);
  auto exchange = co_await within(std::chrono::seconds(60), client.open(std::move(wanted)));
  if (exchange->status() >= 400) {
    std::string text;
    for (auto chunk = co_await exchange->read(); !chunk.empty();
         chunk = co_await exchange->read()) {
      text += chunk;
    }
    co_await fail(refusal(exchange->status(), text, target_.url));
  }
  co_await handshake.check(*exchange, protocol);
  co_return exchange;
}

Task<> ApiClient::events(std::string path,
                         std::function<Next(std::string_view, std::string_view)> each) {
  auto client = co_await this->client();
  auto wanted = request("GET", std::move(path));
  wanted.headers.add("Accept", "text/event-stream");
  auto exchange = co_await client.open(std::move(wanted));
  std::string text;
  if (exchange->status() >= 400) {
    for (auto chunk = co_await exchange->read(); !chunk.empty();
         chunk = co_await exchange->read()) {
      text += chunk;
    }
    co_await fail(refusal(exchange->status(), text, target_.url));
  }
  std::string name;
  std::string data;
  for (auto chunk = co_await exchange->read(); !chunk.empty(); chunk = co_await exchange->read()) {
    text += chunk;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
      const std::string line(trimmed(std::string_view(text).substr(0, end)));
      text.erase(0, end + 1);
      if (line.empty() && !data.empty()) {
        if (each(name, data) == Next::stop) co_return;
        name.clear();
        data.clear();
      } else if (line.starts_with("event:")) {
        name = trimmed(std::string_view(line).substr(6));
      } else if (line.starts_with("data:")) {
        if (!data.empty()) data += '\n';
        data += trimmed(std::string_view(line).substr(5));
      }
    }
  }
}

}  // namespace temps::app
