// Clients that give or take their bytes too slowly, with limits of parts of a second.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t impossible = 1'000'000'000'000;  // bytes a second

class SlowClients : public ProxyTest {
 protected:
  const std::string large = std::string(40'000'000, 'x');
  Origin origin{[this](Peer& app) {
    for (;;) {
      const auto request = app.read_message();
      if (!request.is_whole) return;
      if (!app.write(response(request.head.starts_with("GET") ? large : request.body))) return;
    }
  }};
  std::unique_ptr<TlsPeer> tls;
  std::unique_ptr<Http2Peer> peer;

  void serve() {
    add_app("shop.test", {origin.address()});
    std::filesystem::create_directory(folder.path() / "site");
    ASSERT_TRUE(files::write_atomically(folder.path() / "site/large.bin", large).has_value());
    table.routes.push_back(
        {.host = "site.test", .tree = routing::StaticTree{(folder.path() / "site").string()}});
    table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
    start();
  }
  void connect() {
    tls =
        std::make_unique<TlsPeer>(tls_address(), TlsWish{.name = "shop.test", .protocols = {"h2"}});
    ASSERT_TRUE(tls->shake_hands());
    peer = std::make_unique<Http2Peer>(*tls);
  }
  [[nodiscard]] std::int64_t connections() const { return control({.status = true}).connections; }
  static std::string upload(std::size_t bytes) {
    return "PUT / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: " + std::to_string(bytes) +
           "\r\n\r\n";
  }
  // A byte at a time, never idle for long.
  static bool trickle(Peer& to, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
      if (!to.write("x")) return false;
      std::this_thread::sleep_for(milliseconds(10));
    }
    return true;
  }
  // Reads slowly for longer than `send_idle`, then the rest.
  static std::size_t sip(Peer& from, int sips, std::size_t bytes = 64UL * 1024) {
    std::size_t got = 0;
    for (int i = 0; i < sips; ++i) {
      got += from.read_exactly(bytes).size();
      std::this_thread::sleep_for(milliseconds(10));
    }
    return got + from.read_rest().size();
  }
};

// The classic slow loris: a head is not waited for from byte to byte, but as a whole.
TEST_F(SlowClients, AHeadByDropsEnds) {
  limits.header = milliseconds(200);
  serve();
  auto slow = client();
  slow.write("GET / HTTP/1.1\r\nHost: shop.test\r\nX: ");
  trickle(slow, 100);
  EXPECT_EQ(slow.read_message().status(), 408);
}

TEST_F(SlowClients, ManySlowHeadsKeepNobodyOut) {
  limits.header = milliseconds(500);
  serve();
  std::vector<Peer> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(Peer::to(i % 2 == 0 ? proxy->addresses().at(0) : tls_address()));
    slow.back().write(i % 2 == 0 ? "GET / HTTP/1.1\r\nHost" : "\x16\x03\x01");
  }
  EXPECT_EQ(ask(get("/small", "", "site.test")).status(), 404);
  EXPECT_TRUE(eventually([&] { return connections() == 0; }));
}

TEST_F(SlowClients, AnUploadByDropsEnds) {
  limits.upload_idle = milliseconds(200);
  limits.client_bytes_per_second = 10'000;
  serve();
  for (const auto& head :
       {upload(1000), std::string("PUT / HTTP/1.1\r\nHost: shop.test\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\nfff\r\n")}) {
    auto slow = client();
    slow.write(head);
    trickle(slow, 100);
    EXPECT_EQ(slow.read_message().status(), 408);
  }
  EXPECT_EQ(ask(upload(5) + "hello").body, "hello");
}

TEST_F(SlowClients, AnUploadByDropsIsWelcomeWhereNoRateIsSet) {
  limits.upload_idle = milliseconds(200);
  limits.client_bytes_per_second = 0;
  serve();
  auto slow = client();
  slow.write(upload(100));
  ASSERT_TRUE(trickle(slow, 100));
  EXPECT_EQ(slow.read_message().body, std::string(100, 'x'));
}

TEST_F(SlowClients, AnUploadByDropsEndsOverHttp2) {
  limits.upload_idle = milliseconds(200);
  limits.client_bytes_per_second = 10'000;
  serve();
  connect();
  const int id = peer->submit(Http2Peer::post("/"), Http2Peer::Body::open);
  for (int i = 0; i < 100; ++i) {
    peer->write(id, "x");
    peer->send();
    std::this_thread::sleep_for(milliseconds(10));
  }
  ASSERT_TRUE(peer->run([&] { return peer->answer(id).is_ended; }));
  EXPECT_EQ(peer->answer(id).status, 408);
}

TEST_F(SlowClients, AnAppThatTakesItsTimeIsNotTheClientsFault) {
  Origin busy([](Peer& app) {
    app.read_until("\r\n\r\n");
    for (int i = 0; i < 300; ++i) {
      app.read_exactly(50'000);
      std::this_thread::sleep_for(milliseconds(5));
    }
    app.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nenough");
    app.read_rest();
  });
  limits.upload_idle = milliseconds(400);
  limits.client_bytes_per_second = 50'000'000;
  add_app("busy.test", {busy.address()});
  serve();
  auto quick = client();
  std::thread writer([&] {
    quick.write("PUT / HTTP/1.1\r\nHost: busy.test\r\nContent-Length: 60000000\r\n\r\n");
    quick.write(std::string(60'000'000, 'u'));
  });
  EXPECT_EQ(quick.read_message().body, "enough");
  ::shutdown(quick.fd(), SHUT_RDWR);
  writer.join();
}

TEST_F(SlowClients, AResponseThatNobodyTakesEnds) {
  limits.send_idle = milliseconds(200);
  serve();
  for (const auto* host : {"shop.test", "site.test"}) {
    SCOPED_TRACE(host);
    auto slow = client();
    slow.write(get("/large.bin", "Connection: close\r\n", host));
    ASSERT_TRUE(eventually([&] { return connections() == 1; }));
    ASSERT_TRUE(eventually([&] { return connections() == 0; }));
    EXPECT_LT(slow.read_rest().size(), large.size());
  }
}

TEST_F(SlowClients, AResponseThatIsTakenTooSlowlyEnds) {
  limits.send_idle = milliseconds(200);
  limits.client_bytes_per_second = impossible;
  serve();
  for (const auto* host : {"shop.test", "site.test"}) {
    auto slow = client();
    slow.write(get("/large.bin", "Connection: close\r\n", host));
    // So little that the app is always ahead: one who has taken all that came is not slow.
    EXPECT_LT(sip(slow, 100, 4096), large.size()) << host;
  }
}

TEST_F(SlowClients, AResponseThatIsTakenSlowlyGoesOn) {
  limits.send_idle = milliseconds(200);
  serve();
  for (const auto* host : {"shop.test", "site.test"}) {
    auto slow = client();
    slow.write(get("/large.bin", "Connection: close\r\n", host));
    EXPECT_GT(sip(slow, 100), large.size()) << host;
  }
}

TEST_F(SlowClients, AnHttp2ConnectionThatIsTakenSlowlyGoesOn) {
  limits.send_idle = milliseconds(200);
  serve();
  connect();
  constexpr std::int32_t window = 100'000'000;
  const nghttp2_settings_entry wide{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window};
  ::nghttp2_submit_settings(peer->session(), 0, &wide, 1);
  ::nghttp2_session_set_local_window_size(peer->session(), 0, 0, window);
  const int id = peer->submit(Http2Peer::get("/"));
  int sips = 0;
  ASSERT_TRUE(peer->run([&] {
    if (++sips < 100) std::this_thread::sleep_for(milliseconds(10));
    return peer->answer(id).is_ended;
  }));
  EXPECT_EQ(peer->answer(id).body.size(), large.size());
}

TEST_F(SlowClients, AnHttp2ConnectionThatNobodyTakesEnds) {
  limits.send_idle = milliseconds(200);
  serve();
  connect();
  constexpr std::int32_t window = 100'000'000;
  const nghttp2_settings_entry wide{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window};
  ::nghttp2_submit_settings(peer->session(), 0, &wide, 1);
  ::nghttp2_session_set_local_window_size(peer->session(), 0, 0, window);
  const int id = peer->submit(Http2Peer::get("/"));
  peer->send();
  ASSERT_TRUE(eventually([&] { return in_flight("shop.test-1") == 1; }));
  EXPECT_TRUE(eventually([&] { return in_flight("shop.test-1") == 0; }));
  EXPECT_FALSE(peer->run([&] { return peer->answer(id).is_ended; }));
}

// Small responses are finished as far as the app is concerned, and large ones are not.
TEST_F(SlowClients, AStreamWhoseWindowNeverOpensIsReset) {
  limits.send_idle = milliseconds(200);
  serve();
  connect();
  const nghttp2_settings_entry closed{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0};
  ::nghttp2_submit_settings(peer->session(), 0, &closed, 1);
  auto put = Http2Peer::post("/");
  const int small = peer->submit(put, Http2Peer::Body::open);
  peer->write(small, "hello");
  peer->end(small);
  const int big = peer->submit(Http2Peer::get("/"));
  ASSERT_TRUE(
      peer->run([&] { return peer->answer(small).is_ended && peer->answer(big).is_ended; }));
  for (const int id : {small, big}) {
    EXPECT_EQ(peer->answer(id).status, 200);
    EXPECT_EQ(peer->answer(id).body, "");
    EXPECT_NE(peer->answer(id).reset_code, 0U);
  }
  EXPECT_EQ(in_flight("shop.test-1"), 0);
}

}  // namespace
}  // namespace temps::proxy::testing
