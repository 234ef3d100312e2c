#include "identity/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/authentication.hpp"
#include "identity/errors.hpp"
#include "identity/login_limits.hpp"

namespace temps::identity {
namespace {

using testing::ElementsAre;
using testing::Field;

TEST(UserRules, AcceptOrdinaryAddressesAndPasswords) {
  EXPECT_TRUE(check_new_user("ann@example.org", Secret("correct horse")));
  EXPECT_TRUE(check_new_user("ann+x@localhost", Secret("пароль-пароль")));
  EXPECT_EQ(normal_email("  Ann@Example.ORG "), "ann@example.org");
}

TEST(UserRules, NameEveryFieldThatDoesNotDo) {
  const auto wrong = check_new_user("ann", Secret("short"));
  ASSERT_FALSE(wrong.has_value());
  EXPECT_TRUE(wrong.error().is(errors::bad_user));
  EXPECT_THAT(wrong.error().fields(), ElementsAre(Field(&FieldError::pointer, "/email"),
                                                  Field(&FieldError::pointer, "/password")));
}

TEST(UserRules, RefuseOddAddresses) {
  for (const auto* email : {"", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\n", "\xff@b"}) {
    EXPECT_FALSE(check_new_user(email, Secret("correct horse"))) << email;
  }
  EXPECT_FALSE(check_new_user(std::string(250, 'a') + "@b.org", Secret("correct horse")));
}

TEST(UserRules, RefuseWeakAndEndlessPasswords) {
  const auto refused = [](std::string password) {
    return !check_password(Secret(std::move(password)), "ann@example.org");
  };
  EXPECT_TRUE(refused("ninechars"));
  EXPECT_TRUE(refused("пароль"));  // twelve bytes, six characters
  EXPECT_TRUE(refused("Ann@Example.org"));
  EXPECT_TRUE(refused("aaaaaaaaaaaa"));
  EXPECT_TRUE(refused(std::string(128, 'a') + std::string(129, 'b')));
  EXPECT_FALSE(refused("ten chars!"));
}

TEST(KeyIn, ReadsTheKeyWhereProgramsPutIt) {
  EXPECT_EQ(key_in("Bearer tk_x"), "tk_x");
  EXPECT_EQ(key_in("bearer  tk_x "), "tk_x");
  EXPECT_EQ(key_in("Basic YW5uOnRrX3g="), "tk_x");  // ann:tk_x
  EXPECT_EQ(key_in("Basic dGtfeDo="), "tk_x");      // tk_x:
  EXPECT_EQ(key_in("Basic !!"), std::nullopt);
  EXPECT_EQ(key_in("Digest x"), std::nullopt);
}

struct LoginLimitsTest : testing::Test {
  FakeClock clock;
  LoginLimits limits{clock};
  // How many attempts pass until one is refused.
  int passing(std::string_view email, std::string_view address) {
    for (int i = 0; i < 1000; ++i) {
      if (!limits.attempt(email, address)) return i;
    }
    return 1000;
  }
};

TEST_F(LoginLimitsTest, OneAddressMayTryOneAccountAFewTimes) {
  EXPECT_EQ(passing("ann@x", "192.0.2.1"), LoginLimits::pair_max);
  clock.advance(std::chrono::minutes(10));
  const auto refused = limits.attempt("ann@x", "192.0.2.1");
  EXPECT_TRUE(refused.error().is(errors::too_many_attempts));
  EXPECT_EQ(refused.error().retry_after(), std::chrono::minutes(5));
  EXPECT_TRUE(limits.attempt("ann@x", "192.0.2.2"));
  clock.advance(std::chrono::minutes(5));
  EXPECT_TRUE(limits.attempt("ann@x", "192.0.2.1"));
}

TEST_F(LoginLimitsTest, OneAddressCannotTryManyAccounts) {
  std::uint32_t passed = 0;
  for (int i = 0; i < 100; ++i) {
    if (limits.attempt("user" + std::to_string(i) + "@x", "192.0.2.1")) ++passed;
  }
  EXPECT_EQ(passed, LoginLimits::address_max);
}

TEST_F(LoginLimitsTest, ManyAddressesCannotTryOneAccountForever) {
  std::uint32_t passed = 0;
  for (int i = 0; i < 1000; ++i) {
    if (limits.attempt("ann@x", "192.0.2." + std::to_string(i))) ++passed;
  }
  EXPECT_EQ(passed, LoginLimits::account_max);
}

TEST_F(LoginLimitsTest, TheRightPasswordMakesRoomAgain) {
  for (std::uint32_t i = 0; i < 10 * LoginLimits::pair_max; ++i) {
    EXPECT_TRUE(limits.attempt("ann@x", "192.0.2.1"));
    limits.succeeded("ann@x", "192.0.2.1");
  }
}

TEST_F(LoginLimitsTest, StaysBoundedUnderManyAddresses) {
  for (std::size_t i = 0; i < LoginLimits::entries_max * 2; ++i) {
    (void)limits.attempt("ann" + std::to_string(i) + "@x", std::to_string(i));
  }
  EXPECT_EQ(passing("ben@x", "192.0.2.1"), LoginLimits::pair_max);
}

TEST_F(LoginLimitsTest, AHouseholdsIpv6AddressesCountAsOne) {
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2:ffff::1"));
  EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
  EXPECT_EQ(network_of("192.0.2.1"), "192.0.2.1");
}

}  // namespace
}  // namespace temps::identity
