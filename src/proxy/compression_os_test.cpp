// Answers compressed on their way, read by clients that take every coding.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <string>

#include "compress/compress.hpp"
#include "http1/codings.hpp"
#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::size_t limit = 64UL << 20U;

class CompressionTest : public ProxyTest {
 protected:
  static std::string text() {
    std::string all;
    for (int i = 0; i < 20'000; ++i) all += "line " + std::to_string(i) + " of the page\n";
    return all;
  }
  static std::string fields(std::string_view more = {}) {
    return "Content-Type: text/html; charset=utf-8\r\nETag: \"abc\"\r\nAccept-Ranges: bytes\r\n" +
           std::string(more);
  }
  // What an app that answers so is passed on as.
  Message pass(const std::string& answer, std::string_view accepted = "gzip") {
    Origin origin(answering([&](const Message&) { return answer; }));
    table.routes.clear();
    add_app("shop.test", {origin.address()});
    if (proxy == nullptr) {
      start();
    } else {
      EXPECT_EQ(load_next().error, "");
    }
    return ask(get("/", "Accept-Encoding: " + std::string(accepted) + "\r\n"));
  }
};

TEST_F(CompressionTest, TextComesInTheCodingThatTheClientLikes) {
  const auto answer = response(text(), fields("Vary: Cookie\r\n"));
  const auto gzip = pass(answer, "gzip, deflate");
  EXPECT_EQ(gzip.field("Content-Encoding"), "gzip");
  EXPECT_EQ(gzip.field("Vary"), "Cookie, Accept-Encoding");
  EXPECT_EQ(gzip.field("ETag"), "W/\"abc\"");
  EXPECT_THAT(gzip.head, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(gzip.head, Not(HasSubstr("Accept-Ranges")));
  EXPECT_EQ(compress::gunzip(gzip.body, limit).value_or("damaged"), text());
  const auto zstd = pass(answer, "gzip, deflate, br, zstd");
  EXPECT_EQ(zstd.field("Content-Encoding"), "zstd");
  EXPECT_EQ(compress::unzstd(zstd.body, limit).value_or("damaged"), text());
  EXPECT_EQ(pass(answer, "gzip;q=0.5, br;q=0.8").field("Content-Encoding"), "br");
}

TEST_F(CompressionTest, WhatIsBetterLeftAloneIsLeftAlone) {
  const auto plain = fields();
  EXPECT_EQ(pass(response(text(), plain), "identity").body, text());
  EXPECT_EQ(pass(response(text(), plain), "gzip;q=0").body, text());
  EXPECT_EQ(pass(response("short", plain)).body, "short");
  for (const auto* more : {"Content-Encoding: br\r\n", "Cache-Control: public, no-transform\r\n"}) {
    const auto answer = pass(response(text(), fields(more)));
    EXPECT_EQ(answer.body, text()) << more;
    EXPECT_EQ(answer.field("ETag"), "\"abc\"") << more;
  }
  EXPECT_EQ(pass(response(text(), "Content-Type: image/png\r\n")).body, text());
  EXPECT_EQ(pass(response(text(), "Content-Type: text/event-stream\r\n")).body, text());
}

// Which makes the second answer one of a known length.
TEST_F(CompressionTest, AFileIsCompressedOnceForAllVisitors) {
  const auto root = folder.path() / "site";
  ASSERT_TRUE(files::make_folder(root).has_value());
  ASSERT_TRUE(files::write_atomically(root / "app.js", text()).has_value());
  table.routes.push_back({.host = "shop.test", .tree = routing::StaticTree{.root = root.string()}});
  start();
  const auto fetch = [&](std::string_view accepted) {
    return ask(get("/app.js", "Accept-Encoding: " + std::string(accepted) + "\r\n"));
  };
  const auto first = fetch("gzip");
  EXPECT_EQ(first.field("Content-Length"), "");
  const auto second = fetch("gzip");
  EXPECT_EQ(second.field("Content-Length"), std::to_string(second.body.size()));
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(compress::gunzip(second.body, limit).value_or("damaged"), text());
  for (const auto* name : {"Content-Encoding", "Content-Type", "ETag", "Vary", "Cache-Control",
                           "Last-Modified", "Accept-Ranges"})
    EXPECT_EQ(second.field(name), first.field(name)) << name;
  EXPECT_THAT(second.field("ETag"), ::testing::StartsWith("W/"));
  EXPECT_EQ(ask(get("/app.js",
                    "Accept-Encoding: gzip\r\nIf-None-Match: " + second.field("ETag") + "\r\n"))
                .status(),
            304);
  EXPECT_EQ(fetch("zstd").field("Content-Length"), "");
  EXPECT_EQ(fetch("identity").body, text());
  auto plain = client();
  Http2Peer peer(plain);
  auto head = Http2Peer::get("/app.js");
  head.emplace_back("accept-encoding", "gzip");
  EXPECT_EQ(peer.ask(head).body, first.body);
  // Another content under the same name.
  ASSERT_TRUE(files::write_atomically(root / "app.js", text() + "more").has_value());
  EXPECT_EQ(compress::gunzip(fetch("gzip").body, limit).value_or("damaged"), text() + "more");
}

TEST_F(CompressionTest, AClientThatGoesAwayLeavesNoHalfFile) {
  const auto root = folder.path() / "site";
  ASSERT_TRUE(files::make_folder(root).has_value());
  std::string noise;
  for (std::uint32_t i = 0, x = 1; i < 8U << 20U; ++i)
    noise += static_cast<char>('!' + ((x = x * 1664525 + 1013904223) >> 25U) % 90);
  ASSERT_TRUE(files::write_atomically(root / "app.js", noise).has_value());
  table.routes.push_back({.host = "shop.test", .tree = routing::StaticTree{.root = root.string()}});
  start();
  {
    auto hasty = client();
    hasty.write(get("/app.js", "Accept-Encoding: gzip\r\n"));
    EXPECT_FALSE(hasty.read_exactly(1000).empty());
  }
  const auto answer = ask(get("/app.js", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(compress::gunzip(answer.body, limit).value_or("damaged"), noise);
}

TEST_F(CompressionTest, AnEnvironmentCanForbidIt) {
  Origin origin(answering([](const Message&) { return response(text(), fields()); }));
  add_app("shop.test", {origin.address()});
  table.routes[0].policy = routing::Policy{.compression = false};
  start();
  EXPECT_EQ(ask(get("/", "Accept-Encoding: gzip\r\n")).body, text());
}

TEST_F(CompressionTest, HeadAndOldClientsGetNone) {
  Origin origin(answering([](const Message& request) {
    const auto answer = response(text(), fields());
    return request.head.starts_with("HEAD") ? answer.substr(0, answer.find("\r\n\r\n") + 4)
                                            : answer;
  }));
  add_app("shop.test", {origin.address()});
  start();
  const auto head = client().ask(
      "HEAD / HTTP/1.1\r\nHost: shop.test\r\n"
      "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(head.field("Content-Length"), std::to_string(text().size()));
  const auto old =
      client().ask("GET / HTTP/1.0\r\nHost: shop.test\r\nAccept-Encoding: gzip\r\n\r\n");
  EXPECT_EQ(old.body, text());
}

// What an app has sent is not held back for more of it.
TEST_F(CompressionTest, AStreamedPageArrivesInItsParts) {
  std::latch may_go_on(1);
  Origin origin([&](Peer& peer) {
    peer.read_message();
    peer.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nfirst\r\n");
    may_go_on.wait();
    peer.write("7\r\n second\r\n0\r\n\r\n");
  });
  add_app("shop.test", {origin.address()});
  start();
  auto peer = client();
  peer.write(get("/", "Accept-Encoding: gzip\r\n"));
  // The first part ends with the empty block of a flush.
  EXPECT_THAT(peer.read_until(std::string("\x00\x00\xff\xff", 4)), HasSubstr("gzip"));
  may_go_on.count_down();
  EXPECT_THAT(peer.read_until("0\r\n\r\n"), HasSubstr("\r\n"));
}

TEST_F(CompressionTest, FilesWithoutSiblingsAreCompressedAsTheyAreSent) {
  const auto root = folder.path() / "site";
  std::filesystem::create_directories(root);
  std::string large;
  for (int i = 0; i < 20; ++i) large += text();
  ASSERT_TRUE(files::write_atomically(root / "app.js", large).has_value());
  table.routes.push_back({.host = "shop.test", .tree = routing::StaticTree{.root = root.string()}});
  start();
  const auto whole = ask(get("/app.js", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(whole.field("Content-Encoding"), "gzip");
  EXPECT_EQ(compress::gunzip(whole.body, limit).value_or("damaged"), large);
  const auto part = ask(get("/app.js", "Accept-Encoding: gzip\r\nRange: bytes=0-4999\r\n"));
  EXPECT_EQ(part.status(), 206);
  EXPECT_EQ(part.body, large.substr(0, 5000));
  const auto same = ask(
      get("/app.js", "Accept-Encoding: gzip\r\nIf-None-Match: " + whole.field("ETag") + "\r\n"));
  EXPECT_EQ(same.status(), 304);
}

TEST_F(CompressionTest, OverHttp2AndTlsToo) {
  Origin origin(answering([](const Message&) { return response(text(), fields()); }));
  add_app("shop.test", {origin.address()});
  table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
  start();
  TlsPeer tls(tls_address(), TlsWish{.name = "shop.test", .protocols = {"h2"}});
  ASSERT_TRUE(tls.shake_hands());
  Http2Peer peer(tls);
  auto request = Http2Peer::get("/");
  request.push_back({"accept-encoding", "gzip"});
  const auto answer = peer.ask(request);
  EXPECT_EQ(answer.fields.at("content-encoding"), "gzip");
  EXPECT_EQ(answer.fields.at("vary"), "Accept-Encoding");
  EXPECT_FALSE(answer.fields.contains("content-length"));
  EXPECT_EQ(compress::gunzip(answer.body, limit).value_or("damaged"), text());
}

}  // namespace
}  // namespace temps::proxy::testing
