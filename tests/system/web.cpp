#include "system/web.hpp"

#include <array>

#include "core/concurrency.hpp"
#include "core/text.hpp"
#include "http1/body.hpp"
#include "http1/http1.hpp"
#include "net/socket.hpp"

namespace temps::e2e {

namespace {

using namespace std::chrono_literals;

constexpr auto answer_time = 10s;
constexpr ErrorCode broken{"e2e.broken", ErrorKind::internal, "The answer is broken"};

std::string text_of(const Ask& ask) {
  std::string text =
      fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", ask.method, ask.target, ask.host);
  for (const auto& field : ask.fields) text += field + "\r\n";
  if (!ask.body.empty()) text += fmt::format("Content-Length: {}\r\n", ask.body.size());
  return text + "\r\n" + ask.body;
}

Task<std::string> read_more(net::Descriptor& socket) {
  std::array<char, 16384> buffer{};
  const auto got = co_await socket.read_some(buffer);
  co_return std::string(buffer.data(), got);
}

Task<net::Descriptor> connect(net::Loop& loop, std::uint16_t port) {
  co_return co_await within(
      answer_time, net::connect(loop, net::Address{.host = "127.0.0.1", .port = port, .path = {}}));
}

Task<Answer> ask_once(net::Loop& loop, std::uint16_t port, Ask ask) {
  auto connection = co_await Connection::open(loop, port);
  ask.fields.emplace_back("Connection: close");
  co_return co_await connection.ask(std::move(ask));
}

}  // namespace

std::string Answer::field(std::string_view name) const {
  for (const auto line : split(head, '\n')) {
    const auto [key, value] = cut(line, ":");
    if (equal_ignoring_case(key, name)) return std::string(trimmed(value));
  }
  return {};
}

Task<Connection> Connection::open(net::Loop& loop, std::uint16_t port) {
  co_return Connection(co_await connect(loop, port));
}

Task<> Connection::more() {
  const auto text = co_await read_more(socket_);
  if (text.empty()) {
    co_await fail(broken, "the connection ended after {} bytes of an answer", input_.size());
  }
  input_ += text;
}

Task<Answer> Connection::ask(Ask ask) {
  co_await socket_.write_all(text_of(ask));
  http1::ResponseParser parser;
  const auto method = http1::method_of(ask.method);
  auto progress = parser.feed(input_, method);
  while (progress == http1::Progress::need_more) {
    co_await more();
    progress = parser.feed(input_, method);
  }
  if (progress == http1::Progress::failed) {
    co_await fail(broken, "{}", parser.failure().reason);
  }
  const auto& head = parser.head();
  Answer answer{.status = head.status, .head = input_.substr(0, head.length)};
  http1::BodyDecoder body(head);
  input_.erase(0, head.length);
  while (!body.is_done()) {
    const auto step = body.next(input_);
    answer.body += step.data;
    input_.erase(0, step.consumed);
    if (step.state == http1::BodyState::failed) co_await fail(broken, "{}", body.failure().reason);
    if (step.state != http1::BodyState::need_more) continue;
    const auto text = co_await read_more(socket_);
    if (text.empty() && body.may_end_here()) break;
    if (text.empty()) co_await fail(broken, "the body ended early");
    input_ += text;
  }
  co_return answer;
}

Answer fetch(net::Loop& loop, std::uint16_t port, Ask ask) {
  auto answer = loop.run(within(answer_time, ask_once(loop, port, std::move(ask))));
  if (answer) return std::move(*answer);
  return {.failure = fmt::format("{}: {}", answer.error().code().code, answer.error().detail())};
}

Task<WebSocket> WebSocket::open(net::Loop& loop, std::uint16_t port, std::string host,
                                std::string target) {
  WebSocket socket(co_await connect(loop, port));
  // The key and its answer are those of RFC 6455 §1.3.
  co_await socket.socket_.write_all(fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
      target, host));
  while (socket.input_.find("\r\n\r\n") == std::string::npos) {
    const auto text = co_await read_more(socket.socket_);
    if (text.empty()) co_await fail(broken, "no upgrade: {}", socket.input_);
    socket.input_ += text;
  }
  const bool upgraded = socket.input_.starts_with("HTTP/1.1 101") &&
                        socket.input_.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos;
  if (!upgraded) co_await fail(broken, "no upgrade: {}", socket.input_);
  socket.input_.erase(0, socket.input_.find("\r\n\r\n") + 4);
  co_return socket;
}

Task<std::string> WebSocket::echo(std::string text) {
  ensure(text.size() < 126, "short frames only");
  constexpr std::array<unsigned char, 4> mask{0x12, 0x34, 0x56, 0x78};
  std::string frame{'\x81', static_cast<char>(0x80U | text.size())};
  for (const auto byte : mask) frame += static_cast<char>(byte);
  for (std::size_t i = 0; i < text.size(); ++i) {
    frame += static_cast<char>(static_cast<unsigned char>(text[i]) ^ mask[i % mask.size()]);
  }
  co_await socket_.write_all(frame);
  const auto whole = [this] {
    return input_.size() >= 2 && input_.size() >= 2U + static_cast<unsigned char>(input_[1]);
  };
  while (!whole()) {
    const auto more = co_await within(answer_time, read_more(socket_));
    if (more.empty()) co_await fail(broken, "the WebSocket ended");
    input_ += more;
  }
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(input_[1]));
  auto answer = input_.substr(2, size);
  input_.erase(0, 2 + size);
  co_return answer;
}

}  // namespace temps::e2e
