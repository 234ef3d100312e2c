#include "http1/body.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace temps::http1 {
namespace {

struct Outcome {
  BodyState state = BodyState::need_more;
  std::string data;
  std::string rest;
};

// Feeds `input` in pieces of `step` bytes.
Outcome decoded(std::string_view input, std::size_t step, BodyDecoder body) {
  Outcome outcome;
  while (true) {
    auto piece = input.substr(0, step);
    while (true) {
      const auto taken = body.next(piece);
      outcome.state = taken.state;
      outcome.data += taken.data;
      piece.remove_prefix(taken.consumed);
      input.remove_prefix(taken.consumed);
      if (taken.state != BodyState::more) break;
    }
    if (outcome.state != BodyState::need_more || input.empty()) break;
  }
  outcome.rest = input;
  return outcome;
}

BodyDecoder chunked() { return {Framing::chunked, 0}; }

TEST(BodyDecoder, TakesExactlyTheContentLength) {
  for (const std::size_t step : {1U, 2U, 100U}) {
    const auto outcome = decoded("hellorest", step, {Framing::content_length, 5});
    EXPECT_EQ(outcome.state, BodyState::done);
    EXPECT_EQ(outcome.data, "hello");
    EXPECT_EQ(outcome.rest, "rest");
  }
  EXPECT_TRUE(BodyDecoder(Framing::content_length, 0).is_done());
  EXPECT_TRUE(BodyDecoder().is_done());
}

TEST(BodyDecoder, JoinsChunksAndDropsExtensionsAndTrailers) {
  const std::string_view body =
      "5\r\nhello\r\n00A;name=\"v\"\r\n0123456789\r\n0\r\nTrailer: x\r\nOther:\r\n\r\nnext";
  for (const std::size_t step : {1U, 2U, 3U, 7U, 1000U}) {
    const auto outcome = decoded(body, step, chunked());
    EXPECT_EQ(outcome.state, BodyState::done) << step;
    EXPECT_EQ(outcome.data, "hello0123456789");
    EXPECT_EQ(outcome.rest, "next");
  }
}

TEST(BodyDecoder, RefusesChunksThatAreNotWellFormed) {
  const std::vector<std::string> bad{
      "\r\n",
      "g\r\n",
      " 5\r\nhello\r\n",
      "5 \r\nhello\r\n",
      "+5\r\nhello\r\n",
      "-5\r\nhello\r\n",
      "0x5\r\nhello\r\n",
      "5\nhello\r\n",
      "5\rhello\r\n",
      "5\r\nhello\n0\r\n\r\n",
      "5\r\nhello0\r\n\r\n",
      "5\r\nhello\r0\r\n\r\n",
      "5\r\nhello!\r\n0\r\n\r\n",
      "5;a\nhello\r\n",
      "5;a\x01\r\nhello\r\n",
      "5;" + std::string(300, 'a') + "\r\nhello\r\n",
      "1000000000000000\r\n",
      "FFFFFFFFFFFFFFFFF\r\n",
      "0\r\n\n",
      "0\n\r\n",
      "0\r\n Folded: x\r\n\r\n",
      "0\r\nNo-Colon\r\n\r\n",
      "0\r\n: x\r\n\r\n",
      "0\r\nA: b\n\r\n",
      "0\r\nA: " + std::string(9000, 'b') + "\r\n\r\n",
      "0\r\nA: b\r\n\rX",
  };
  for (const auto& body : bad)
    for (const std::size_t step : {1U, 1000U, 20000U}) {
      const auto outcome = decoded(body, step, chunked());
      EXPECT_EQ(outcome.state, BodyState::failed) << body.substr(0, 40);
    }
}

TEST(BodyDecoder, OnlyABodyWithoutLengthMayEndWithTheConnection) {
  BodyDecoder rest(Framing::until_close, 0);
  EXPECT_EQ(rest.next("abc").data, "abc");
  EXPECT_TRUE(rest.may_end_here());
  BodyDecoder counted(Framing::content_length, 5);
  static_cast<void>(counted.next("abc"));
  EXPECT_FALSE(counted.may_end_here());
  EXPECT_EQ(counted.announced(), 2U);
  auto chunks = chunked();
  static_cast<void>(chunks.next("3\r\nabc\r\n"));
  EXPECT_FALSE(chunks.may_end_here());
}

TEST(BodyDecoder, BytesTakenByOtherMeansCount) {
  BodyDecoder counted(Framing::content_length, 10);
  counted.skip(4);
  EXPECT_EQ(counted.announced(), 6U);
  counted.skip(6);
  EXPECT_TRUE(counted.is_done());
  auto chunks = chunked();
  static_cast<void>(chunks.next("5\r\n"));
  chunks.skip(5);
  EXPECT_EQ(chunks.next("\r\n0\r\n\r\n").state, BodyState::done);
}

TEST(BodyDecoder, HandsOutTrailerFieldsAsTheyCome) {
  const std::string body = "3\r\nabc\r\n0\r\nA: 1\r\nB: 2\r\n\r\nGET";
  for (const std::size_t step : {1U, 2U, 7U, 1000U}) {
    auto decoder = chunked();
    std::string trailers;
    std::string data;
    std::string_view rest = body;
    auto state = BodyState::more;
    while (state != BodyState::done) {
      const auto taken = decoder.next(rest.substr(0, step));
      ASSERT_NE(taken.state, BodyState::failed);
      trailers += taken.trailers;
      data += taken.data;
      rest.remove_prefix(taken.consumed);
      state = taken.state;
    }
    EXPECT_EQ(data, "abc");
    EXPECT_EQ(trailers, "A: 1\r\nB: 2\r\n\r\n");
    EXPECT_EQ(rest, "GET");
  }
}

TEST(ChunkHeader, WritesTheSizeInHexadecimal) {
  EXPECT_EQ(ChunkHeader(0x1a2b).text(), "1a2b\r\n");
  EXPECT_EQ(ChunkHeader(1).text(), "1\r\n");
  EXPECT_EQ(ChunkHeader(~std::uint64_t{0}).text(), "ffffffffffffffff\r\n");
}

}  // namespace
}  // namespace temps::http1
