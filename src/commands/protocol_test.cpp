#include "commands/protocol.hpp"

#include <gtest/gtest.h>

#include "commands/errors.hpp"

namespace temps::commands {
namespace {

TEST(CommandProtocol, ControlComesBackAsItWas) {
  const auto sent = to_message(Control{.said = Said::resize, .columns = 100, .rows = 30});
  EXPECT_TRUE(sent.is_text);
  const auto got = to_control(sent);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->said, Said::resize);
  EXPECT_EQ(got->columns, 100);
  EXPECT_EQ(got->rows, 30);
  EXPECT_FALSE(got->code);
}

TEST(CommandProtocol, BytesComeBackWithTheirStream) {
  const auto got = to_piece(to_message(Stream::error, std::string_view("a\0b", 3)));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->stream, Stream::error);
  EXPECT_EQ(got->bytes, std::string("a\0b", 3));
}

TEST(CommandProtocol, OtherMessagesAreRefused) {
  for (const auto* text : {"", "{}x", R"({"said":"dance"})", R"({"said":"taken","bytes":-1})"}) {
    const auto got = to_control({.is_text = true, .bytes = text});
    EXPECT_TRUE(!got && got.error().is(errors::bad_message)) << text;
  }
  EXPECT_FALSE(to_piece({.bytes = ""}));
  EXPECT_FALSE(to_piece({.bytes = "\x03more"}));
}

TEST(CommandProtocol, AWindowGrantsWhatWasTaken) {
  Window window;
  window.sent(window_bytes);
  EXPECT_EQ(window.left(), 0U);
  EXPECT_TRUE(window.taken(1000));
  EXPECT_EQ(window.left(), 1000U);
  EXPECT_FALSE(window.taken(window_bytes));
}

}  // namespace
}  // namespace temps::commands
