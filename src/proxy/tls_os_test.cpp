// TLS towards clients: which certificate they are shown, what is agreed on, and HTTP/1 inside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Tls : public ProxyTest {
 protected:
  void serve(Origin& origin) {
    add_app("shop.test", {origin.address()});
    certify("shop", {"shop.test"});
    start();
  }
  const routing::Certificate& certify(const std::string& id, std::vector<std::string> names,
                                      KeyKind kind = KeyKind::ecdsa) {
    table.certificates.push_back(make_certificate(folder.path(), id, std::move(names), kind));
    return table.certificates.back();
  }
  [[nodiscard]] std::string trust(std::size_t at = 0) const {
    return table.certificates.at(at).chain;
  }
};

TEST_F(Tls, AnswersOverIt) {
  Origin origin(answering([](const Message& request) { return response(request.head); }));
  serve(origin);
  TlsPeer peer(tls_address(), {.name = "shop.test", .trust = trust(), .protocols = {"http/1.1"}});
  ASSERT_TRUE(peer.shake_hands());
  EXPECT_EQ(peer.protocol(), "http/1.1");
  for (int i = 0; i < 3; ++i) {
    const auto answer = peer.ask(get("/a", "X-Forwarded-Proto: http\r\n"));
    EXPECT_EQ(answer.status(), 200);
    EXPECT_THAT(answer.body, HasSubstr("X-Forwarded-Proto: https\r\n"));
  }
}

TEST_F(Tls, SpeaksVersion12WithModernCiphersOnly) {
  Origin origin(answering([](const Message&) { return response("hello"); }));
  serve(origin);
  TlsPeer modern(tls_address(),
                 {.name = "shop.test", .trust = trust(), .version_max = TLS1_2_VERSION});
  ASSERT_TRUE(modern.shake_hands());
  EXPECT_EQ(modern.ask(get("/")).body, "hello");
  TlsPeer old(tls_address(), {.name = "shop.test", .version_max = TLS1_1_VERSION});
  EXPECT_FALSE(old.shake_hands());
  TlsPeer weak(tls_address(), {.name = "shop.test",
                               .version_max = TLS1_2_VERSION,
                               .ciphers = "AES128-SHA:ECDHE-ECDSA-AES128-SHA"});
  EXPECT_FALSE(weak.shake_hands());
}

TEST_F(Tls, ShowsTheCertificateOfTheName) {
  certify("shop", {"shop.test", "www.shop.test"});
  certify("wild", {"*.apps.test"});
  certify("own", {"own.apps.test"});
  start();
  const auto shown = [&](const std::string& name) {
    TlsPeer peer(tls_address(), {.name = name});
    return peer.shake_hands() ? peer.common_name() : "";
  };
  EXPECT_EQ(shown("shop.test"), "shop");
  EXPECT_EQ(shown("WWW.Shop.Test"), "shop");
  EXPECT_EQ(shown("a.apps.test"), "wild");
  EXPECT_EQ(shown("own.apps.test"), "own");
  EXPECT_EQ(shown("a.b.apps.test"), "");
  EXPECT_EQ(shown("other.test"), "");
  EXPECT_EQ(shown(""), "shop");
}

TEST_F(Tls, HasAKeyOfEachKindForOneName) {
  certify("ecdsa", {"shop.test"}, KeyKind::ecdsa);
  certify("rsa", {"shop.test"}, KeyKind::rsa);
  start();
  TlsPeer ecdsa(tls_address(), {.name = "shop.test"});
  ASSERT_TRUE(ecdsa.shake_hands());
  EXPECT_EQ(ecdsa.key_kind(), EVP_PKEY_EC);
  TlsPeer rsa(tls_address(), {.name = "shop.test",
                              .version_max = TLS1_2_VERSION,
                              .ciphers = "ECDHE-RSA-AES128-GCM-SHA256"});
  ASSERT_TRUE(rsa.shake_hands());
  EXPECT_EQ(rsa.key_kind(), EVP_PKEY_RSA);
}

TEST_F(Tls, ANewCertificateIsShownWithoutARestart) {
  certify("first", {"shop.test"});
  start();
  table.certificates = {make_certificate(folder.path(), "second", {"shop.test"})};
  EXPECT_EQ(load_next().error, "");
  TlsPeer peer(tls_address(), {.name = "shop.test"});
  ASSERT_TRUE(peer.shake_hands());
  EXPECT_EQ(peer.common_name(), "second");
}

TEST_F(Tls, AnUnusableFileSpoilsNothingElse) {
  certify("good", {"good.test"});
  table.certificates.push_back(
      {.id = "gone", .names = {"gone.test"}, .chain = "/nowhere/a.pem", .key = "/nowhere/b.pem"});
  start();
  TlsPeer gone(tls_address(), {.name = "gone.test"});
  EXPECT_FALSE(gone.shake_hands());
  TlsPeer good(tls_address(), {.name = "good.test"});
  EXPECT_TRUE(good.shake_hands());
}

TEST_F(Tls, ASessionIsResumedWhicheverLoopTheClientMeets) {
  Origin origin(answering([](const Message&) { return response("hello"); }));
  threads = 2;
  serve(origin);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const TlsWish wish{.name = "shop.test", .trust = trust(), .version_max = version};
    TlsPeer first(tls_address(), wish);
    ASSERT_TRUE(first.shake_hands());
    first.ask(get("/"));  // a ticket comes with the first answer
    auto* session = first.session();
    for (int i = 0; i < 8; ++i) {
      TlsPeer again(tls_address(), wish);
      ASSERT_TRUE(again.shake_hands(session));
      EXPECT_TRUE(again.is_resumed());
      EXPECT_EQ(again.ask(get("/")).body, "hello");
    }
    ::SSL_SESSION_free(session);
  }
}

TEST_F(Tls, LargeBodiesComeWholeBothWays) {
  const std::string large(5'000'000, 'x');
  Origin origin(answering([&](const Message& request) {
    return response(request.body == large ? large : "not what was sent");
  }));
  serve(origin);
  TlsPeer peer(tls_address(), {.name = "shop.test", .trust = trust()});
  ASSERT_TRUE(peer.shake_hands());
  peer.write("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5000000\r\n\r\n");
  for (std::size_t at = 0; at < large.size(); at += 100'000)
    peer.write(std::string_view(large).substr(at, 100'000));
  EXPECT_EQ(peer.read_message().body, large);
  EXPECT_EQ(peer.ask(get("/")).body, "not what was sent");
}

TEST_F(Tls, ServesFilesOverIt) {
  const std::string large(300'000, 'y');
  std::filesystem::create_directory(folder.path() / "site");
  ASSERT_TRUE(files::write_atomically(folder.path() / "site/large.bin", large).has_value());
  table.routes.push_back(
      {.host = "docs.test", .tree = routing::StaticTree{(folder.path() / "site").string()}});
  certify("docs", {"docs.test"});
  start();
  TlsPeer peer(tls_address(), {.name = "docs.test", .trust = trust()});
  ASSERT_TRUE(peer.shake_hands());
  EXPECT_EQ(peer.ask(get("/large.bin", "", "docs.test")).body, large);
  EXPECT_EQ(peer.ask(get("/none", "", "docs.test")).status(), 404);
}

TEST_F(Tls, AnotherHostsRequestsAreNotTakenOverThisConnection) {
  Origin origin(answering([](const Message&) { return response("hello"); }));
  add_app("shop.test", {origin.address()});
  add_app("bank.test", {origin.address()});
  certify("shop", {"shop.test"});
  certify("bank", {"bank.test"});
  start();
  TlsPeer peer(tls_address(), {.name = "shop.test"});
  ASSERT_TRUE(peer.shake_hands());
  EXPECT_EQ(peer.ask(get("/", "", "bank.test")).status(), 421);
  EXPECT_EQ(peer.ask(get("/", "", "shop.test")).status(), 200);
}

TEST_F(Tls, PlainRequestsAreSentToHttpsWhereThereIsACertificate) {
  add_app("shop.test", {"127.0.0.1:1"});
  add_app("bare.test", {"127.0.0.1:1"});
  for (auto& route : table.routes) route.https_only = true;
  certify("shop", {"shop.test"});
  table.https_port = 443;
  start();
  const auto answer = ask(get("/a%20b?c=d"));
  EXPECT_EQ(answer.status(), 308);
  EXPECT_EQ(answer.field("Location"), "https://shop.test/a%20b?c=d");
  EXPECT_EQ(ask(get("/", "", "bare.test")).status(), 503);
  table.https_port = 0;
  EXPECT_EQ(load_next().error, "");
  const auto port = tls_address().substr(tls_address().rfind(':'));
  EXPECT_EQ(ask(get("/")).field("Location"), "https://shop.test" + port + "/");
}

TEST_F(Tls, HostsCanRedirectElsewhere) {
  table.routes.push_back({.host = "www.shop.test",
                          .redirect = routing::Redirect{.to = "https://shop.test", .status = 301}});
  table.routes.push_back({.host = "*.old.test",
                          .redirect = routing::Redirect{
                              .to = "https://shop.test/new", .status = 302, .keep_path = false}});
  start();
  const auto kept = ask(get("/a?b", "", "www.shop.test"));
  EXPECT_EQ(kept.status(), 301);
  EXPECT_EQ(kept.field("Location"), "https://shop.test/a?b");
  const auto fixed = ask(get("/a?b", "", "any.old.test"));
  EXPECT_EQ(fixed.status(), 302);
  EXPECT_EQ(fixed.field("Location"), "https://shop.test/new");
  EXPECT_EQ(ask(get("/", "", "a.b.old.test")).status(), 404);
}

TEST_F(Tls, AnswersAcmeServersWhichCheckAName) {
  Origin origin(answering([](const Message&) { return response("the app"); }));
  add_app("shop.test", {origin.address()});
  table.routes.back().https_only = true;
  certify("shop", {"shop.test"});
  table.challenges.push_back({.name = "shop.test", .token = "tok", .response = "tok.print"});
  const auto answer = make_certificate(folder.path(), "challenge", {"new.test"});
  table.challenges.push_back({.name = "new.test", .chain = answer.chain, .key = answer.key});
  start();
  const auto got = ask(get("/.well-known/acme-challenge/tok"));
  EXPECT_EQ(got.status(), 200);
  EXPECT_EQ(got.body, "tok.print");
  EXPECT_EQ(ask(get("/.well-known/acme-challenge/other")).status(), 308);
  TlsPeer peer(tls_address(), {.name = "new.test", .protocols = {"acme-tls/1"}});
  ASSERT_TRUE(peer.shake_hands());
  EXPECT_EQ(peer.protocol(), "acme-tls/1");
  EXPECT_EQ(peer.common_name(), "challenge");
  TlsPeer browser(tls_address(), {.name = "new.test", .protocols = {"http/1.1"}});
  EXPECT_FALSE(browser.shake_hands());
}

TEST_F(Tls, WhatIsNoHandshakeEndsSoon) {
  certify("shop", {"shop.test"});
  limits.header = std::chrono::milliseconds(300);
  start();
  auto plain = Peer::to(tls_address());
  plain.write(get("/"));
  EXPECT_THAT(plain.read_rest(), ::testing::Not(StartsWith("HTTP")));
  auto silent = Peer::to(tls_address());
  EXPECT_TRUE(silent.is_closed_by_peer());
}

TEST_F(Tls, WebSocketsGoThrough) {
  Origin origin([](Peer& peer) {
    const auto request = peer.read_message(Peer::Body::none);
    if (request.field("Upgrade") != "websocket") return;
    peer.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
        "\r\nfirst");
    while (peer.read_some()) peer.write(peer.read_until("!"));
  });
  serve(origin);
  TlsPeer peer(tls_address(), {.name = "shop.test", .trust = trust()});
  ASSERT_TRUE(peer.shake_hands());
  peer.write(get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  std::string seen;
  while (seen.find("first") == std::string::npos) seen += peer.read_some();
  EXPECT_THAT(seen, HasSubstr("101 Switching Protocols"));
  peer.write("hello!");
  EXPECT_EQ(peer.read_some(), "hello!");
}

}  // namespace
}  // namespace temps::proxy::testing
