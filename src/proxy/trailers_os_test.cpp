// Trailer fields of HTTP/1.1 apps, HTTP/2 clients that need no negotiation, and curl's view of
// both.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/program_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr std::string_view with_trailers =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Checksum\r\n\r\n"
    "4\r\nbody\r\n0\r\nChecksum: abc\r\nSet-Cookie: a=b\r\nX-Private: 1\r\n\r\n";

class TrailersTest : public ProxyTest {
 protected:
  Origin origin{answering([](const Message&) { return std::string(with_trailers); })};

  void serve() {
    add_app("shop.test", {origin.address()});
    table.routes.back().policy =
        routing::Policy{.response_headers = {{"X-Private", "of the policy"}}};
    start();
  }
  [[nodiscard]] std::string curl(const std::vector<std::string>& options) const {
    std::vector<std::string> words{"curl",
                                   "-s",
                                   "-m",
                                   "10",
                                   "-D",
                                   "-",
                                   "--connect-to",
                                   "::" + proxy->addresses().at(0),
                                   "http://shop.test/"};
    words.insert(words.end(), options.begin(), options.end());
    return Program(words).read_all();
  }
};

TEST_F(TrailersTest, ReachClientsThatSayTheyTakeThem) {
  serve();
  auto peer = client();
  auto answer = peer.ask(get("/", "TE: trailers\r\n"));
  EXPECT_EQ(answer.body, "body");
  EXPECT_EQ(answer.field("Trailer"), "Checksum");
  EXPECT_EQ(answer.field("X-Private"), "of the policy");
  EXPECT_EQ(peer.trailers(), "Checksum: abc\r\n");
  answer = peer.ask(get("/"));
  EXPECT_EQ(answer.body, "body");
  EXPECT_EQ(answer.field("Trailer"), "");
  EXPECT_EQ(peer.trailers(), "");
  EXPECT_EQ(origin.accepted(), 1);
}

TEST_F(TrailersTest, ReachClientsOfHttp2) {
  serve();
  auto plain = client();
  Http2Peer peer(plain);
  const auto answer = peer.ask(Http2Peer::get("/"));
  EXPECT_EQ(answer.body, "body");
  EXPECT_EQ(answer.fields.at("trailer"), "Checksum");
  EXPECT_THAT(answer.trailers, ElementsAre(Pair("checksum", "abc")));
}

TEST_F(TrailersTest, CurlSeesThem) {
  serve();
  EXPECT_THAT(curl({"-H", "TE: trailers"}), HasSubstr("bodyChecksum: abc\r\n"));
  EXPECT_THAT(curl({}), Not(HasSubstr("abc")));
  const auto http2 = curl({"--http2-prior-knowledge"});
  EXPECT_THAT(http2, HasSubstr("HTTP/2 200"));
  EXPECT_THAT(http2, HasSubstr("bodychecksum: abc\r\n"));
}

// What an app of HTTP/1.1 has got: it answers with the head and all that came behind it.
class RequestTrailers : public ProxyTest {
 protected:
  std::promise<std::string> got;
  Origin origin{[this](Peer& app) {
    auto text = app.read_until("\r\n\r\n") + app.read_until("\r\n0\r\n");
    for (std::string line; line != "\r\n"; text += line) line = app.read_until("\r\n");
    app.write(response("ok"));
    got.set_value(text);
  }};
  void SetUp() override {
    add_app("shop.test", {origin.address()});
    start();
  }
  static constexpr std::string_view announced =
      "Checksum, X-Forwarded-Proto, Authorization, X_Forwarded_For, X-Temps-Release, Signature";
};

TEST_F(RequestTrailers, ReachAppsWhenTheyAreAnnounced) {
  auto peer = client();
  peer.write("POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\nTrailer: " +
             std::string(announced) +
             "\r\n\r\n4\r\nbody\r\n0\r\nchecksum: abc\r\nX-Forwarded-Proto: https\r\n"
             "Authorization: Basic x\r\nX_Forwarded_For: 1.2.3.4\r\nX-Temps-Release: a\r\n"
             "Unannounced: 1\r\nSignature: d e f\r\n\r\n");
  EXPECT_EQ(peer.read_message().status(), 200);
  const auto text = got.get_future().get();
  EXPECT_THAT(text, HasSubstr("\r\nTrailer: Checksum, Signature\r\n"));
  EXPECT_THAT(text, ::testing::EndsWith(
                        "\r\n\r\n4\r\nbody\r\n0\r\nchecksum: abc\r\nSignature: d e f\r\n\r\n"));
}

TEST_F(RequestTrailers, OfHttp2ReachAppsWhenTheyAreAnnounced) {
  auto plain = client();
  Http2Peer peer(plain);
  auto head = Http2Peer::post("/");
  head.emplace_back("trailer", announced);
  const int id = peer.submit(head, Http2Peer::Body::open);
  peer.write(id, "body");
  peer.end(id, {{"signature", "def"}, {"authorization", "Basic x"}, {"other", "1"}});
  peer.run([&] { return peer.answer(id).is_ended; });
  EXPECT_EQ(peer.answer(id).status, 200);
  const auto text = got.get_future().get();
  EXPECT_THAT(text, HasSubstr("\r\nTrailer: Checksum, Signature\r\n"));
  EXPECT_THAT(text, ::testing::EndsWith("0\r\nsignature: def\r\n\r\n"));
}

TEST_F(RequestTrailers, ThatNobodyHasAnnouncedAreLeftOut) {
  auto peer = client();
  peer.write(
      "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4\r\nbody\r\n0\r\nChecksum: abc\r\n\r\n");
  EXPECT_EQ(peer.read_message().status(), 200);
  const auto text = got.get_future().get();
  EXPECT_THAT(text, Not(HasSubstr("\r\nTrailer:")));
  EXPECT_THAT(text, ::testing::EndsWith("4\r\nbody\r\n0\r\n\r\n"));
}

class PriorKnowledge : public ProxyTest {
 protected:
  static constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  Origin origin{answering([](const Message& request) { return response(request.head); })};
  void SetUp() override {
    add_app("shop.test", {origin.address()});
    start();
  }
};

TEST_F(PriorKnowledge, IsRecognizedHoweverItArrives) {
  for (const std::size_t size : {1U, 2U, 3U, 15U, 23U, 24U}) {
    auto peer = client();
    peer.write(preface.substr(0, size));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    peer.write(preface.substr(size));
    peer.write(std::string_view("\0\0\0\4\0\0\0\0\0", 9));
    // SETTINGS on stream 0.
    EXPECT_EQ(peer.read_exactly(5).substr(3), std::string_view("\4\0", 2)) << size;
  }
}

TEST_F(PriorKnowledge, SaysHttpAndNotHttps) {
  auto plain = client();
  Http2Peer peer(plain);
  EXPECT_THAT(peer.ask(Http2Peer::get("/")).body, HasSubstr("X-Forwarded-Proto: http\r\n"));
}

TEST_F(PriorKnowledge, IsOfWholeConnectionsOnly) {
  auto peer = client();
  EXPECT_EQ(peer.ask(get("/")).status(), 200);
  EXPECT_EQ(peer.ask(preface).status(), 505);
  EXPECT_EQ(ask("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n").status(), 505);
  EXPECT_EQ(ask("PRIVATE / HTTP/1.1\r\nHost: shop.test\r\n\r\n").status(), 200);
}

}  // namespace
}  // namespace temps::proxy::testing
