// A bounded stand-in for fuzzing that runs with the unit tests: mutations of real messages, always
// the same ones, each read whole and in pieces.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>

#include "http1/body.hpp"
#include "http1/http1.hpp"

namespace temps::http1 {
namespace {

constexpr int mutations = 20'000;

constexpr std::array<std::string_view, 5> seeds{
    "GET /a?b=c HTTP/1.1\r\nHost: shop.test:80\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n",
    "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "HTTP/1.0 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n",
    "5;a=b\r\nhello\r\n1F\r\n0123456789012345678901234567890\r\n0\r\nA: b\r\n\r\n",
};

class Mutator {
 public:
  std::string next() {
    std::string text(seeds[pick(seeds.size())]);
    for (auto times = pick(4) + 1; times > 0 && !text.empty(); --times) mutate(text);
    return text;
  }
  std::size_t pick(std::size_t below) { return random_() % below; }

 private:
  void mutate(std::string& text) {
    static constexpr std::string_view bytes{"\r\n\0 \t:,;/x0", 11};
    const auto at = pick(text.size());
    switch (pick(5)) {
      case 0:
        text[at] = static_cast<char>(pick(256));
        break;
      case 1:
        text.insert(at, 1, bytes[pick(bytes.size())]);
        break;
      case 2:
        text.erase(at, pick(8) + 1);
        break;
      case 3:
        text.insert(at, text.substr(pick(text.size()), pick(20)));
        break;
      default:
        text.resize(at);
        break;
    }
  }
  std::mt19937 random_{20240229};  // NOLINT: the same mutations in every run
};

template <class Feed>
void expect_same_in_pieces(const std::string& text, Mutator& mutator, Feed make) {
  auto whole = make();
  const auto expected = whole.feed(text);
  auto parts = make();
  auto progress = Progress::need_more;
  for (std::size_t size = 0; size < text.size() && progress == Progress::need_more;) {
    size = std::min(text.size(), size + 1 + mutator.pick(9));
    const std::string moved(text, 0, size);
    progress = parts.feed(moved);
  }
  ASSERT_EQ(progress, text.empty() ? Progress::need_more : expected) << text;
  if (progress == Progress::failed) ASSERT_EQ(parts.reason(), whole.reason()) << text;
  if (progress == Progress::complete) ASSERT_LE(whole.length(), text.size()) << text;
}

struct Requests {
  RequestParser parser;
  Progress feed(std::string_view text) { return parser.feed(text); }
  [[nodiscard]] std::string_view reason() const { return parser.failure().reason; }
  [[nodiscard]] std::size_t length() const { return parser.head().length; }
};

struct Responses {
  ResponseParser parser;
  Progress feed(std::string_view text) { return parser.feed(text, Method::get); }
  [[nodiscard]] std::string_view reason() const { return parser.failure().reason; }
  [[nodiscard]] std::size_t length() const { return parser.head().length; }
};

TEST(Mutations, HeadsReadTheSameWholeAndInPieces) {
  Mutator mutator;
  for (int i = 0; i < mutations; ++i) {
    const auto text = mutator.next();
    expect_same_in_pieces(text, mutator, [] { return Requests{}; });
    expect_same_in_pieces(text, mutator, [] { return Responses{}; });
  }
}

std::string chunked_data(std::string_view input, std::size_t step, BodyState& state) {
  BodyDecoder body(Framing::chunked, 0);
  std::string data;
  while (!input.empty()) {
    const auto taken = body.next(input.substr(0, step));
    EXPECT_LE(taken.consumed, step);
    data += taken.data;
    state = taken.state == BodyState::more ? BodyState::need_more : taken.state;
    if (state != BodyState::need_more) break;
    input.remove_prefix(taken.consumed);
  }
  return data;
}

TEST(Mutations, ChunksReadTheSameWholeAndInPieces) {
  Mutator mutator;
  for (int i = 0; i < mutations; ++i) {
    const auto text = mutator.next();
    auto whole_state = BodyState::need_more;
    auto part_state = BodyState::need_more;
    const auto whole = chunked_data(text, text.size() + 1, whole_state);
    const auto parts = chunked_data(text, 1 + mutator.pick(5), part_state);
    ASSERT_EQ(part_state, whole_state) << text;
    ASSERT_EQ(parts, whole) << text;
  }
}

}  // namespace
}  // namespace temps::http1
