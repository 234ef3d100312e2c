#include "http1/http1.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace temps::http1 {
namespace {

std::string get(std::string_view fields) {
  return "GET /a?b=c HTTP/1.1\r\nHost: shop.test\r\n" + std::string(fields) + "\r\n";
}

struct Refusal {
  std::string_view why;
  int status;
  std::string message;
};

std::vector<Refusal> refused_requests() {
  const std::string host = "Host: shop.test\r\n\r\n";
  return {
      {"leading space", 400, " GET / HTTP/1.1\r\n" + host},
      {"two empty lines first", 400, "\r\n\r\nGET / HTTP/1.1\r\n" + host},
      {"bare CR first", 400, "\rGET / HTTP/1.1\r\n" + host},
      {"bare LF first", 400, "\nGET / HTTP/1.1\r\n" + host},
      {"TLS on the plain port", 400, "\x16\x03\x01"},
      {"no version", 400, "GET /\r\n" + host},
      {"no target", 400, "GET HTTP/1.1\r\n" + host},
      {"empty target", 400, "GET  HTTP/1.1\r\n" + host},
      {"two spaces before the version", 400, "GET /  HTTP/1.1\r\n" + host},
      {"space in the target", 400, "GET /a b HTTP/1.1\r\n" + host},
      {"tab as separator", 400, "GET\t/ HTTP/1.1\r\n" + host},
      {"trailing space", 400, "GET / HTTP/1.1 \r\n" + host},
      {"fragment", 400, "GET /a#b HTTP/1.1\r\n" + host},
      {"bytes above 127 in the target", 400, "GET /\xc3\xa4 HTTP/1.1\r\n" + host},
      {"method is not a token", 400, "G@T / HTTP/1.1\r\n" + host},
      {"lower-case version", 400, "GET / http/1.1\r\n" + host},
      {"version of three digits", 400, "GET / HTTP/1.10\r\n" + host},
      {"version without a point", 400, "GET / HTTP/11.\r\n" + host},
      {"HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\n"},
      {"HTTP/1.2", 505, "GET / HTTP/1.2\r\n" + host},
      {"HTTP/0.9", 505, "GET / HTTP/0.9\r\n" + host},
      {"HTTP/3", 505, "GET / HTTP/3.0\r\n" + host},
      {"relative target", 400, "GET a HTTP/1.1\r\n" + host},
      {"asterisk with GET", 400, "GET * HTTP/1.1\r\n" + host},
      {"authority form with GET", 400, "GET shop.test:80 HTTP/1.1\r\n" + host},
      {"CONNECT with a path", 400, "CONNECT / HTTP/1.1\r\n" + host},
      {"CONNECT without a port", 400, "CONNECT shop.test HTTP/1.1\r\n" + host},
      {"absolute target without a host", 400, "GET http:///a HTTP/1.1\r\n" + host},
      {"user in the target", 400, "GET http://me@shop.test/ HTTP/1.1\r\n" + host},
      {"another scheme", 400, "GET ftp://shop.test/ HTTP/1.1\r\n" + host},
      {"long method", 501, std::string(33, 'A') + " / HTTP/1.1\r\n" + host},
      {"long target", 414, "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + host},
      {"endless target", 414, "GET /" + std::string(20000, 'a')},
      {"bare LF after the request line", 400, "GET / HTTP/1.1\n" + host},
      {"bare LF after a field", 400, "GET / HTTP/1.1\r\nHost: shop.test\n\r\n"},
      {"bare LF at the end", 400, "GET / HTTP/1.1\r\nHost: shop.test\r\n\n"},
      {"bare CR in a value", 400, get("A: b\rc\r\n")},
      {"bare CR at the end of a value", 400, get("A: b\r\r\n")},
      {"NUL in a value", 400, get(std::string("A: b\0c\r\n", 8))},
      {"escape in a value", 400, get("A: \x1b[0m\r\n")},
      {"DEL in a value", 400, get("A: \x7f\r\n")},
      {"folded field", 400, get("A: b\r\n c\r\n")},
      {"folded first field", 400, "GET / HTTP/1.1\r\n Host: shop.test\r\n\r\n"},
      {"folded with a tab", 400, get("A: b\r\n\tc\r\n")},
      {"space before the colon", 400, get("Content-Length : 3\r\n")},
      {"tab before the colon", 400, get("A\t: b\r\n")},
      {"space in a name", 400, get("A b: c\r\n")},
      {"empty name", 400, get(": b\r\n")},
      {"no colon", 400, get("Ab\r\n")},
      {"name of bytes above 127", 400, get("\xc3\xa4: b\r\n")},
      {"NUL in a name", 400, get(std::string("A\0b: c\r\n", 8))},
      {"too many fields", 431, get([] {
         std::string many;
         for (int i = 0; i < 100; ++i) many += "A: b\r\n";
         return many;
       }())},
      {"one long field", 431, get("A: " + std::string(40'000, 'b') + "\r\n")},
      {"endless field", 431, "GET / HTTP/1.1\r\nA: " + std::string(70'000, 'b')},
      {"no Host", 400, "GET / HTTP/1.1\r\n\r\n"},
      {"Host twice", 400, get("Host: shop.test\r\n")},
      {"empty Host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
      {"Host with a path", 400, "GET / HTTP/1.1\r\nHost: shop.test/a\r\n\r\n"},
      {"Host with a user", 400, "GET / HTTP/1.1\r\nHost: me@shop.test\r\n\r\n"},
      {"Host with a list", 400, "GET / HTTP/1.1\r\nHost: a.test, b.test\r\n\r\n"},
      {"Host with a space", 400, "GET / HTTP/1.1\r\nHost: a.test b.test\r\n\r\n"},
      {"Host with two dots", 400, "GET / HTTP/1.1\r\nHost: a..test\r\n\r\n"},
      {"Host of dots", 400, "GET / HTTP/1.1\r\nHost: .\r\n\r\n"},
      {"Host with a bad port", 400, "GET / HTTP/1.1\r\nHost: a.test:8x\r\n\r\n"},
      {"Host with a large port", 400, "GET / HTTP/1.1\r\nHost: a.test:65536\r\n\r\n"},
      {"Host with two ports", 400, "GET / HTTP/1.1\r\nHost: a.test:1:2\r\n\r\n"},
      {"Host with a signed port", 400, "GET / HTTP/1.1\r\nHost: a.test:-1\r\n\r\n"},
      {"Host with an open bracket", 400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"},
      {"Host with a bracketed name", 400, "GET / HTTP/1.1\r\nHost: [shop]\r\n\r\n"},
      {"bad Host beside an absolute target", 400,
       "GET http://a.test/ HTTP/1.1\r\nHost: a b\r\n\r\n"},
      {"differing lengths", 400, get("Content-Length: 3\r\nContent-Length: 4\r\n")},
      {"the same length twice", 400, get("Content-Length: 3\r\nContent-Length: 3\r\n")},
      {"list of lengths", 400, get("Content-Length: 3, 3\r\n")},
      {"signed length", 400, get("Content-Length: +3\r\n")},
      {"negative length", 400, get("Content-Length: -3\r\n")},
      {"hexadecimal length", 400, get("Content-Length: 0x3\r\n")},
      {"empty length", 400, get("Content-Length:\r\n")},
      {"length with a space inside", 400, get("Content-Length: 1 2\r\n")},
      {"length above 2^63", 400, get("Content-Length: 99999999999999999999\r\n")},
      {"length and coding", 400, get("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n")},
      {"coding and length", 400, get("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n")},
      {"chunked is not the last", 400, get("Transfer-Encoding: chunked, gzip\r\n")},
      {"chunked twice", 400, get("Transfer-Encoding: chunked, chunked\r\n")},
      {"chunked in two fields", 400,
       get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")},
      {"coding after chunked in a second field", 400,
       get("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")},
      {"no chunked at all", 400, get("Transfer-Encoding: gzip\r\n")},
      {"identity", 400, get("Transfer-Encoding: identity\r\n")},
      {"empty coding", 400, get("Transfer-Encoding:\r\n")},
      {"coding of commas", 400, get("Transfer-Encoding: ,,\r\n")},
      {"almost chunked", 400, get("Transfer-Encoding: xchunked\r\n")},
      {"chunked with a parameter", 400, get("Transfer-Encoding: chunked;a=b\r\n")},
      {"quoted chunked", 400, get("Transfer-Encoding: \"chunked\"\r\n")},
      {"vertical tab before chunked", 400, get("Transfer-Encoding: \vchunked\r\n")},
      {"another coding before chunked", 501, get("Transfer-Encoding: gzip, chunked\r\n")},
      {"coding in HTTP/1.0", 400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"},
      {"unknown expectation", 417, get("Expect: a-miracle\r\n")},
  };
}

// All that a caller can see of a head, to compare two ways of feeding.
std::string described(const RequestParser& parser, Progress progress) {
  if (progress == Progress::failed)
    return "failed " + std::to_string(parser.failure().status) +
           std::string(parser.failure().reason);
  if (progress == Progress::need_more) return "need more";
  const auto& head = parser.head();
  std::string text(head.method_text);
  for (const auto part :
       {head.target, head.path, head.query, head.authority, head.host, head.port, head.upgrade})
    text += "|" + std::string(part);
  text += "|" + std::to_string(static_cast<int>(head.framing)) + "|" +
          std::to_string(head.content_length) + "|" + std::to_string(head.length) +
          (head.keep_alive ? "k" : "") + (head.expect_continue ? "e" : "") +
          (head.connection_names ? "n" : "");
  for (const auto& field : head.fields)
    text += "|" + std::string(field.name) + "=" + std::string(field.value);
  return text;
}

// Feeds ever longer copies, each in another place, as a growing buffer does.
std::string fed_bytewise(std::string_view message) {
  RequestParser parser;
  std::string previous;
  std::string buffer;
  auto progress = Progress::need_more;
  for (std::size_t size = 1; size <= message.size() && progress == Progress::need_more; ++size) {
    std::string longer(message.substr(0, size));
    buffer.swap(longer);
    progress = parser.feed(buffer);
    previous.swap(longer);
  }
  return described(parser, progress);
}

std::string fed_whole(std::string_view message) {
  RequestParser parser;
  const auto progress = parser.feed(message);
  return described(parser, progress);
}

RequestHead parsed(std::string message) {
  static std::deque<std::string> kept;  // the head is views into it
  RequestParser parser;
  EXPECT_EQ(parser.feed(kept.emplace_back(std::move(message))), Progress::complete)
      << parser.failure().reason;
  return parser.head();
}

TEST(RequestParser, RefusesWhatRfc9112SaysToRefuse) {
  for (const auto& [why, status, message] : refused_requests()) {
    RequestParser parser;
    EXPECT_EQ(parser.feed(message), Progress::failed) << why;
    EXPECT_EQ(parser.failure().status, status) << why << ": " << parser.failure().reason;
    EXPECT_FALSE(parser.failure().reason.empty()) << why;
  }
}

TEST(RequestParser, RefusesTheSameWhenFedByteByByte) {
  for (const auto& refusal : refused_requests()) {
    if (refusal.message.size() > 4000) continue;
    EXPECT_EQ(fed_bytewise(refusal.message), fed_whole(refusal.message)) << refusal.why;
  }
}

TEST(RequestParser, ReadsTheSameWhenFedByteByByte) {
  const std::vector<std::string> messages{
      get(""),
      "\r\n" + get("Accept: */*\r\nX-Empty:\r\n"),
      "POST http://Shop.test:8080?x=1 HTTP/1.1\r\nHost: other.test\r\nContent-Length: 12\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
      "CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n\r\n",
      "GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n",
      get("Connection: Upgrade, X-Other\r\nUpgrade: websocket\r\n"),
  };
  for (const auto& message : messages) {
    EXPECT_EQ(fed_bytewise(message), fed_whole(message));
    EXPECT_NE(fed_whole(message).find('|'), std::string::npos) << message;
  }
}

TEST(RequestParser, LimitsCountTheSameWhenFedInPieces) {
  HeadLimits limits{.head_bytes = 64, .target_bytes = 20, .fields = 3};
  for (const std::string& message :
       {get("A: 12345678901234567890\r\n"), get("A: b\r\nA: b\r\nA: b\r\n"),
        std::string("GET /23456789012345678901 HTTP/1.1\r\nHost: a\r\n\r\n"), get("A: b\r\n")}) {
    RequestParser whole{limits};
    const auto expected = described(whole, whole.feed(message));
    RequestParser parts{limits};
    auto progress = Progress::need_more;
    for (std::size_t n = 1; n <= message.size() && progress == Progress::need_more; ++n)
      progress = parts.feed(std::string_view(message).substr(0, n));
    EXPECT_EQ(described(parts, progress), expected);
  }
}

TEST(RequestParser, SplitsTargetAndFields) {
  const auto head = parsed(get("Accept:  a, b \t\r\nX-Empty: \r\n"));
  EXPECT_EQ(head.method, Method::get);
  EXPECT_EQ(head.target, "/a?b=c");
  EXPECT_EQ(head.path, "/a");
  EXPECT_EQ(head.query, "b=c");
  EXPECT_EQ(head.host, "shop.test");
  EXPECT_EQ(head.fields.size(), 3U);
  EXPECT_EQ(head.fields.value(FieldId::accept), "a, b");
  ASSERT_NE(head.fields.find("x-empty"), nullptr);
  EXPECT_EQ(head.fields.find("x-empty")->value, "");
  EXPECT_EQ(head.framing, Framing::none);
}

TEST(RequestParser, TheHostOfAnAbsoluteTargetWins) {
  const auto head = parsed("GET HTTP://Shop.test:8080?x HTTP/1.1\r\nHost: other.test\r\n\r\n");
  EXPECT_EQ(head.authority, "Shop.test:8080");
  EXPECT_EQ(head.host, "Shop.test");
  EXPECT_EQ(head.port, "8080");
  EXPECT_EQ(head.path, "/");
  EXPECT_EQ(head.query, "x");
}

TEST(RequestParser, LeavesWhatFollowsTheHead) {
  const std::string first = get("Content-Length: 3\r\n");
  const auto message = first + "abcGET / HTTP/1.1\r\n";
  const auto head = parsed(message);
  EXPECT_EQ(head.length, first.size());
  EXPECT_EQ(head.framing, Framing::content_length);
  EXPECT_EQ(head.content_length, 3U);
}

TEST(RequestParser, KeepsConnectionsAsTheVersionSays) {
  EXPECT_TRUE(parsed(get("")).keep_alive);
  EXPECT_FALSE(parsed(get("Connection: close\r\n")).keep_alive);
  EXPECT_FALSE(parsed(get("Connection: keep-alive\r\nConnection: x, CLOSE\r\n")).keep_alive);
  EXPECT_FALSE(parsed("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(parsed("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
}

TEST(RequestParser, UpgradeNeedsTheConnectionTokenAndHttp11) {
  EXPECT_EQ(parsed(get("Connection: x, Upgrade\r\nUpgrade: websocket\r\n")).upgrade, "websocket");
  EXPECT_EQ(parsed(get("Upgrade: websocket\r\n")).upgrade, "");
  EXPECT_EQ(parsed("GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n").upgrade, "");
}

TEST(RequestParser, KnowsWhichFieldsTheConnectionNames) {
  const auto head = parsed(get("Connection: close, X-Secret\r\nX-Secret: 1\r\n"));
  EXPECT_TRUE(head.connection_names);
  EXPECT_TRUE(head.fields.connection_lists("x-secret"));
  EXPECT_FALSE(head.fields.connection_lists("x-secre"));
  EXPECT_FALSE(parsed(get("Connection: keep-alive\r\n")).connection_names);
}

TEST(RequestParser, ExpectContinueNeedsABody) {
  EXPECT_TRUE(parsed(get("Expect: 100-Continue\r\nContent-Length: 3\r\n")).expect_continue);
  EXPECT_FALSE(parsed(get("Expect: 100-continue\r\n")).expect_continue);
  EXPECT_FALSE(parsed("PUT / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
                   .expect_continue);
}

TEST(RequestParser, ReadsTheNextMessageAfterReset) {
  RequestParser parser;
  const auto first = get("Connection: close\r\nUpgrade: x\r\n");
  ASSERT_EQ(parser.feed(first), Progress::complete);
  parser.reset();
  EXPECT_FALSE(parser.started());
  const std::string second = "HEAD / HTTP/1.1\r\nHost: b\r\n\r\n";
  ASSERT_EQ(parser.feed(second), Progress::complete);
  EXPECT_EQ(parser.head().method, Method::head);
  EXPECT_TRUE(parser.head().keep_alive);
  EXPECT_FALSE(parser.head().has_query);
  EXPECT_EQ(parser.head().fields.size(), 1U);
}

TEST(Fields, EveryListedNameIsFoundInAnyCase) {
  for (int i = 1; i <= static_cast<int>(FieldId::traceparent); ++i) {
    const auto id = static_cast<FieldId>(i);
    const auto name = std::string(field_name(id));
    ASSERT_FALSE(name.empty()) << i;
    EXPECT_EQ(field_id(name), id);
    std::string upper = name;
    for (auto& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    EXPECT_EQ(field_id(upper), id);
    EXPECT_EQ(field_id(name + "x"), FieldId::other);
    EXPECT_EQ(field_id(name.substr(1)), FieldId::other) << name;
  }
}

}  // namespace
}  // namespace temps::http1
