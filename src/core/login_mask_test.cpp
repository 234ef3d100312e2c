#include "core/login_mask.hpp"

#include <gtest/gtest.h>

namespace temps {
namespace {

TEST(LoginMask, HidesWhatStandsBeforeAHost) {
  EXPECT_EQ(without_logins("https://ann:pw@host/a@b"), "https://****@host/a@b");
  EXPECT_EQ(without_logins("clone https://token@host and http://a:b@c@d"),
            "clone https://****@host and http://****@d");
  EXPECT_EQ(without_logins("postgres://shop:pw@db/shop"), "postgres://shop:****@db/shop");
}

TEST(LoginMask, LeavesOtherTextsAlone) {
  for (const auto* text : {"", "://", "://@", "ssh://git@host/x", "https://host/?to=ann@b:c",
                           "https://host:80", "ann@example.com", "a://b"}) {
    EXPECT_EQ(without_logins(text), text);
  }
}

}  // namespace
}  // namespace temps
