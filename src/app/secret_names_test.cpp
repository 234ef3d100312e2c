#include "app/secret_names.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>

namespace temps::app {
namespace {

TEST(SecretNames, AreKnownByTheirWords) {
  for (const auto* name : {"API_TOKEN", "DB_PASSWORD", "SESSION_SECRET", "STRIPE_KEY", "KEY",
                           "aws_secret_access_key", "SENTRY_DSN", "GOOGLE_CREDENTIALS"}) {
    EXPECT_TRUE(looks_secret(name, "x")) << name;
  }
  for (const auto* name : {"LOG_LEVEL", "KEYBOARD", "MONKEY", "API_URL", "NODE_ENV",
                           "NEXT_PUBLIC_STRIPE_KEY", "VITE_TOKEN"}) {
    EXPECT_FALSE(looks_secret(name, "x")) << name;
  }
}

TEST(SecretNames, AnAddressWithAPasswordIsASecret) {
  EXPECT_TRUE(looks_secret("DATABASE_URL", "postgres://shop:x@db/shop"));
  EXPECT_TRUE(looks_secret("CACHE", "redis://:x@cache:6379"));
  for (const auto* address :
       {"https://example.com", "postgres://shop@db/shop", "http://a:80/b@c:d", "a:b@c", "://"}) {
    EXPECT_FALSE(looks_secret("ADDRESS", address)) << address;
  }
}

}  // namespace
}  // namespace temps::app
