// Request smuggling: what two readers could understand differently is refused, or written anew so
// that only one reading is left. Each case meets a real proxy in front of an app that records all
// it gets; a second request that nobody has sent would be one for /smuggled.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/recorder_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::Not;
using namespace std::string_literals;

struct Case {
  const char* name;
  std::string bytes;
  std::vector<int> statuses;           // of all answers on the connection
  std::vector<std::string> answers{};  // the bodies, where the app gave them
};

const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: shop.test\r\n\r\n";

std::string post(const std::string& fields, const std::string& body) {
  return "POST /a HTTP/1.1\r\nHost: shop.test\r\n" + fields + "\r\n" + body;
}
std::string chunks(const std::string& body) { return post("Transfer-Encoding: chunked\r\n", body); }
std::string counted(const std::string& body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n";
}

// Framing that is given twice, or in words that only some understand.
std::vector<Case> framings() {
  const auto tail = "0\r\n\r\n" + smuggled;
  const auto te = [&](const std::string& field) { return post(field + "\r\n", tail); };
  return {
      {"CL.TE", post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", tail), {400}},
      {"TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", tail), {400}},
      {"CL and TE: identity",
       post("Content-Length: 5\r\nTransfer-Encoding: identity\r\n", tail),
       {400}},
      {"TE twice", te("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"), {400}},
      {"TE: chunked twice", te("Transfer-Encoding: chunked, chunked"), {400}},
      {"TE: chunked not last", te("Transfer-Encoding: chunked, gzip"), {400}},
      {"TE: gzip below chunked", te("Transfer-Encoding: gzip, chunked"), {501}},
      {"TE: xchunked", te("Transfer-Encoding: xchunked"), {400}},
      {"TE: identity", te("Transfer-Encoding: identity"), {400}},
      {"TE: quoted", te("Transfer-Encoding: \"chunked\""), {400}},
      {"TE: with a parameter", te("Transfer-Encoding: chunked;q=1"), {400}},
      {"TE: empty", te("Transfer-Encoding:"), {400}},
      {"TE: vertical tab", te("Transfer-Encoding:\vchunked"), {400}},
      {"TE: form feed behind", te("Transfer-Encoding: chunked\f"), {400}},
      {"TE: NUL behind", te("Transfer-Encoding: chunked\0"s), {400}},
      {"TE: high byte behind", te("Transfer-Encoding: chunked\xa0"), {400}},
      {"TE: blank before colon", te("Transfer-Encoding : chunked"), {400}},
      {"TE: tab before colon", te("Transfer-Encoding\t: chunked"), {400}},
      {"TE: blank before name", te(" Transfer-Encoding: chunked"), {400}},
      {"TE: folded value", te("Transfer-Encoding:\r\n chunked"), {400}},
      {"TE: hidden by folding", te("X: y\r\n Transfer-Encoding: chunked"), {400}},
      {"TE: hidden by bare CR", te("X: y\rTransfer-Encoding: chunked"), {400}},
      {"TE: hidden by bare LF", te("X: y\nTransfer-Encoding: chunked"), {400}},
      {"TE: in HTTP/1.0",
       "POST /a HTTP/1.0\r\nHost: shop.test\r\nConnection: keep-alive\r\n"
       "Transfer-Encoding: chunked\r\n\r\n" +
           tail,
       {400}},
      {"CL: plus", post("Content-Length: +5\r\n", tail), {400}},
      {"CL: minus", post("Content-Length: -5\r\n", tail), {400}},
      {"CL: list", post("Content-Length: 5, 5\r\n", tail), {400}},
      {"CL: twice the same", post("Content-Length: 5\r\nContent-Length: 5\r\n", tail), {400}},
      {"CL: twice different", post("Content-Length: 5\r\nContent-Length: 0\r\n", tail), {400}},
      {"CL: second empty", post("Content-Length: 5\r\nContent-Length:\r\n", tail), {400}},
      {"CL: hexadecimal", post("Content-Length: 0x5\r\n", tail), {400}},
      {"CL: fraction", post("Content-Length: 5.0\r\n", tail), {400}},
      {"CL: two words", post("Content-Length: 5 0\r\n", tail), {400}},
      {"CL: overflow", post("Content-Length: 18446744073709551621\r\n", tail), {400}},
      {"CL: empty", post("Content-Length:\r\n", tail), {400}},
      {"CL: blank before colon", post("Content-Length : 5\r\n", tail), {400}},
      {"CL: high byte", post("Content-Length: 5\xa0\r\n", tail), {400}},
  };
}

// Chunks whose end is not where their size says, or whose size has two readings.
std::vector<Case> chunked_bodies() {
  const auto end = "\r\n0\r\n\r\n" + smuggled;
  return {
      {"chunk: 0x prefix", chunks("0x5\r\nhello" + end), {400}},
      {"chunk: minus", chunks("-5\r\nhello" + end), {400}},
      {"chunk: plus", chunks("+5\r\nhello" + end), {400}},
      {"chunk: overflow", chunks("10000000000000005\r\nhello" + end), {400}},
      {"chunk: no size", chunks(";a\r\nhello" + end), {400}},
      {"chunk: blank before size", chunks(" 5\r\nhello" + end), {400}},
      {"chunk: blank behind size", chunks("5 \r\nhello" + end), {400}},
      {"chunk: size ends with LF", chunks("5\nhello" + end), {400}},
      {"chunk: size ends with CR", chunks("5\rhello" + end), {400}},
      {"chunk: LF in extension",
       chunks("5;a\nhello\r\n0\r\n\r\n" + smuggled + "\r\n0\r\n\r\n"),
       {400}},
      {"chunk: CR in extension", chunks("5;a\rb\r\nhello" + end), {400}},
      {"chunk: data too long", chunks("5\r\nhelloXX0\r\n\r\n" + smuggled), {400}},
      {"chunk: data ends with LF", chunks("5\r\nhello\n0\r\n\r\n" + smuggled), {400}},
      {"chunk: end with LF", chunks("0\r\n\n" + smuggled), {400}},
      {"trailer: no colon", chunks("0\r\n" + smuggled), {400}},
      {"trailer: folded", chunks("0\r\nA: b\r\n c\r\n\r\n" + smuggled), {400}},
  };
}

// Heads that are more, or less, than one.
std::vector<Case> heads() {
  const auto get = [](const std::string& fields, const std::string& target = "/a") {
    return "GET " + target + " HTTP/1.1\r\nHost: shop.test\r\n" + fields + "\r\n";
  };
  return {
      {"lines end with LF", "GET /a HTTP/1.1\nHost: shop.test\n\n" + smuggled, {400}},
      {"last line is LF", "GET /a HTTP/1.1\r\nHost: shop.test\r\n\n" + smuggled, {400}},
      {"NUL in a value", get("X: a\0b\r\n"s), {400}},
      {"NUL in a name", get("X\0: a\r\n"s), {400}},
      {"no colon", get("X\r\n"), {400}},
      {"empty name", get(": x\r\n"), {400}},
      {"blank before the first field",
       "GET /a HTTP/1.1\r\n X: y\r\nHost: shop.test\r\n\r\n",
       {400}},
      {"HTTP/0.9", "GET /a\r\n" + smuggled, {400}},
      {"HTTP/2 preface, not first",
       get("") + "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
       {200, 505},
       {"GET /a|"}},
      {"HTTP/1.2", "GET /a HTTP/1.2\r\nHost: shop.test\r\n\r\n", {505}},
      {"lower-case version", "GET /a http/1.1\r\nHost: shop.test\r\n\r\n", {400}},
      {"two versions", "GET /a HTTP/1.1 HTTP/1.1\r\nHost: shop.test\r\n\r\n", {400}},
      {"tabs in the first line", "GET\t/a\tHTTP/1.1\r\nHost: shop.test\r\n\r\n", {400}},
      {"CR in the target", get("", "/a\rX"), {400}},
      {"two hosts", get("Host: other.test\r\n"), {400}},
      {"the same host twice", get("host: shop.test\r\n"), {400}},
      {"no host", "GET /a HTTP/1.1\r\n\r\n" + smuggled, {400}},
      {"host with a path", "GET /a HTTP/1.1\r\nHost: shop.test/x\r\n\r\n", {400}},
      {"host with a user", "GET /a HTTP/1.1\r\nHost: shop.test@evil.test\r\n\r\n", {400}},
      {"host list", "GET /a HTTP/1.1\r\nHost: shop.test, evil.test\r\n\r\n", {400}},
      {"absolute target with a bad host", get("", "http://shop.test@evil.test/"), {400}},
      {"expectation of another kind",
       post("Expect: y 100-continue\r\n" + counted(smuggled), smuggled),
       {417}},
      {"CONNECT", "CONNECT shop.test:80 HTTP/1.1\r\nHost: shop.test\r\n\r\n" + smuggled, {405}},
      {"TRACE with a body",
       "TRACE /a HTTP/1.1\r\nHost: shop.test\r\n" + counted(smuggled) + "\r\n" + smuggled,
       {405}},
  };
}

// Bodies that look like requests stay bodies, and what is odd but clear is written anew.
std::vector<Case> normalised() {
  const auto whole = [](const std::string& body) { return "POST /a|" + body; };
  return {
      {"TE: tab, upper case",
       post("TRANSFER-ENCODING:\tChunked \r\n", "5\r\nhello\r\n0\r\n\r\n"),
       {200},
       {whole("hello")}},
      {"TE: empty elements",
       post("Transfer-Encoding: , chunked,\r\n", "0\r\n\r\n"),
       {200},
       {whole("")}},
      {"CL: leading zeros", post("Content-Length: 0005\r\n", "hello"), {200}, {whole("hello")}},
      {"CL named by Connection",
       post("Connection: Content-Length\r\n" + counted(smuggled), smuggled),
       {200},
       {whole(smuggled)}},
      {"TE named by Connection",
       post("Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n",
            "2\r\nhi\r\n0\r\n\r\n"),
       {200},
       {whole("hi")}},
      {"Host named by Connection",
       post("Connection: Host\r\n" + counted("hi"), "hi"),
       {200},
       {whole("hi")}},
      {"underscores",
       post("Content_Length: 0\r\nTransfer_Encoding: chunked\r\n" + counted("hi"), "hi"),
       {200},
       {whole("hi")}},
      {"chunk extension, zeros, upper case",
       chunks("000A;a=\"b\"\r\n0123456789\r\n0\r\n\r\n"),
       {200},
       {whole("0123456789")}},
      {"trailers that frame",
       chunks("2\r\nhi\r\n0\r\nContent-Length: 99\r\nTransfer-Encoding: x\r\n\r\n"),
       {200},
       {whole("hi")}},
      {"a request as a body", post(counted(smuggled), smuggled), {200}, {whole(smuggled)}},
      {"GET with a body, then another request",
       "GET /a HTTP/1.1\r\nHost: shop.test\r\n" + counted(smuggled) + "\r\n" + smuggled +
           "GET /b HTTP/1.1\r\nHost: shop.test\r\n\r\n",
       {200, 200},
       {"GET /a|" + smuggled, "GET /b|"}},
      {"expected body that comes unasked",
       post("Expect: 100-continue\r\n" + counted(smuggled), smuggled),
       {200},
       {whole(smuggled)}},
      {"expected body of no bytes",
       post("Expect: 100-continue\r\nContent-Length: 0\r\n", ""),
       {200},
       {whole("")}},
      {"upgrade to h2c with a body",
       post("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n" +
                counted("hi"),
            "hi"),
       {200},
       {whole("hi")}},
      {"upgrade with a body",
       post("Connection: upgrade\r\nUpgrade: websocket\r\n" + counted(smuggled), smuggled),
       {200},
       {whole(smuggled)}},
      {"absolute target and another host",
       "GET http://shop.test/a HTTP/1.1\r\nHost: other.test\r\n\r\n",
       {200},
       {"GET /a|"}},
      {"empty line first", "\r\nGET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n", {200}, {"GET /a|"}},
      {"encoded line ends",
       "GET /a%0d%0aX:%20y HTTP/1.1\r\nHost: shop.test\r\n\r\n",
       {200},
       {"GET /a%0d%0aX:%20y|"}},
      {"a body for nobody",
       "POST /a HTTP/1.1\r\nHost: none.test\r\n" + counted(smuggled) + "\r\n" + smuggled,
       {404}},
      {"a body that is cut off", post("Content-Length: 500\r\n", smuggled), {}},
      {"chunks that are cut off", chunks("ff\r\n" + smuggled), {}},
  };
}

class Smuggling : public ProxyTest {
 protected:
  Recorder app;

  void SetUp() override {
    add_app("shop.test", {app.address()});
    threads = 1;  // so that every request may meet the connection of the one before
    start();
  }
  void try_all(const std::vector<Case>& cases) {
    for (const auto& each : cases) {
      SCOPED_TRACE(each.name);
      try_one(each);
      // Nothing waits on the app's connection for whoever comes next.
      EXPECT_EQ(ask(get("/clean")).body, "GET /clean|");
    }
    proxy.reset();
    expect_nothing_smuggled(app.finish());
  }

 private:
  void try_one(const Case& tried) const {
    auto peer = client();
    peer.write(tried.bytes);
    peer.finish_writing();
    std::vector<int> statuses;
    std::vector<std::string> answers;
    for (auto answer = peer.read_message(); !answer.head.empty(); answer = peer.read_message()) {
      statuses.push_back(answer.status());
      if (answer.status() == 200) answers.push_back(answer.body);
    }
    EXPECT_EQ(statuses, tried.statuses);
    EXPECT_EQ(answers, tried.answers);
  }
};

TEST_F(Smuggling, FramingWithTwoReadingsIsRefused) { try_all(framings()); }
TEST_F(Smuggling, ChunksWithTwoReadingsAreRefused) { try_all(chunked_bodies()); }
TEST_F(Smuggling, HeadsWithTwoReadingsAreRefused) { try_all(heads()); }
TEST_F(Smuggling, WhatIsClearIsWrittenAnew) { try_all(normalised()); }

TEST_F(Smuggling, ARefusedRequestIsTheLastOfItsConnection) {
  auto peer = client();
  const auto answer = peer.ask(post("Content-Length: 5\r\nContent-Length: 0\r\n", "") + smuggled);
  EXPECT_EQ(answer.status(), 400);
  EXPECT_EQ(answer.field("Connection"), "close");
  EXPECT_EQ(peer.read_rest(), "");
}

// Of an app that answers before it has read the body, what it leaves must not begin the next
// request on its connection.
TEST_F(Smuggling, AnAnswerBeforeTheBodyEndsTheAppsConnection) {
  std::mutex mutex;
  std::vector<std::string> first_words;
  auto hasty = std::make_unique<Origin>([&](Peer& peer) {
    for (;;) {
      const auto head = peer.read_until("\r\n\r\n");
      if (head.empty()) return;
      {
        const std::lock_guard lock(mutex);
        first_words.push_back(head.substr(0, head.find(" HTTP")));
      }
      if (!peer.write(response("early"))) return;
    }
  });
  add_app("hasty.test", {hasty->address()});
  EXPECT_EQ(load_next().error, "");
  auto peer = client();
  peer.write("POST /a HTTP/1.1\r\nHost: hasty.test\r\nExpect: 100-continue\r\n" +
             counted(smuggled) + "\r\n");
  EXPECT_EQ(peer.read_message().body, "early");
  peer.write(smuggled);
  EXPECT_EQ(peer.read_rest(), "");
  EXPECT_EQ(ask(get("/b", "", "hasty.test")).body, "early");
  proxy.reset();
  hasty.reset();
  EXPECT_THAT(first_words, ElementsAre("POST /a", "GET /b"));
}

TEST(Recorder, KnowsAmbiguousHeads) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(ambiguity(start + "Content-Length: 5\r\n\r\n"), "");
  for (const auto* fields :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 05\r\n",
        "Transfer_Encoding: chunked\r\n", "Host: b\r\n", "X: a\rb\r\n", "X: a\nb\r\n", "X : y\r\n",
        "X\r\n", "Content-Length: +5\r\n"})
    EXPECT_THAT(ambiguity(start + fields + "\r\n"), Not("")) << fields;
  EXPECT_THAT(ambiguity("GET / x HTTP/1.1\r\nHost: a\r\n\r\n"), Not(""));
}

}  // namespace
}  // namespace temps::proxy::testing
