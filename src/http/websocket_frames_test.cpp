#include "http/websocket_frames.hpp"

#include <gtest/gtest.h>

#include "http/websocket_errors.hpp"

namespace temps::http {
namespace {

constexpr std::string_view mask = "\x37\xfa\x21\x3d";

Result<std::optional<Frame>> take(std::string_view bytes, Masking expected = Masking::plain) {
  return take_frame(bytes, expected);
}
bool is_refused(std::string_view bytes, Masking expected = Masking::plain) {
  const auto taken = take(bytes, expected);
  return !taken && taken.error().is(errors::bad_frame);
}

// The examples of RFC 6455, 5.7.
TEST(WebSocketFrames, AreReadAsTheStandardShowsThem) {
  const auto plain = take("\x81\x05Hello");
  ASSERT_TRUE(plain && *plain);
  EXPECT_EQ((*plain)->opcode, Opcode::text);
  EXPECT_TRUE((*plain)->is_last);
  EXPECT_EQ((*plain)->payload, "Hello");
  const auto masked = take("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", Masking::masked);
  ASSERT_TRUE(masked && *masked);
  EXPECT_EQ((*masked)->payload, "Hello");
  const auto piece = take(std::string_view("\x01\x03Hel", 5));
  ASSERT_TRUE(piece && *piece);
  EXPECT_FALSE((*piece)->is_last);
}

TEST(WebSocketFrames, AreWrittenAsTheStandardShowsThem) {
  EXPECT_EQ(frame_bytes({.opcode = Opcode::text, .payload = "Hello"}), "\x81\x05Hello");
  EXPECT_EQ(frame_bytes({.opcode = Opcode::text, .payload = "Hello"}, mask),
            "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  EXPECT_EQ(frame_bytes({.opcode = Opcode::binary, .payload = std::string(256, 'x')}).substr(0, 4),
            std::string_view("\x82\x7e\x01\x00", 4));
}

TEST(WebSocketFrames, OfEverySizeComeBackAsTheyWere) {
  for (const std::size_t size : {0UZ, 1UZ, 125UZ, 126UZ, 127UZ, 1000UZ, frame_bytes_max}) {
    for (const auto key : {std::string_view{}, mask}) {
      const Frame frame{.payload = std::string(size, 'x')};
      const auto bytes = frame_bytes(frame, key);
      std::string_view left = bytes;
      const auto taken = take_frame(left, key.empty() ? Masking::plain : Masking::masked);
      ASSERT_TRUE(taken && *taken) << size;
      EXPECT_EQ((*taken)->payload, frame.payload);
      EXPECT_TRUE(left.empty());
    }
  }
}

TEST(WebSocketFrames, WaitForTheRestAndTakeNoMoreThanTheirOwn) {
  const std::string bytes = frame_bytes({.payload = std::string(300, 'x')}, mask);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto taken = take(std::string_view(bytes).substr(0, i), Masking::masked);
    ASSERT_TRUE(taken.has_value() && !*taken) << i;
  }
  std::string_view two =
      "\x89\x01"
      "a\x8a\x01"
      "b";
  const auto ping = take_frame(two, Masking::plain);
  ASSERT_TRUE(ping && *ping);
  EXPECT_EQ((*ping)->opcode, Opcode::ping);
  EXPECT_EQ(two,
            "\x8a\x01"
            "b");
}

TEST(WebSocketFrames, ThatBreakARuleAreRefusedByTheirHead) {
  EXPECT_TRUE(is_refused("\xc1\x05Hello"));                          // a reserved bit
  EXPECT_TRUE(is_refused("\x83\x05"));                               // an unknown kind
  EXPECT_TRUE(is_refused("\x8b\x05"));                               // an unknown control frame
  EXPECT_TRUE(is_refused("\x81\x85\x37\xfa\x21\x3d"));               // masked by a server
  EXPECT_TRUE(is_refused("\x81\x05Hello", Masking::masked));         // not masked by a client
  EXPECT_TRUE(is_refused(std::string_view("\x09\x01", 2)));          // a ping in pieces
  EXPECT_TRUE(is_refused(std::string_view("\x89\x7e\x00\x7e", 4)));  // a ping of 126 bytes
}

TEST(WebSocketFrames, AreRefusedAsTooLargeBeforeTheyHaveCome) {
  for (const auto& head :
       {std::string("\x82\x7e\xff\xff", 4), std::string("\x82\x7f") + std::string(8, '\xff')}) {
    const auto taken = take(head);
    ASSERT_FALSE(taken);
    EXPECT_TRUE(taken.error().is(errors::frame_too_large));
  }
}

TEST(WebSocketFrames, TellWhyTheyClose) {
  EXPECT_EQ(close_status("\x03\xe8"), 1000);
  EXPECT_EQ(close_status("\x03\xe9going away"), 1001);
  EXPECT_EQ(close_status(""), 1005);
}

}  // namespace
}  // namespace temps::http
