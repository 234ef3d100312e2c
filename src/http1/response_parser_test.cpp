#include <gtest/gtest.h>

#include <string>

#include "http1/date.hpp"
#include "http1/http1.hpp"

namespace temps::http1 {
namespace {

ResponseHead parsed(std::string_view message, Method request = Method::get) {
  ResponseParser parser;
  EXPECT_EQ(parser.feed(message, request), Progress::complete) << parser.failure().reason;
  return parser.head();
}

TEST(ResponseParser, ReadsStatusAndReason) {
  const auto head = parsed("HTTP/1.1 404 Not Found Here\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_EQ(head.status, 404);
  EXPECT_EQ(head.reason, "Not Found Here");
  EXPECT_EQ(head.framing, Framing::content_length);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(parsed("HTTP/1.1 200 \r\n\r\n").reason, "");
  EXPECT_EQ(parsed("HTTP/1.1 200\r\n\r\n").status, 200);
}

TEST(ResponseParser, FindsTheEndOfTheBodyAsSection63Says) {
  const std::string length = "Content-Length: 5\r\n\r\n";
  EXPECT_EQ(parsed("HTTP/1.1 200 OK\r\n" + length).framing, Framing::content_length);
  EXPECT_EQ(parsed("HTTP/1.1 200 OK\r\n" + length, Method::head).framing, Framing::none);
  EXPECT_EQ(parsed("HTTP/1.1 304 X\r\n" + length).framing, Framing::none);
  EXPECT_EQ(parsed("HTTP/1.1 304 X\r\n" + length).content_length, 5U);
  EXPECT_EQ(parsed("HTTP/1.1 204 X\r\n" + length).framing, Framing::none);
  EXPECT_EQ(parsed("HTTP/1.1 101 X\r\n\r\n").framing, Framing::none);
  EXPECT_EQ(parsed("HTTP/1.1 200 X\r\n" + length, Method::connect).framing, Framing::none);
  EXPECT_EQ(parsed("HTTP/1.1 407 X\r\n" + length, Method::connect).framing,
            Framing::content_length);
  EXPECT_EQ(parsed("HTTP/1.1 200 X\r\nTransfer-Encoding: Chunked\r\n\r\n").framing,
            Framing::chunked);
  const auto rest = parsed("HTTP/1.1 200 X\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(rest.framing, Framing::until_close);
  EXPECT_FALSE(rest.keep_alive);
}

TEST(ResponseParser, RefusesWhatCouldBeReadInTwoWays) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  for (const auto& message : {std::string("HTTP/2 200 OK\r\n\r\n"),
                              std::string("HTTP/1.2 200 OK\r\n\r\n"),
                              std::string("HTTP/1.1 20 OK\r\n\r\n"),
                              std::string("HTTP/1.1 2000 OK\r\n\r\n"),
                              std::string("HTTP/1.1  200 OK\r\n\r\n"),
                              std::string("HTTP/1.1 099 OK\r\n\r\n"),
                              std::string("ICY 200 OK\r\n\r\n"),
                              std::string("HTTP/1.1 200 O\x01K\r\n\r\n"),
                              ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
                              ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                              ok + "Transfer-Encoding: gzip\r\n\r\n",
                              ok + "A : b\r\n\r\n",
                              ok + "A: b\r\n c\r\n\r\n",
                              ok + "A: b\n\r\n",
                              ok + "A: b\r\n\n",
                              ok + "Set-Cookie: a\rb\r\n\r\n",
                              std::string("HTTP/1.1 200 OK\n\r\n"),
                              std::string("\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
                              "HTTP/1.1 200 " + std::string(5000, 'x'),
                              ok + "A: " + std::string(40'000, 'x')}) {
    ResponseParser parser;
    EXPECT_EQ(parser.feed(message, Method::get), Progress::failed) << message.substr(0, 80);
    ResponseParser bytewise;
    auto progress = Progress::need_more;
    for (std::size_t n = 1; n <= message.size() && progress == Progress::need_more; ++n)
      progress = bytewise.feed(std::string_view(message).substr(0, n), Method::get);
    EXPECT_EQ(progress, Progress::failed);
    EXPECT_EQ(bytewise.failure().reason, parser.failure().reason);
  }
}

TEST(ResponseParser, ReadsInterimAndFinalResponsesInTurn) {
  const std::string message =
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  ResponseParser parser;
  ASSERT_EQ(parser.feed(message, Method::get), Progress::complete);
  EXPECT_EQ(parser.head().status, 103);
  const auto rest = std::string_view(message).substr(parser.head().length);
  parser.reset();
  ASSERT_EQ(parser.feed(rest, Method::get), Progress::complete);
  EXPECT_EQ(parser.head().status, 200);
  EXPECT_EQ(parser.head().fields.size(), 1U);
}

TEST(Date, WritesAndReadsTheExampleOfTheStandard) {
  const auto time = std::chrono::sys_seconds{std::chrono::seconds{784'111'777}};
  const auto text = http_date(time);
  EXPECT_EQ(text_of(text), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(parse_http_date(text_of(text)), time);
}

TEST(Date, IgnoresWhatIsNotADate) {
  for (const std::string_view text :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 ovD 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT"})
    EXPECT_FALSE(parse_http_date(text).has_value()) << text;
}

}  // namespace
}  // namespace temps::http1
