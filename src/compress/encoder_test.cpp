#include "compress/encoder.hpp"

#include <brotli/decode.h>
#include <gtest/gtest.h>

#include "compress/compress.hpp"

namespace temps::compress {
namespace {

constexpr std::size_t limit = 64UL << 20U;

std::string unbrotli(std::string_view bytes) {
  std::string out;
  auto* state = ::BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
  const auto* next = reinterpret_cast<const std::uint8_t*>(bytes.data());
  auto left = bytes.size();
  for (;;) {
    std::array<std::uint8_t, 4096> chunk;
    auto* to = chunk.data();
    auto room = chunk.size();
    const auto outcome = ::BrotliDecoderDecompressStream(state, &left, &next, &room, &to, nullptr);
    out.append(reinterpret_cast<const char*>(chunk.data()), chunk.size() - room);
    if (outcome != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) break;
  }
  ::BrotliDecoderDestroyInstance(state);
  return out;
}

std::string decoded(Coding coding, std::string_view bytes) {
  switch (coding) {
    case Coding::gzip:
      return gunzip(bytes, limit).value();
    case Coding::brotli:
      return unbrotli(bytes);
    case Coding::zstd:
      return unzstd(bytes, limit).value();
  }
  return {};
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 50'000; ++i) text += "line " + std::to_string(i * 7919) + " of the text\n";
  return text;
}

class EncoderTest : public testing::TestWithParam<Coding> {};

TEST_P(EncoderTest, GivesBackWhatWentIn) {
  for (const auto& text : {std::string(), std::string("a"), long_text()})
    for (const auto effort : {Effort::now, Effort::once})
      EXPECT_EQ(decoded(GetParam(), encode(GetParam(), text, effort)), text);
  EXPECT_LT(encode(GetParam(), long_text(), Effort::now).size(), long_text().size() / 3);
}

TEST_P(EncoderTest, AFlushMakesAllThatWasAddedReadable) {
  const auto encoder = Encoder::make(GetParam(), Effort::now);
  std::string out;
  encoder->add("first", out);
  encoder->flush(out);
  const auto first = out.size();
  EXPECT_GT(first, 0U);
  if (GetParam() == Coding::brotli) {
    EXPECT_EQ(unbrotli(out), "first");
  }
  encoder->flush(out);
  encoder->add(" second", out);
  encoder->finish(out);
  EXPECT_EQ(decoded(GetParam(), out), "first second");
}

INSTANTIATE_TEST_SUITE_P(Codings, EncoderTest,
                         testing::Values(Coding::gzip, Coding::brotli, Coding::zstd));

}  // namespace
}  // namespace temps::compress
