// Balancers that begin their connections with the PROXY protocol.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;
using namespace std::string_literals;

const std::string line = "PROXY TCP4 203.0.113.7 10.0.0.1 56324 443\r\n";
const std::string binary = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0f"s +
                           "\xcb\x00\x71\x08\x0a\x00\x00\x01\x12\x34\x01\xbb\x04\x00\x00"s;
const std::string local = "\r\n\r\n\0\r\nQUIT\n\x20\0\0\0"s;

class ProxyProtocol : public ProxyTest {
 protected:
  Origin origin{answering([](const Message& request) { return response(request.head); })};

  void serve() {
    add_app("shop.test", {origin.address()});
    table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
    start();
  }
  void serve_introduced() {
    proxy_protocol_from = {"127.0.0.0/8"};
    serve();
  }
};

TEST_F(ProxyProtocol, NamesTheClientOfTheConnection) {
  serve_introduced();
  EXPECT_THAT(ask(line + get("/")).body, HasSubstr("X-Forwarded-For: 203.0.113.7\r\n"));
  EXPECT_THAT(ask(binary + get("/")).body, HasSubstr("X-Forwarded-For: 203.0.113.8\r\n"));
  EXPECT_THAT(ask(local + get("/")).body, HasSubstr("X-Forwarded-For: 127.0.0.1\r\n"));
  EXPECT_THAT(ask("PROXY UNKNOWN\r\n" + get("/")).body,
              HasSubstr("X-Forwarded-For: 127.0.0.1\r\n"));
  auto peer = client();
  EXPECT_EQ(peer.ask(line + get("/")).status(), 200);
  EXPECT_THAT(peer.ask(get("/again")).body, HasSubstr("X-Forwarded-For: 203.0.113.7\r\n"));
  EXPECT_EQ(peer.ask(line + get("/")).status(), 400);  // once only
}

TEST_F(ProxyProtocol, SaysWhetherTheClientSpeaksTlsToTheBalancer) {
  const auto header = [](char client) {
    return "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x14"s +
           "\xcb\x00\x71\x08\x0a\x00\x00\x01\x12\x34\x01\xbb"s + "\x20\0\x05"s + client +
           "\0\0\0\0"s;
  };
  proxy_protocol_from = {"127.0.0.0/8"};
  serve();
  EXPECT_THAT(ask(header(1) + get("/")).body, HasSubstr("X-Forwarded-Proto: https\r\n"));
  EXPECT_THAT(ask(header(0) + get("/")).body, HasSubstr("X-Forwarded-Proto: http\r\n"));
  // It is not sent to https again, where that is all there is.
  table.routes.back().https_only = true;
  EXPECT_EQ(load_next().error, "");
  EXPECT_EQ(ask(header(1) + get("/")).status(), 200);
  EXPECT_EQ(ask(header(0) + get("/")).status(), 308);
}

TEST_F(ProxyProtocol, MayArriveByteByByte) {
  serve_introduced();
  for (const auto& header : {line, binary}) {
    auto peer = client();
    for (const char byte : header + get("/")) ASSERT_TRUE(peer.write({&byte, 1}));
    EXPECT_THAT(peer.read_message().body, HasSubstr("X-Forwarded-For: 203.0.113."));
  }
}

TEST_F(ProxyProtocol, StandsBeforeTls) {
  serve_introduced();
  for (const auto& protocol : {"h2"s, "http/1.1"s}) {
    TlsPeer tls(tls_address(), {.name = "shop.test", .protocols = {protocol}});
    ASSERT_TRUE(tls.socket().write(binary));
    ASSERT_TRUE(tls.shake_hands());
    if (protocol == "h2") {
      Http2Peer peer(tls);
      EXPECT_THAT(peer.ask(Http2Peer::get("/")).body,
                  HasSubstr("Forwarded: for=203.0.113.8;proto=https;host=shop.test\r\n"));
    } else {
      EXPECT_THAT(tls.ask(get("/")).body, HasSubstr("X-Forwarded-For: 203.0.113.8\r\n"));
    }
  }
}

TEST_F(ProxyProtocol, IsNeededFromThoseWhoAreSaidToSpeakIt) {
  serve_introduced();
  for (const auto& wrong :
       {get("/"), "PROXY TCP4 x y 1 2\r\n" + get("/"), binary.substr(0, 12) + "x"})
    EXPECT_EQ(ask(wrong).status(), 0) << wrong;
  TlsPeer tls(tls_address(), {.name = "shop.test"});
  EXPECT_FALSE(tls.shake_hands());
  EXPECT_EQ(origin.accepted(), 0);
}

TEST_F(ProxyProtocol, IsNoRequestOfAnyoneElse) {
  proxy_protocol_from = {"10.0.0.0/8"};
  serve();
  EXPECT_EQ(ask(get("/")).status(), 200);
  EXPECT_EQ(ask(line + get("/")).status(), 400);
  EXPECT_EQ(ask(binary + get("/")).status(), 400);
}

TEST_F(ProxyProtocol, IsNotWaitedForLong) {
  limits.header = std::chrono::milliseconds(200);
  serve_introduced();
  auto silent = client();
  EXPECT_TRUE(silent.is_closed_by_peer());
  auto half = client();
  half.write(line.substr(0, 20));
  EXPECT_TRUE(half.is_closed_by_peer());
}

TEST_F(ProxyProtocol, ItsClientMayBeATrustedProxy) {
  trusted_proxies = {"203.0.113.7"};
  serve_introduced();
  const auto request = get("/", "X-Forwarded-For: 198.51.100.1\r\n");
  EXPECT_THAT(ask(line + request).body, HasSubstr("X-Forwarded-For: 198.51.100.1\r\n"));
  EXPECT_THAT(ask(binary + request).body, HasSubstr("X-Forwarded-For: 203.0.113.8\r\n"));
}

TEST_F(ProxyProtocol, DecidesPolicies) {
  add_app("shop.test", {origin.address()});
  table.routes.back().policy = routing::Policy{.allowed = {"203.0.113.7"}};
  proxy_protocol_from = {"loopback"};
  start();
  EXPECT_EQ(ask(line + get("/")).status(), 200);
  EXPECT_EQ(ask(binary + get("/")).status(), 403);
}

TEST_F(ProxyProtocol, NetworksThatAreNoneKeepTheProxyFromStarting) {
  const auto started =
      Proxy::start({.listen = {"127.0.0.1:0"}, .trusted_proxies = {"cdn.example"}});
  ASSERT_FALSE(started.has_value());
  EXPECT_THAT(started.error().detail(), HasSubstr("cdn.example"));
}

}  // namespace
}  // namespace temps::proxy::testing
