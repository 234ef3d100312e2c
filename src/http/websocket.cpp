#include "http/websocket.hpp"

#include <utility>

#include "core/concurrency.hpp"
#include "core/random.hpp"
#include "core/text.hpp"
#include "crypto/crypto.hpp"
#include "http/errors.hpp"
#include "http/websocket_errors.hpp"

namespace temps::http {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds farewell_time{5};
constexpr std::size_t key_bytes = 16;
constexpr std::size_t mask_bytes = 4;

std::string accept_of(std::string_view key) {
  constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  return to_base64(crypto::sha1(std::string(key).append(guid)));
}

bool names(std::optional<std::string_view> field, std::string_view token) {
  if (!field) return false;
  for (const auto part : split(*field, ',')) {
    if (equal_ignoring_case(trimmed(part), token)) return true;
  }
  return false;
}

// The bytes under it, of either side.
struct Pipe {
  std::function<Task<std::string>()> read;  // nothing at the end
  std::function<Task<>(std::string_view)> write;
};

class Socket final : public WebSocket {
 public:
  // What it sends is masked or not; what it gets is the other way round.
  Socket(Pipe pipe, Masking sends, SocketTimes times)
      : pipe_(std::move(pipe)), sends_(sends), times_(times) {}

  Task<std::optional<SocketMessage>> receive() override {
    SocketMessage message;
    bool begun = false;
    for (;;) {
      auto frame = co_await next_frame();
      if (!frame) co_return std::nullopt;
      if (frame->opcode == Opcode::ping) {
        co_await put({.opcode = Opcode::pong, .payload = std::move(frame->payload)});
      } else if (frame->opcode != Opcode::pong) {
        co_await check_order(*frame, begun);
        if (!begun) message.is_text = frame->opcode == Opcode::text;
        begun = true;
        message.bytes += frame->payload;
        co_await check_message(message, frame->is_last);
        if (frame->is_last) co_return message;
      }
    }
  }

  Task<> send(SocketMessage message) override {
    co_await put({.opcode = message.is_text ? Opcode::text : Opcode::binary,
                  .payload = std::move(message.bytes)});
  }

  Task<> close(int status, std::string reason) override {
    constexpr std::size_t reason_bytes_max = 120;
    std::string payload{static_cast<char>(status >> 8), static_cast<char>(status & 0xff)};
    payload += to_utf8(reason.substr(0, reason_bytes_max));
    const auto said = co_await attempt(put({.opcode = Opcode::close, .payload = payload}));
    if (!said || is_closed_) co_return;
    const auto farewell = [](Socket& self) -> Task<> {
      while (co_await self.next_frame()) continue;
    };
    co_await attempt(within(farewell_time, farewell(*this)));
  }

  // Never ends by itself: fails with `http.lost` when the other side is silent for too long.
  Task<> keep_alive() {
    for (;;) {
      co_await sleep(times_.ping_every);
      if (steady_clock::now() - heard_ > times_.silence_max) {
        co_await fail(errors::lost, "nothing has come from the other side for {} s",
                      std::chrono::duration_cast<std::chrono::seconds>(times_.silence_max).count());
      }
      if (!is_writing_) co_await put({.opcode = Opcode::ping, .payload = {}});
    }
  }

  [[nodiscard]] bool is_closed() const { return is_closed_; }

 private:
  static Result<> check_order(const Frame& frame, bool begun) {
    const bool continues = frame.opcode == Opcode::continuation;
    if (continues == begun) return {};
    return fail(errors::bad_frame, "the pieces of a message come out of order");
  }
  static Result<> check_message(const SocketMessage& message, bool is_whole) {
    if (message.bytes.size() > frame_bytes_max) {
      return fail(errors::frame_too_large, "a message has more than {} bytes", frame_bytes_max);
    }
    if (is_whole && message.is_text && !is_utf8(message.bytes)) {
      return fail(errors::bad_frame, "a text message is no UTF-8");
    }
    return {};
  }

  // Nothing when the other side has closed it, which has been answered then.
  Task<std::optional<Frame>> next_frame() {
    const auto expected = sends_ == Masking::plain ? Masking::masked : Masking::plain;
    while (!is_closed_) {
      std::string_view left = arrived_;
      auto frame = co_await take_frame(left, expected);
      arrived_.erase(0, arrived_.size() - left.size());
      if (!frame) {
        arrived_ += co_await more();
        continue;
      }
      if (frame->opcode != Opcode::close) co_return frame;
      is_closed_ = true;
      co_await attempt(put({.opcode = Opcode::close, .payload = frame->payload.substr(0, 2)}));
    }
    co_return std::nullopt;
  }

  Task<std::string> more() {
    auto bytes = co_await attempt(pipe_.read());
    if (!bytes) co_await check_cancelled();
    if (!bytes || bytes->empty()) co_await fail(errors::lost, "the connection broke");
    heard_ = steady_clock::now();
    co_return std::move(*bytes);
  }

  Task<> put(Frame frame) {
    auto held = co_await writing_.lock();
    if (is_torn_) co_await fail(errors::lost, "the connection broke");
    const auto mask = sends_ == Masking::masked ? random_bytes(mask_bytes) : std::string{};
    const auto bytes = frame_bytes(frame, mask);
    // What is written half leaves nothing that could follow it.
    is_torn_ = is_writing_ = true;
    auto written = co_await attempt(pipe_.write(bytes));
    is_writing_ = false;
    if (!written) co_await check_cancelled();
    if (!written) co_await fail(errors::lost, "the connection broke: {}", written.error().detail());
    is_torn_ = false;
  }

  Pipe pipe_;
  Masking sends_;
  SocketTimes times_;
  Mutex writing_;
  bool is_writing_ = false;
  bool is_torn_ = false;
  bool is_closed_ = false;
  std::string arrived_;
  steady_clock::time_point heard_ = steady_clock::now();
};

Task<> close_for(Socket& socket, const Result<>& ended, bool is_stopping) {
  if (socket.is_closed()) co_return;
  if (is_stopping) co_return co_await socket.close(closed_going_away, "the server is stopping");
  if (ended) co_return co_await socket.close(closed_normally, {});
  if (ended.error().is(errors::bad_frame)) {
    co_return co_await socket.close(1002, std::string(ended.error().detail()));
  }
  if (ended.error().is(errors::frame_too_large)) {
    co_return co_await socket.close(1009, std::string(ended.error().detail()));
  }
  co_await socket.close(1011, "it failed");
}

using Session = std::move_only_function<Task<>(WebSocket&)>;

struct Upgrade {
  BodyReader& in;
  BodyWriter& out;
  SocketTimes times;
};

Task<> serve(Upgrade upgrade, Session& session) {
  Socket socket(
      {.read = [&in = upgrade.in]() -> Task<std::string> {
         co_return std::string(co_await in.read());
       },
       .write = [&out = upgrade.out](std::string_view bytes) { return out.write(bytes); }},
      Masking::plain, upgrade.times);
  bool is_stopping = false;
  const auto stopped = [&is_stopping](BodyWriter& out) -> Task<> {
    co_await out.gone();
    is_stopping = true;
  };
  auto ended =
      co_await attempt(race(race(session(socket), socket.keep_alive()), stopped(upgrade.out)));
  co_await attempt(shielded(close_for(socket, ended, is_stopping)));
  co_await std::move(ended);
}

}  // namespace

bool asks_for_websocket(const Request& request) {
  return names(request.headers.find("upgrade"), "websocket");
}

Result<Response> websocket(const Request& request, std::string_view protocol, Session session,
                           SocketTimes times) {
  const auto key = request.headers.find("sec-websocket-key").value_or("");
  const auto decoded = from_base64(key);
  if (request.method != "GET" || !asks_for_websocket(request) ||
      !names(request.headers.find("connection"), "upgrade") ||
      request.headers.find("sec-websocket-version") != "13" || !decoded ||
      decoded->size() != key_bytes) {
    return fail(errors::no_websocket, "this address speaks WebSocket, version 13 (RFC 6455)");
  }
  if (!names(request.headers.find("sec-websocket-protocol"), protocol)) {
    return fail(errors::no_websocket, "this address speaks the WebSocket protocol \"{}\"",
                protocol);
  }
  Response response{.status = 101};
  response.headers.add("Upgrade", "websocket");
  response.headers.add("Sec-WebSocket-Accept", accept_of(key));
  response.headers.add("Sec-WebSocket-Protocol", std::string(protocol));
  response.stream = [&request, times, session = std::move(session)](BodyWriter& out) mutable {
    return serve({*request.body, out, times}, session);
  };
  return response;
}

SocketHandshake::SocketHandshake() : key_(to_base64(random_bytes(key_bytes))) {}

void SocketHandshake::add_to(ClientRequest& request, std::string_view protocol) const {
  request.headers.add("Connection", "Upgrade");
  request.headers.add("Upgrade", "websocket");
  request.headers.add("Sec-WebSocket-Version", "13");
  request.headers.add("Sec-WebSocket-Key", key_);
  request.headers.add("Sec-WebSocket-Protocol", std::string(protocol));
}

Result<> SocketHandshake::check(const ClientExchange& exchange, std::string_view protocol) const {
  const auto& headers = exchange.headers();
  if (exchange.status() == 101 && names(headers.find("upgrade"), "websocket") &&
      headers.find("sec-websocket-accept") == accept_of(key_) &&
      headers.find("sec-websocket-protocol") == protocol) {
    return {};
  }
  return fail(errors::bad_response,
              "the other side does not speak WebSocket here; what stands in between may not let it "
              "through");
}

Task<> with_websocket(std::unique_ptr<ClientExchange> exchange,
                      std::function<Task<>(WebSocket&)> session, SocketTimes times) {
  Socket socket({.read = [&exchange] { return exchange->read(); },
                 .write = [&exchange](std::string_view bytes) { return exchange->write(bytes); }},
                Masking::masked, times);
  auto ended = co_await attempt(race(session(socket), socket.keep_alive()));
  if (!socket.is_closed()) co_await attempt(shielded(close_for(socket, ended, false)));
  co_await std::move(ended);
}

}  // namespace temps::http
