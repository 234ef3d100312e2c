#include "http/connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/log.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "http/dispatch.hpp"
#include "http/errors.hpp"
#include "http/problem.hpp"
#include "http1/date.hpp"
#include "net/errors.hpp"

namespace temps::http {

using std::chrono::steady_clock;

namespace {

// More of a body that nobody reads than this is not waited for.
constexpr std::uint64_t drained_bytes_max = 256U << 10U;
constexpr std::chrono::seconds drain_time{5};
constexpr std::chrono::seconds linger_time{2};
constexpr std::string_view anonymous_peer = "unix";

std::string address_of_peer(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address = nullptr;
  if (storage.ss_family == AF_INET) {
    address = &reinterpret_cast<sockaddr_in*>(&storage)->sin_addr;
  } else if (storage.ss_family == AF_INET6) {
    address = &reinterpret_cast<sockaddr_in6*>(&storage)->sin6_addr;
  } else {
    return std::string(anonymous_peer);
  }
  ::inet_ntop(storage.ss_family, address, text.data(), text.size());
  return text.data();
}

bool is_sane_id(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// What the proxy in front says about the client.
void take_forwarded(Request& request) {
  if (auto id = request.headers.find("x-request-id"); id && is_sane_id(*id)) request.id = *id;
  if (auto chain = request.headers.find("x-forwarded-for")) {
    const auto client = trimmed(split(*chain, ',').back());
    if (!client.empty() && client.size() <= 64) request.client_address = client;
  }
  if (request.headers.find("x-forwarded-proto") == "https") request.scheme = "https";
  std::string_view host;
  std::string_view port;
  if (auto authority = request.headers.find("x-forwarded-host");
      authority && http1::split_authority(*authority, host, port)) {
    request.authority = *authority;
    request.host = lowered(host);
  }
}

bool has_no_body(int status) { return status == 204 || status == 304; }

std::string length_field(std::uint64_t length) {
  return fmt::format("Content-Length: {}\r\n", length);
}

}  // namespace

std::string response_head(const Response& response, const ResponseLine& line) {
  auto text =
      fmt::format("HTTP/1.1 {} {}\r\n", response.status, http1::reason_phrase(response.status));
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  text.append("Date: ").append(http1::text_of(http1::http_date(now))).append("\r\n");
  for (const auto& [name, value] : response.headers.all()) {
    const auto is_ours = [&name](std::string_view ours) { return equal_ignoring_case(name, ours); };
    if (is_ours("content-length") || is_ours("transfer-encoding") || is_ours("connection"))
      continue;
    text.append(name).append(": ");
    // A line break would begin a field of somebody else's making.
    std::ranges::copy_if(value, std::back_inserter(text),
                         [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t'; });
    text.append("\r\n");
  }
  text.append(line.framing);
  if (!line.keep_alive) {
    text.append("Connection: close\r\n");
  } else if (line.minor_version == 0) {
    text.append("Connection: keep-alive\r\n");
  }
  return text.append("\r\n");
}

Connection::Connection(Serving& serving, net::Descriptor socket)
    : serving_(serving),
      socket_(std::move(socket)),
      input_(socket_),
      peer_(address_of_peer(socket_.fd())) {
  serving_.connections.insert(this);
}

Connection::~Connection() {
  serving_.connections.erase(this);
  serving_.ended.notify();
}

std::optional<steady_clock::time_point> Connection::idle_since() const {
  if (idle_ == nullptr) return std::nullopt;
  return idle_since_;
}

void Connection::end_idling() {
  if (idle_ != nullptr)
    idle_->cancel(Error(temps::errors::cancelled, "the connection is not needed"));
}

Task<> Connection::run() {
  for (;;) {
    const auto wait = co_await read_head();
    if (wait == Wait::closed) co_return;
    if (wait != Wait::complete) {
      co_await refuse(wait);
      break;
    }
    if (co_await exchange() == Next::close) break;
    if (serving_.stopping || serving_.is_full()) co_return;
  }
  co_await linger();
}

Task<bool> Connection::fill(std::chrono::nanoseconds limit) {
  Cancellation& around = co_await current_scope();
  Cancellation scope(around);
  if (!parser_.started() && input_.view().empty()) {
    idle_ = &scope;
    idle_since_ = steady_clock::now();
  }
  const auto got = co_await attempt(in_scope(scope, within(limit, input_.fill())));
  idle_ = nullptr;
  if (around.reason()) co_await fail(*around.reason());
  if (!got && !got.error().is(temps::errors::timed_out)) co_return false;
  if (!got) co_await fail(got.error());
  co_return *got > 0;
}

Task<Connection::Wait> Connection::read_head() {
  parser_.reset();
  const auto& limits = serving_.limits;
  began_ = steady_clock::now();
  bool begun = false;
  for (;;) {
    if (!input_.view().empty()) {
      if (!std::exchange(begun, true)) began_ = steady_clock::now();
      const auto progress = parser_.feed(input_.view());
      if (progress == http1::Progress::complete) co_return Wait::complete;
      if (progress == http1::Progress::failed || input_.is_full()) co_return Wait::failed;
    }
    // Whoever sends a head byte by byte does not get more time with each.
    const auto left = begun ? limits.header_time - (steady_clock::now() - began_)
                            : std::chrono::nanoseconds(limits.idle_time);
    const auto more = co_await attempt(fill(std::max(left, std::chrono::nanoseconds(1))));
    if (!more && more.error().is(temps::errors::timed_out)) {
      co_return begun ? Wait::timed_out : Wait::closed;
    }
    if (!co_await more) co_return Wait::closed;
  }
}

Task<> Connection::refuse(Wait wait) {
  Request request{.id = random_hex(8), .client_address = peer_};
  const auto failure = parser_.failure();
  auto response =
      wait == Wait::timed_out
          ? problem(Error(errors::too_slow, "the head of the request did not arrive in time"),
                    request)
          : problem(Error(errors::bad_request, std::string(failure.reason)), request,
                    failure.status == 0 ? 431 : failure.status);
  add_security_headers(response, request);
  note(request, response.status);
  co_await respond(std::move(response), request, Next::close);
}

Result<Request> Connection::to_request(const http1::RequestHead& head) const {
  Request request{.method = std::string(head.method_text),
                  .path = std::string(head.path),
                  .query = std::string(head.query),
                  .id = random_hex(8),
                  .client_address = peer_,
                  .host = lowered(head.host),
                  .authority = std::string(head.authority),
                  .json_time_max = serving_.limits.json_time};
  for (const auto& field : head.fields) {
    request.headers.add(std::string(field.name), std::string(field.value));
  }
  if (serving_.trusted) take_forwarded(request);
  return request;
}

Task<Connection::Next> Connection::exchange() {
  const auto& head = parser_.head();
  auto request = co_await to_request(head);
  IncomingBody body({input_, socket_, serving_.limits.body_pause}, head);
  minor_version_ = head.minor_version;
  body_open_ = !body.is_done();
  const bool keep_alive = head.keep_alive;
  input_.consume(head.length);  // the head's views end here
  request.body = &body;

  Response response;
  if (auto path = decode_path(request.path); path) {
    request.path = std::move(*path);
    response =
        co_await dispatch(serving_.router, serving_.authenticator, request, serving_.journal);
  } else {
    response = problem(path.error(), request);
  }
  add_security_headers(response, request);
  body_open_ = !body.is_done();
  const bool worth_draining = body.is_coming() && body.announced() <= drained_bytes_max;
  const bool keep = keep_alive && !serving_.stopping && (!body_open_ || worth_draining);
  const bool upgraded = response.status == 101;
  const auto next = keep && !upgraded ? Next::request : Next::close;
  const int status = response.status;
  auto sent = co_await attempt(upgraded ? respond_upgraded(std::move(response), request)
                                        : respond(std::move(response), request, next));
  note(request, status);
  co_await std::move(sent);
  co_return co_await settle_body(body, next);
}

Task<Connection::Next> Connection::settle_body(IncomingBody& body, Next next) {
  if (next == Next::close) co_return Next::close;
  body.settle();
  if (body.is_done()) co_return Next::request;
  const auto drained = co_await attempt(within(drain_time, body.drain(drained_bytes_max)));
  co_return drained && *drained ? Next::request : Next::close;
}

Task<> Connection::respond(Response response, const Request& request, Next next) {
  if (response.stream) {
    co_await respond_streaming(std::move(response), request, next);
    co_return;
  }
  ResponseLine line{.minor_version = minor_version_, .keep_alive = next == Next::request};
  if (!has_no_body(response.status)) line.framing = length_field(response.body.size());
  auto bytes = response_head(response, line);
  const bool has_body = request.method != "HEAD" && !has_no_body(response.status);
  if (has_body) bytes += response.body;
  co_await write_steadily(socket_, bytes, serving_.limits.body_pause);
}

Task<> Connection::respond_streaming(Response response, const Request& request, Next next) {
  ResponseLine line{.minor_version = minor_version_, .keep_alive = next == Next::request};
  const auto announced = response.headers.find("content-length");
  const auto length = parse_number<std::uint64_t>(announced.value_or(""));
  auto framing = Framing::chunked;
  if (length) {
    framing = Framing::length;
    line.framing = length_field(*length);
  } else if (minor_version_ == 0) {
    framing = Framing::until_close;
    line.keep_alive = false;
  } else {
    line.framing = "Transfer-Encoding: chunked\r\n";
  }
  co_await write_steadily(socket_, response_head(response, line), serving_.limits.body_pause);
  if (request.method == "HEAD" || has_no_body(response.status)) co_return;
  OutgoingBody body({socket_, serving_.limits.body_pause, [this] { return client_gone(); }},
                    framing, length.value_or(0));
  auto streamed = co_await attempt(response.stream(body));
  if (!streamed && !streamed.error().is(net::errors::broken)) {
    log::warning("a response broke off", {{"request", request.id},
                                          {"path", request.path},
                                          {"code", streamed.error().code().code},
                                          {"detail", streamed.error().detail()},
                                          {"cause", streamed.error().cause()}});
  }
  co_await std::move(streamed);
  co_await body.finish();
  if (framing == Framing::until_close) co_await fail(net::errors::closed, "HTTP/1.0 ends here");
}

// The connection is the handler's from here on.
Task<> Connection::respond_upgraded(Response response, Request& request) {
  const ResponseLine line{.minor_version = minor_version_, .framing = "Connection: Upgrade\r\n"};
  co_await write_steadily(socket_, response_head(response, line), serving_.limits.body_pause);
  UpgradedInput in(input_);
  UpgradedOutput out({socket_, serving_.limits.body_pause, [this]() -> Task<> {
                        if (!serving_.stopping) co_await serving_.stop.next();
                      }});
  auto* body = std::exchange(request.body, &in);
  auto ended = co_await attempt(response.stream(out));
  request.body = body;
  if (!ended) log::debug("an upgraded connection ended", {{"why", ended.error().detail()}});
}

Task<> Connection::client_gone() {
  const auto silence = [](Connection& self) -> Task<> {
    for (;;) {
      // Bytes that come may be the next request, or a body that its handler still wants to read.
      if (self.body_open_ || self.input_.is_full()) co_await sleep(std::chrono::hours(24));
      const auto got = co_await attempt(self.input_.fill());
      if (!got && got.error().code().kind == ErrorKind::cancelled) co_await fail(got.error());
      if (!got || *got == 0) co_return;
    }
  };
  if (serving_.stopping) co_return;
  co_await race(serving_.stop.next(), silence(*this));
}

Task<> Connection::linger() {
  if (!body_open_ && input_.view().empty()) co_return;
  socket_.shutdown_write();
  const auto forget = [](net::Descriptor& socket) -> Task<> {
    std::array<char, 16384> bytes{};
    for (std::uint64_t seen = 0; seen < (4U << 20U);) {
      const auto got = co_await socket.read_some(bytes);
      if (got == 0) co_return;
      seen += got;
    }
  };
  co_await attempt(within(linger_time, forget(socket_)));
}

void Connection::note(const Request& request, int status) const {
  const auto time = std::chrono::duration<double, std::milli>(steady_clock::now() - began_);
  log::debug("request", {{"request", request.id},
                         {"method", request.method},
                         {"path", request.path},
                         {"status", status},
                         {"ms", time.count()},
                         {"client", request.client_address}});
}

}  // namespace temps::http
