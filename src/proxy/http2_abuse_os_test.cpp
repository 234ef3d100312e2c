// HTTP/2 clients that make the proxy work without asking for anything: their connection ends, while
// that of others goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <functional>
#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using namespace std::string_literals;

constexpr std::uint32_t calm = NGHTTP2_ENHANCE_YOUR_CALM;

std::string number(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xffU);
  return text;
}
std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                  const std::string& payload) {
  return number(static_cast<std::uint32_t>(payload.size()), 3) + static_cast<char>(type) +
         static_cast<char>(flags) + number(stream, 4) + payload;
}
std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// HPACK: GET and https from the static table, :authority and :path written out.
const std::string request_block = "\x82\x87\x01\x09shop.test\x04\x02/a"s;
const std::string upload_block = "\x83\x87\x01\x09shop.test\x04\x02/a"s;
constexpr std::uint8_t end_headers = 4;
constexpr std::uint8_t end_stream = 1;

std::string request(std::uint32_t stream) {
  return frame(NGHTTP2_HEADERS, end_headers | end_stream, stream, request_block);
}
std::string upload(std::uint32_t stream) {
  return frame(NGHTTP2_HEADERS, end_headers, stream, upload_block);
}

// Writes frames as they are, and reads what comes back between them.
class RawClient {
 public:
  explicit RawClient(TlsPeer& tls) : tls_(tls) {
    EXPECT_TRUE(
        tls_.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s + frame(NGHTTP2_SETTINGS, 0, 0, "")));
  }
  // False when the connection has ended.
  bool write(const std::string& frames) {
    if (!tls_.write(frames)) read_to_end();
    pollfd ready{.fd = tls_.socket().fd(), .events = POLLIN, .revents = 0};
    while (is_open_ && ::poll(&ready, 1, 0) > 0) read();
    return is_open_;
  }
  bool read() {
    const auto text = tls_.read_some();
    if (text.empty()) return is_open_ = false;
    input_ += text;
    take_frames();
    return true;
  }
  // Writes `piece` again and again, and a request behind them; true when the connection ends before
  // that is answered.
  bool is_stopped_by(const std::string& piece, int times) {
    constexpr std::uint32_t last_stream = 1'000'001;
    for (int i = 0; i < times; ++i)
      if (!write(piece)) return true;
    const auto answers = count(NGHTTP2_HEADERS);
    write(request(last_stream));
    while (count(NGHTTP2_HEADERS) == answers)
      if (!read()) return true;
    return false;
  }
  void read_to_end() {
    while (read()) {
    }
  }
  // Of the frames that came: how many of a type, and what GOAWAY said.
  [[nodiscard]] int count(std::uint8_t type) const { return counts_[type]; }
  [[nodiscard]] std::uint32_t goaway_code() const { return goaway_code_; }

 private:
  void take_frames() {
    constexpr std::size_t head = 9;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(input_[i]); };
    while (input_.size() >= head) {
      const std::size_t length = at(0) * 65536U + at(1) * 256U + at(2);
      if (input_.size() < head + length) return;
      ++counts_[at(3)];
      if (at(3) == NGHTTP2_GOAWAY)
        goaway_code_ = at(13) * 16777216U + at(14) * 65536U + at(15) * 256U + at(16);
      input_.erase(0, head + length);
    }
  }

  TlsPeer& tls_;
  std::string input_;
  std::array<int, 256> counts_{};
  std::uint32_t goaway_code_ = NGHTTP2_NO_ERROR;
  bool is_open_ = true;
};

class Http2Abuse : public ProxyTest {
 protected:
  Origin origin{answering([](const Message&) { return response("hello"); })};
  std::unique_ptr<TlsPeer> tls;
  std::unique_ptr<RawClient> client;

  void SetUp() override {
    add_app("shop.test", {origin.address()});
    table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
    threads = 1;
  }
  void serve() {
    start();
    connect();
  }
  void connect() {
    client.reset();
    tls = open();
    client = std::make_unique<RawClient>(*tls);
  }
  std::unique_ptr<TlsPeer> open() {
    auto opened =
        std::make_unique<TlsPeer>(tls_address(), TlsWish{.name = "shop.test", .protocols = {"h2"}});
    EXPECT_TRUE(opened->shake_hands());
    return opened;
  }
  // Somebody else, on the same loop.
  void expect_others_are_served() {
    const auto other = open();
    Http2Peer peer(*other);
    EXPECT_EQ(peer.ask(Http2Peer::get("/")).status, 200);
  }
  // A flood of `piece`, 100 at a time, ends the connection, and the client is told why.
  void expect_calmed(const std::string& piece, int hundreds) {
    EXPECT_TRUE(client->is_stopped_by(repeated(piece, 100), hundreds));
    EXPECT_EQ(client->goaway_code(), calm);
    expect_others_are_served();
  }
};

TEST_F(Http2Abuse, PingsThatAreAnsweredAreCounted) {
  serve();
  const auto pings = repeated(frame(NGHTTP2_PING, 0, 0, "12345678"), 100);
  bool is_open = true;
  for (int i = 1; i <= 100 && is_open; ++i) {
    is_open = client->write(pings);
    while (is_open && client->count(NGHTTP2_PING) < 100 * i) is_open = client->read();
  }
  EXPECT_FALSE(is_open);
  EXPECT_EQ(client->goaway_code(), calm);
  EXPECT_GE(client->count(NGHTTP2_PING), 900);
  expect_others_are_served();
}

TEST_F(Http2Abuse, PingsWhoseAnswersAreNotTakenEnd) {
  serve();
  bool is_open = true;
  for (int i = 0; i < 10'000 && is_open; ++i)
    is_open = tls->write(repeated(frame(NGHTTP2_PING, 0, 0, "12345678"), 100));
  EXPECT_FALSE(is_open);
  expect_others_are_served();
}

TEST_F(Http2Abuse, Settings) {
  serve();
  expect_calmed(
      frame(NGHTTP2_SETTINGS, 0, 0, number(NGHTTP2_SETTINGS_MAX_FRAME_SIZE, 2) + number(16384, 4)),
      1000);
}

TEST_F(Http2Abuse, Priorities) {
  serve();
  expect_calmed(frame(NGHTTP2_PRIORITY, 0, 3, number(0, 4) + "\x10"), 1000);
}

TEST_F(Http2Abuse, WindowsThatOpenByNothingMuch) {
  serve();
  expect_calmed(frame(NGHTTP2_WINDOW_UPDATE, 0, 0, number(1, 4)), 1000);
}

TEST_F(Http2Abuse, EmptyData) {
  serve();
  client->write(upload(1));
  expect_calmed(frame(NGHTTP2_DATA, 0, 1, ""), 1000);
  connect();
  client->write(upload(1));
  expect_calmed(frame(NGHTTP2_DATA, NGHTTP2_FLAG_PADDED, 1, "\x05" + std::string(5, '\0')), 1000);
}

TEST_F(Http2Abuse, FramesOfUnknownTypes) {
  serve();
  expect_calmed(frame(0xbb, 0, 0, std::string(1000, 'x')), 1000);
}

TEST_F(Http2Abuse, RapidReset) {
  serve();
  bool is_stopped = false;
  for (std::uint32_t id = 1; id < 20'000 && !is_stopped; id += 2)
    is_stopped = !client->write(request(id) + frame(NGHTTP2_RST_STREAM, 0, id, number(8, 4)));
  EXPECT_TRUE(is_stopped || client->is_stopped_by("", 1));
  expect_others_are_served();
}

// The server is made to reset the streams (CVE-2025-8671), by frames that are errors of the stream.
TEST_F(Http2Abuse, StreamsThatAreMadeToBeReset) {
  serve();
  const auto overflow = [](std::uint32_t id) {
    return upload(id) + frame(NGHTTP2_WINDOW_UPDATE, 0, id, number(0x7fffffff, 4));
  };
  const auto wrong_length = [](std::uint32_t id) {
    const auto block = upload_block + "\x00\x0e"s + "content-length\x01" + "1";
    return frame(NGHTTP2_HEADERS, end_headers, id, block) +
           frame(NGHTTP2_DATA, end_stream, id, "ab");
  };
  for (const std::function<std::string(std::uint32_t)>& error :
       {std::function<std::string(std::uint32_t)>(overflow),
        std::function<std::string(std::uint32_t)>(wrong_length)}) {
    connect();
    bool is_stopped = false;
    for (std::uint32_t id = 1; id < 20'000 && !is_stopped; id += 2)
      is_stopped = !client->write(error(id));
    EXPECT_TRUE(is_stopped || client->is_stopped_by("", 1));
    EXPECT_EQ(client->goaway_code(), calm);
    EXPECT_GE(client->count(NGHTTP2_RST_STREAM), 200);
    EXPECT_LE(client->count(NGHTTP2_RST_STREAM), 400);
    expect_others_are_served();
  }
}

TEST_F(Http2Abuse, AWindowOfTheConnectionThatOpensByZeroIsAnError) {
  serve();
  client->write(frame(NGHTTP2_WINDOW_UPDATE, 0, 0, number(0, 4)));
  client->read_to_end();
  EXPECT_EQ(client->goaway_code(), static_cast<std::uint32_t>(NGHTTP2_PROTOCOL_ERROR));
}

// An error ends the connection though an answer is still to come.
TEST_F(Http2Abuse, AnErrorDoesNotWaitForTheApp) {
  Origin silent([](Peer& peer) {
    peer.read_message();
    peer.read_rest();
  });
  add_app("shop.test", {silent.address()});
  table.routes.erase(table.routes.begin());
  serve();
  client->write(request(1));
  ASSERT_TRUE(eventually([&] { return in_flight("shop.test-1") == 1; }));
  client->write(frame(NGHTTP2_WINDOW_UPDATE, 0, 0, number(0, 4)));
  client->read_to_end();
  EXPECT_TRUE(eventually([&] { return in_flight("shop.test-1") == 0; }));
}

TEST_F(Http2Abuse, HeadsWithoutEnd) {
  serve();
  client->write(frame(NGHTTP2_HEADERS, end_stream, 1, request_block));
  // Literal fields, not indexed: "x: y".
  const auto more = frame(NGHTTP2_CONTINUATION, 0, 1, repeated("\x00\x01x\x01y"s, 200));
  EXPECT_TRUE(client->is_stopped_by(more, 10'000));
  connect();
  client->write(frame(NGHTTP2_HEADERS, end_stream, 1, request_block));
  EXPECT_TRUE(client->is_stopped_by(repeated(frame(NGHTTP2_CONTINUATION, 0, 1, ""), 100), 10'000));
  expect_others_are_served();
}

TEST_F(Http2Abuse, AHeadThatIsNotEndedIsNotWaitedForLong) {
  limits.header = std::chrono::milliseconds(200);
  serve();
  client->write(frame(NGHTTP2_HEADERS, end_stream, 1, request_block));
  client->read_to_end();
  EXPECT_EQ(client->count(NGHTTP2_HEADERS), 0);
}

// A field of 4 KB in the table, named again and again by one byte: 60 MB from a few frames.
TEST_F(Http2Abuse, FieldsThatGrowWhenUnpackedAreNotKept) {
  serve();
  const std::string value(3900, 'v');
  // A literal with indexing: its length is 127 and what is left of it in groups of seven bits.
  const auto left = static_cast<std::uint32_t>(value.size() - 127);
  const auto field = "\x40\x01x\x7f"s + static_cast<char>(0x80U | (left & 0x7fU)) +
                     static_cast<char>(left >> 7U) + value;
  client->write(frame(NGHTTP2_HEADERS, end_headers | end_stream, 1, request_block + field));
  const auto bomb = request_block + std::string(15'000, '\xbe');
  for (std::uint32_t id = 3; id < 43; id += 2)
    client->write(frame(NGHTTP2_HEADERS, end_headers | end_stream, id, bomb));
  while (client->count(NGHTTP2_HEADERS) < 21 && client->read()) {
  }
  EXPECT_EQ(client->count(NGHTTP2_HEADERS), 21);  // 431, on a connection that goes on
  EXPECT_EQ(origin.accepted(), 1);
  expect_others_are_served();
}

TEST_F(Http2Abuse, MoreStreamsThanAllowedAreRefused) {
  Origin silent([](Peer& peer) { peer.read_rest(); });
  add_app("shop.test", {silent.address()});
  table.routes.erase(table.routes.begin());
  serve();
  for (std::uint32_t id = 1; id < 2 * 150; id += 2) client->write(request(id));
  while (client->count(NGHTTP2_RST_STREAM) < 22 && client->read()) {
  }
  EXPECT_EQ(client->count(NGHTTP2_RST_STREAM), 22);
  EXPECT_LE(silent.accepted(), 128);
  // Once the client has acknowledged the limit, more are its error.
  client->write(frame(NGHTTP2_SETTINGS, 1, 0, ""));
  client->write(request(1001));
  client->read_to_end();
  EXPECT_EQ(client->goaway_code(), static_cast<std::uint32_t>(NGHTTP2_PROTOCOL_ERROR));
}

}  // namespace
}  // namespace temps::proxy::testing
