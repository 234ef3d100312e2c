#include "proxy/stickiness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace temps::proxy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string_view cookie_in(std::string_view value) {
  static http1::Fields fields;
  fields.clear();
  fields.add("Accept", "_temps_upstream=no");
  fields.add("Cookie", value);
  return sticky_cookie(fields);
}

TEST(Stickiness, FindsItsCookieAmongOthers) {
  EXPECT_EQ(cookie_in("_temps_upstream=abc"), "abc");
  EXPECT_EQ(cookie_in("a=b; _temps_upstream=abc; c=d"), "abc");
  EXPECT_EQ(cookie_in(" _temps_upstream = abc ;"), "abc");
  EXPECT_EQ(cookie_in("x_temps_upstream=abc; _temps_upstreams=d"), "");
  EXPECT_EQ(cookie_in("_temps_upstream"), "");
  EXPECT_EQ(cookie_in(";;=;"), "");
  http1::Fields two;
  two.add("cookie", "a=b");
  two.add("cookie", "_temps_upstream=abc");
  EXPECT_EQ(sticky_cookie(two), "abc");
}

TEST(Stickiness, ATokenIsAnUpstreamsOwnAndSaysNothingOfIt) {
  const auto token = sticky_token("key", "deployment-12");
  EXPECT_EQ(token, sticky_token("key", "deployment-12"));
  EXPECT_NE(token, sticky_token("key", "deployment-13"));
  EXPECT_NE(token, sticky_token("other", "deployment-12"));
  EXPECT_EQ(token.size(), 24U);
}

TEST(Stickiness, TheCookieEndsWithTheSessionAndIsNotForScripts) {
  EXPECT_EQ(set_sticky_cookie("abc", CookieScope::any),
            "_temps_upstream=abc; Path=/; HttpOnly; SameSite=Lax");
  EXPECT_THAT(set_sticky_cookie("abc", CookieScope::https), HasSubstr("; Secure"));
  EXPECT_THAT(set_sticky_cookie("abc", CookieScope::any), Not(HasSubstr("Secure")));
}

}  // namespace
}  // namespace temps::proxy
