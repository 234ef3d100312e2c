#include "oidc/flows.hpp"

#include <gtest/gtest.h>

#include "core/text.hpp"
#include "crypto/crypto.hpp"

namespace temps::oidc {
namespace {

struct FlowsTest : testing::Test {
  FakeClock clock;
  Flows flows{clock};

  Departure leave(const std::string& path = "/", const std::string& address = "203.0.113.7") {
    return flows.begin({.provider = "corp", .return_path = path, .address = address}).value();
  }
  std::string code_of(const Departure& departure, const std::vector<std::string>& cookies) {
    const auto flow = flows.take(departure.state, cookies);
    return flow ? "ok" : std::string(flow.error().code().code);
  }
};

TEST_F(FlowsTest, AStateIsGoodOnceAndInItsOwnBrowser) {
  const auto departure = leave("/projects/shop");
  const auto flow = flows.take(departure.state, {"planted", departure.browser.reveal()});
  ASSERT_TRUE(flow);
  EXPECT_EQ(flow->wanted.return_path, "/projects/shop");
  EXPECT_EQ(flow->nonce, departure.nonce);
  EXPECT_EQ(to_base64url(crypto::sha256(flow->verifier.reveal())), departure.challenge);
  EXPECT_GE(flow->verifier.reveal().size(), 43U);
  EXPECT_EQ(code_of(departure, {departure.browser.reveal()}), "oidc.login_over");
}

TEST_F(FlowsTest, AnotherBrowserUsesTheStateUp) {
  const std::vector<std::vector<std::string>> wrong{{}, {""}, {leave().browser.reveal()}};
  for (const auto& cookies : wrong) {
    const auto departure = leave();
    EXPECT_EQ(code_of(departure, cookies), "oidc.other_browser");
    EXPECT_EQ(code_of(departure, {departure.browser.reveal()}), "oidc.login_over");
  }
}

TEST_F(FlowsTest, ItEndsAfterTenMinutes) {
  const auto departure = leave();
  clock.advance(Flows::lifetime);
  EXPECT_EQ(code_of(departure, {departure.browser.reveal()}), "oidc.login_over");
}

TEST_F(FlowsTest, OneNetworkHasFewLogins) {
  for (std::size_t i = 0; i < Flows::waiting_of_network_max; ++i) leave();
  const auto refused =
      flows.begin({.provider = "corp", .return_path = "/", .address = "203.0.113.7"});
  EXPECT_TRUE(refused.error().is(errors::too_many));
  leave("/", "198.51.100.1");
  clock.advance(Flows::lifetime);
  leave();
}

TEST(OwnPath, IsAPageOfThisConsole) {
  for (const auto* path : {"/", "/projects/shop?environment=staging#log", "/account/security"}) {
    EXPECT_TRUE(is_own_path(path)) << path;
  }
  for (const auto* path : {"", "projects", "//evil.example.org", "/\\evil.example.org", "\\\\evil",
                           "https://evil.example.org", "/\tevil", "/a b", "/a\nb", "javascript:1",
                           "/api/v1/me", "/\x7f"}) {
    EXPECT_FALSE(is_own_path(path)) << path;
  }
  EXPECT_FALSE(is_own_path("/" + std::string(1000, 'a')));
}

}  // namespace
}  // namespace temps::oidc
