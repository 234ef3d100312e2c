#include "domains/name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "domains/errors.hpp"

namespace temps::domains {
namespace {

using testing::HasSubstr;

constexpr auto base = "apps.example.com";

TEST(DomainName, HasOneForm) {
  for (const auto& [given, name] : std::vector<std::pair<std::string, std::string>>{
           {"shop.example.com", "shop.example.com"},
           {"Shop.Example.COM.", "shop.example.com"},
           {"example.org", "example.org"},
           {" *.example.org", "*.example.org"},
           {"xn--bcher-kva.example", "xn--bcher-kva.example"},
           {"1.a-b.example", "1.a-b.example"},
           {"notapps.example.com", "notapps.example.com"},
           {std::string(63, 'a') + ".example", std::string(63, 'a') + ".example"}}) {
    const auto usable = usable_name(given, base);
    ASSERT_TRUE(usable.has_value()) << given << ": " << usable.error().detail();
    EXPECT_EQ(*usable, name);
  }
}

TEST(DomainName, RefusesWhatIsNoneAndSaysWhatWouldBe) {
  const std::string long_name = std::string(60, 'a') + "." + std::string(60, 'b') + "." +
                                std::string(60, 'c') + "." + std::string(60, 'd') + "." +
                                std::string(60, 'e') + ".example";
  for (const auto& [given, word] : std::vector<std::pair<std::string, std::string>>{
           {"", "1 to 63"},
           {"shop", "two or more"},
           {"*.example", "two or more"},
           {"*", "1 to 63"},
           {"a.*.example.org", "1 to 63"},
           {"*.*.example.org", "1 to 63"},
           {"-a.example.org", "hyphen"},
           {"a-.example.org", "hyphen"},
           {"a..example.org", "1 to 63"},
           {".example.org", "1 to 63"},
           {"a_b.example.org", "a_b"},
           {"a b.example.org", "a b"},
           {"b\xc3\xbc"
            "cher.example",
            "xn--"},
           {"203.0.113.7", "IP address"},
           {"2001:db8::1", "IP address"},
           {"shop.example.1", "IP address"},
           {"https://shop.example.org/cart", "without port and path: shop.example.org"},
           {"shop.example.org:8080", "without port and path: shop.example.org"},
           {std::string(64, 'a') + ".example", "1 to 63"},
           {long_name, "253"}}) {
    const auto usable = usable_name(given, base);
    ASSERT_FALSE(usable.has_value()) << given;
    EXPECT_TRUE(usable.error().is(errors::bad_name)) << given;
    EXPECT_THAT(std::string(usable.error().detail()), HasSubstr(word)) << given;
  }
}

TEST(DomainName, IsNotThePlatformsOwn) {
  for (const auto* given : {"apps.example.com", "shop.apps.example.com", "*.apps.example.com",
                            "a.b.apps.example.com"}) {
    const auto usable = usable_name(given, base);
    ASSERT_FALSE(usable.has_value()) << given;
    EXPECT_TRUE(usable.error().is(errors::below_base)) << given;
  }
  EXPECT_TRUE(usable_name("shop.localhost", "localhost").error().is(errors::below_base));
  EXPECT_TRUE(usable_name("shop.example.com", "203.0.113.7").has_value());
}

TEST(RedirectTarget, HasOneForm) {
  for (const auto& [given, target] : std::vector<std::pair<std::string, std::string>>{
           {"https://example.com/", "https://example.com"},
           {"HTTPS://Example.com/Shop/", "https://example.com/Shop"},
           {"http://example.com:8080", "http://example.com:8080"},
           {"https://203.0.113.7", "https://203.0.113.7"}}) {
    const auto usable = usable_target(given, "shop.example.com");
    ASSERT_TRUE(usable.has_value()) << given << ": " << usable.error().detail();
    EXPECT_EQ(*usable, target);
  }
}

TEST(RedirectTarget, RefusesWhatIsNoneAndLoops) {
  for (const auto& [given, word] : std::vector<std::pair<std::string, std::string>>{
           {"example.com", "https://example.com"},
           {"ftp://example.com", "https://example.com"},
           {"https://", "https://example.com"},
           {"https://a b", "https://example.com"},
           {"https://example.com/\r\nX: y", "https://example.com"},
           {"https://exa_mple.com", "exa_mple"},
           {"https://example.com:99999", "99999"},
           {"https://example.com?a=b", "without ?"},
           {"https://example.com/" + std::string(2000, 'a'), "https://example.com"},
           {"https://Shop.example.com/path", "itself"}}) {
    const auto usable = usable_target(given, "shop.example.com");
    ASSERT_FALSE(usable.has_value()) << given;
    EXPECT_TRUE(usable.error().is(errors::bad_redirect)) << given;
    EXPECT_THAT(std::string(usable.error().detail()), HasSubstr(word)) << given;
  }
  EXPECT_TRUE(check_status(301).has_value());
  EXPECT_FALSE(check_status(200).has_value());
}

TEST(Name, IsNotTheConsoles) {
  EXPECT_TRUE(refuse_console("shop.example.org", "temps.example.org").has_value());
  const auto refused = refuse_console("temps.example.org", "temps.example.org");
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::below_base));
}

}  // namespace
}  // namespace temps::domains
