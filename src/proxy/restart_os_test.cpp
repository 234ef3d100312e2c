// An app is killed and started again, by SIGKILL and as a process of its own, while visitors of
// every kind come.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "proxy/fixture_for_tests.hpp"
#include "proxy/program_for_tests.hpp"
#include "proxy/tls_for_tests.hpp"
#include "proxy/visitors_for_tests.hpp"

namespace temps::proxy::testing {
namespace {

using std::chrono::milliseconds;

constexpr const char* address_variable = "TEMPS_TEST_APP_ADDRESS";

// What the killed process runs: this program, with this test only.
TEST(RestartedApp, DISABLED_ServesUntilItIsKilled) {
  const char* address = std::getenv(address_variable);
  ASSERT_NE(address, nullptr);
  const Origin origin(answering([](const Message&) { return response("ok"); }), address);
  std::this_thread::sleep_for(std::chrono::minutes(10));
}

class Restart : public ProxyTest {
 protected:
  static std::unique_ptr<Program> start_app() {
    return std::make_unique<Program>(
        std::vector<std::string>{"/proc/self/exe", "--gtest_also_run_disabled_tests",
                                 "--gtest_filter=RestartedApp.DISABLED_ServesUntilItIsKilled"});
  }
};

TEST_F(Restart, LosesNoRequestThatMayBeRepeated) {
  std::string address;
  {
    const Origin origin([](Peer&) {});
    address = origin.address();
  }
  ASSERT_EQ(::setenv(address_variable, address.c_str(), 1), 0);
  auto app = start_app();
  wait_seconds = 10;
  add_app("shop.test", {address});
  table.certificates.push_back(make_certificate(folder.path(), "shop", {"shop.test"}));
  start();
  Visitors visitors({.plain = proxy->addresses().at(0), .tls = tls_address()});
  for (int i = 0; i < 4; ++i) {
    const int seen = visitors.answered();
    EXPECT_TRUE(eventually([&] { return visitors.answered() > seen + 300; }));
    app->end();
    std::this_thread::sleep_for(milliseconds(100));
    app = start_app();
  }
  const int seen = visitors.answered();
  EXPECT_TRUE(eventually([&] { return visitors.answered() > seen + 300; }));
  visitors.stop();
  EXPECT_THAT(visitors.failures(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace temps::proxy::testing
