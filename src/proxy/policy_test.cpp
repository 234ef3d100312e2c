#include "proxy/policy.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/text.hpp"

namespace temps::proxy {
namespace {

TEST(RequestRate, LetsAMinutesWorthThroughAndThenItsShare) {
  RequestRate rate(60);
  const RequestRate::Clock::time_point start{};
  for (int i = 0; i < 60; ++i) EXPECT_EQ(rate.take("a", start), 0);
  EXPECT_EQ(rate.take("a", start), 1);
  EXPECT_EQ(rate.take("b", start), 0);
  EXPECT_EQ(rate.take("a", start + std::chrono::seconds(1)), 0);
  EXPECT_GT(rate.take("a", start + std::chrono::seconds(1)), 0);
  EXPECT_EQ(rate.take("a", start + std::chrono::hours(1)), 0);
}

TEST(RequestRate, KeepsABoundedNumberOfAddresses) {
  RequestRate rate(1);
  const RequestRate::Clock::time_point start{};
  for (std::size_t i = 0; i <= RequestRate::addresses_max; ++i)
    EXPECT_EQ(rate.take(std::to_string(i), start), 0);
}

http1::RequestHead with_login(std::string_view value) {
  http1::RequestHead head;
  head.host = "shop.test";
  head.fields.add("Authorization", value);
  return head;
}

TEST(Policy, AsksForUserAndPassword) {
  // HMAC-SHA256 of "Jefe"'s message in RFC 4231 §4.3.
  routing::Policy wanted{.user = "ann",
                         .password = to_hex("Jefe") +
                                     ":5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964"
                                     "ec3843"};
  const Policy policy(wanted, nullptr);
  const auto status = [&](const std::string& value) {
    const auto objection = policy.objection(with_login(value), "1.2.3.4");
    return objection ? objection->status : 200;
  };
  EXPECT_EQ(status("Basic " + to_base64("ann:what do ya want for nothing?")), 200);
  EXPECT_EQ(status("basic " + to_base64("ann:what do ya want for nothing?")), 200);
  for (const auto& wrong :
       {std::string(), std::string("Bearer x"), std::string("Basic ?"), std::string("Basic"),
        "Basic " + to_base64("ann:wrong"), "Basic " + to_base64("bob:what do ya want for nothing?"),
        "Basic " + to_base64("ann")})
    EXPECT_EQ(status(wrong), 401) << wrong;
}

TEST(Policy, AllowsSomeAddressesOnlyAndNobodyDuringMaintenance) {
  const Policy some({.allowed = {"10.0.0.0/8", "nonsense"}}, nullptr);
  EXPECT_FALSE(some.objection(with_login(""), "10.1.2.3").has_value());
  EXPECT_EQ(some.objection(with_login(""), "11.1.2.3").value().status, 403);
  const Policy nonsense({.allowed = {"nonsense"}}, nullptr);
  EXPECT_EQ(nonsense.objection(with_login(""), "10.1.2.3").value().status, 403);
  const Policy closed({.maintenance = true}, nullptr);
  EXPECT_EQ(closed.objection(with_login(""), "10.1.2.3").value().status, 503);
}

TEST(PolicyRegistry, GoesOnCountingAcrossTables) {
  PolicyRegistry registry;
  const routing::Route route{.host = "a.test", .policy = routing::Policy{.requests_per_minute = 1}};
  const auto first = registry.get(route);
  EXPECT_FALSE(first->objection(with_login(""), "1.2.3.4").has_value());
  EXPECT_EQ(registry.get(route)->objection(with_login(""), "1.2.3.4").value().status, 429);
  EXPECT_EQ(registry.get({.host = "b.test"}), nullptr);
}

}  // namespace
}  // namespace temps::proxy
