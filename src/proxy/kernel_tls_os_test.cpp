// What is special where the kernel encrypts. On a kernel that does not offer it, these hold the
// proxy to the same without; with it, they run in tests/system/kernel_tls/check, as all tests of
// TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/kernel_tls.hpp"
#include "proxy/tls_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

struct KernelTlsTest : ProxyTest {
  std::string trust;
  const std::string large = std::string(3'000'000, 'k');
  Origin origin{answering([this](const Message& request) {
    return response(request.head.starts_with("GET /large") ? large : "small");
  })};

  void serve() {
    add_app("shop.test", {origin.address()});
    table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
    trust = table.certificates.back().chain;
    start();
  }
  [[nodiscard]] TlsWish wish() const { return {.name = "shop.test", .trust = trust}; }
};

TEST_F(KernelTlsTest, TheReportSaysWhetherItIsUsed) {
  serve();
  const auto expected =
      KernelTls::is_offered() ? routing::KernelTls::used : routing::KernelTls::not_offered;
  const auto reply = control({.report = true});
  ASSERT_TRUE(reply.report.has_value());
  EXPECT_EQ(reply.report->kernel_tls, expected);
}

TEST_F(KernelTlsTest, IsNotUsedWhereItIsTurnedOff) {
  kernel_tls = false;
  serve();
  const auto reply = control({.report = true});
  ASSERT_TRUE(reply.report.has_value());
  EXPECT_EQ(reply.report->kernel_tls, routing::KernelTls::off);
  TlsPeer peer(tls_address(), wish());
  ASSERT_TRUE(peer.shake_hands());
  EXPECT_EQ(peer.ask(get("/large")).body, large);
}

TEST_F(KernelTlsTest, AClientMayTakeNewKeys) {
  serve();
  TlsPeer peer(tls_address(), wish());
  ASSERT_TRUE(peer.shake_hands());
  EXPECT_EQ(peer.ask(get("/")).body, "small");
  ASSERT_TRUE(peer.update_keys(SSL_KEY_UPDATE_NOT_REQUESTED));
  EXPECT_EQ(peer.ask(get("/large")).body, large);
}

TEST_F(KernelTlsTest, AClientThatAsksForNewKeysGetsThemOrIsLetGo) {
  serve();
  TlsPeer peer(tls_address(), wish());
  ASSERT_TRUE(peer.shake_hands());
  EXPECT_EQ(peer.ask(get("/")).body, "small");
  ASSERT_TRUE(peer.update_keys(SSL_KEY_UPDATE_REQUESTED));
  EXPECT_EQ(peer.ask(get("/")).body, KernelTls::is_offered() ? "" : "small");
  TlsPeer next(tls_address(), wish());
  ASSERT_TRUE(next.shake_hands());
  EXPECT_EQ(next.ask(get("/")).body, "small");
}

// The client takes nothing while all of it is sent, as far as there is room.
TEST_F(KernelTlsTest, ASlowClientGetsAllBeforeTheEnd) {
  serve();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto slow = wish();
    slow.version_max = version;
    TlsPeer peer(tls_address(), slow);
    ASSERT_TRUE(peer.shake_hands());
    peer.write(get("/large", "Connection: close\r\n"));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const auto answer = peer.read_message();
    EXPECT_TRUE(answer.is_whole);
    EXPECT_EQ(answer.body, large);
    EXPECT_EQ(peer.read_some(), "");
    EXPECT_TRUE(peer.is_told_of_end());
  }
}

}  // namespace
}  // namespace temps::proxy::testing
