#include "http/client.hpp"

#include <utility>
#include <variant>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "http/errors.hpp"
#include "http/stream.hpp"
#include "http1/http1.hpp"
#include "net/errors.hpp"

namespace temps::http {
namespace {

constexpr std::chrono::minutes write_pause_max{1};

std::string request_head(const ClientRequest& request, const std::string& usual_host) {
  const auto& host = request.host.empty() ? usual_host : request.host;
  auto text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, request.target, host);
  for (const auto& [name, value] : request.headers.all()) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  if (!request.headers.find("connection")) text += "Connection: close\r\n";
  const bool has_body = !request.body.empty() || request.method == "POST" ||
                        request.method == "PUT" || request.method == "PATCH";
  if (request.body_stream) {
    text += "Transfer-Encoding: chunked\r\n";
  } else if (has_body) {
    text += fmt::format("Content-Length: {}\r\n", request.body.size());
  }
  return text + "\r\n";
}

using Connection = std::variant<net::Descriptor, tls::Stream>;

Wire wire_of(Connection& connection) {
  if (auto* secure = std::get_if<tls::Stream>(&connection)) return {*secure};
  return {std::get<net::Descriptor>(connection)};
}

class Exchange final : public ClientExchange {
 public:
  Exchange(Connection connection, std::string_view method)
      : connection_(std::move(connection)),
        wire_(wire_of(connection_)),
        input_(wire_),
        method_(http1::method_of(method)) {}

  [[nodiscard]] int status() const override { return status_; }
  [[nodiscard]] const Headers& headers() const override { return headers_; }
  Task<> write(std::string_view bytes) override {
    co_await write_steadily(wire_, bytes, write_pause_max);
  }
  void shutdown_write() override { wire_.shutdown_write(); }

  Task<> send(ClientRequest& request, const std::string& usual_host) {
    auto head = request_head(request, usual_host);
    if (!request.body_stream) {
      co_await write(head + request.body);
      co_return;
    }
    co_await write(head);
    for (;;) {
      const auto piece = co_await request.body_stream();
      if (piece.empty()) break;
      co_await write(http1::ChunkHeader(piece.size()).text());
      co_await write(piece);
      co_await write(http1::chunk_end);
    }
    co_await write(http1::last_chunk);
  }

  Task<> read_head() {
    for (;;) {
      const auto progress = parser_.feed(input_.view(), method_);
      if (progress == http1::Progress::failed || (input_.is_full() && parser_.started())) {
        co_await fail(errors::bad_response, "the answer is not valid HTTP: {}",
                      parser_.failure().reason);
      }
      if (progress == http1::Progress::complete) {
        if (take_head()) co_return;
        continue;
      }
      if (co_await input_.fill() == 0) {
        co_await fail(net::errors::broken, "the connection ended before an answer came");
      }
    }
  }

  Task<std::string> read() override {
    for (;;) {
      const auto step = body_.next(input_.view());
      std::string data(step.data);
      input_.consume(step.consumed);
      if (step.state == http1::BodyState::failed) {
        co_await fail(errors::bad_response, "the answer's body is not valid HTTP: {}",
                      body_.failure().reason);
      }
      if (!data.empty() || step.state == http1::BodyState::done) co_return data;
      if (step.state == http1::BodyState::more) continue;
      if (co_await input_.fill() > 0) continue;
      if (body_.may_end_here()) co_return std::string{};
      co_await fail(net::errors::broken, "the connection ended in the middle of the answer");
    }
  }

 private:
  // False for an interim answer, which is passed over.
  bool take_head() {
    const auto& head = parser_.head();
    const bool upgraded = head.status == 101;
    if (head.status < 200 && !upgraded) {
      input_.consume(head.length);
      parser_.reset();
      return false;
    }
    status_ = head.status;
    for (const auto& field : head.fields) {
      headers_.add(std::string(field.name), std::string(field.value));
    }
    body_ =
        upgraded ? http1::BodyDecoder(http1::Framing::until_close, 0) : http1::BodyDecoder(head);
    input_.consume(head.length);
    return true;
  }

  Connection connection_;
  Wire wire_;
  Input input_;
  http1::Method method_;
  http1::ResponseParser parser_;
  http1::BodyDecoder body_;
  int status_ = 0;
  Headers headers_;
};

Task<ClientResponse> collect(Client& client, ClientRequest request, std::size_t body_bytes_max) {
  auto exchange = co_await client.open(std::move(request));
  ClientResponse response{.status = exchange->status(), .headers = exchange->headers(), .body = {}};
  if (response.status == 101) co_return response;
  for (;;) {
    const auto piece = co_await exchange->read();
    if (piece.empty()) co_return response;
    if (response.body.size() + piece.size() > body_bytes_max) {
      co_await fail(errors::response_too_large, "the answer has more than {}",
                    human_bytes(body_bytes_max));
    }
    response.body += piece;
  }
}

// What goes into the head as it is must not be able to add lines to it.
Result<> check_head(const ClientRequest& request) {
  const auto breaks = [](std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
  };
  bool broken = breaks(request.method) || breaks(request.target) || breaks(request.host) ||
                request.target.find(' ') != std::string::npos;
  for (const auto& [name, value] : request.headers.all()) {
    broken = broken || breaks(name) || breaks(value);
  }
  if (broken)
    return fail(errors::bad_url, "a request holds a line break or a blank in its address");
  return {};
}

}  // namespace

Task<ClientResponse> Client::send(ClientRequest request, std::chrono::nanoseconds limit,
                                  std::size_t body_bytes_max) {
  co_return co_await within(limit, collect(*this, std::move(request), body_bytes_max));
}

Task<std::unique_ptr<ClientExchange>> Client::open(ClientRequest request) {
  co_await check_head(request);
  auto host = host_;
  if (host.empty()) host = address_.is_unix() ? "localhost" : address_.text();
  auto socket = co_await net::connect(loop_, address_);
  std::unique_ptr<Exchange> exchange;
  if (secure_) {
    exchange = std::make_unique<Exchange>(co_await secured(std::move(socket)), request.method);
  } else {
    exchange = std::make_unique<Exchange>(std::move(socket), request.method);
  }
  auto sent = co_await attempt(exchange->send(request, host));
  if (!sent && !sent.error().is(net::errors::broken)) co_await fail(sent.error());
  // Whoever stops reading has often said why.
  auto answered = co_await attempt(exchange->read_head());
  if (!answered && !sent) co_await fail(sent.error());
  co_await std::move(answered);
  co_return std::move(exchange);
}

Task<tls::Stream> Client::secured(net::Descriptor socket) {
  if (!trust_) {
    auto own = co_await tls::Trust::load();
    co_return co_await tls::Stream::connect(std::move(socket), std::move(own),
                                            {.host = address_.host, .alpn = {"http/1.1"}});
  }
  co_return co_await tls::Stream::connect(std::move(socket), *trust_,
                                          {.host = address_.host, .alpn = {"http/1.1"}});
}

std::string Url::authority() const {
  const bool bracketed = host.find(':') != std::string::npos;
  auto text = bracketed ? "[" + host + "]" : host;
  const bool usual = port == (is_secure() ? 443 : 80);
  return usual ? text : fmt::format("{}:{}", text, port);
}

Result<Url> parse_url(std::string_view text) {
  const auto refuse = [text](std::string_view why) {
    return fail(errors::bad_url, "\"{}\" is not an address such as http://localhost:8080: {}",
                text.substr(0, 128), why);
  };
  auto [scheme, rest] = cut(text, "://");
  Url url{.scheme = lowered(scheme), .host = {}, .port = 80, .path = {}};
  if (url.scheme != "http" && url.scheme != "https") {
    return refuse("it starts with http:// or https://");
  }
  if (url.is_secure()) url.port = 443;
  const auto end = rest.find_first_of("/?#");
  const auto authority = rest.substr(0, end);
  auto path = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
  path = path.substr(0, path.find('#'));
  if (path.find_first_of(" \r\n\t") != std::string_view::npos) return refuse("a blank in the path");
  url.path = path.starts_with('/') ? std::string(path) : "/" + std::string(path);
  std::string_view host;
  std::string_view port;
  if (!http1::split_authority(authority, host, port) || host.empty())
    return refuse("no host in it");
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  url.host = lowered(host);
  if (!port.empty()) {
    const auto number = parse_number<std::uint16_t>(port);
    if (!number || *number == 0) return refuse("its port is none");
    url.port = *number;
  }
  return url;
}

}  // namespace temps::http
