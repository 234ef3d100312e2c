#include "identity/totp.hpp"

#include <gtest/gtest.h>

namespace temps::identity {
namespace {

using namespace std::chrono_literals;

// RFC 6238, appendix B; its codes have eight digits, of which these are the last six.
const Secret key{"12345678901234567890"};

Instant at(std::int64_t seconds) { return Instant(std::chrono::seconds{seconds}); }

TEST(Totp, YieldsTheCodesOfTheStandard) {
  EXPECT_EQ(totp_code(key, totp_step(at(59))), "287082");
  EXPECT_EQ(totp_code(key, totp_step(at(1'111'111'109))), "081804");
  EXPECT_EQ(totp_code(key, totp_step(at(1'111'111'111))), "050471");
  EXPECT_EQ(totp_code(key, totp_step(at(1'234'567'890))), "005924");
  EXPECT_EQ(totp_code(key, totp_step(at(2'000'000'000))), "279037");
  EXPECT_EQ(totp_code(key, totp_step(at(20'000'000'000))), "353130");
}

TEST(Totp, TakesTheNeighboursAndNoOthers) {
  const auto now = at(1'234'567'890);
  for (const auto offset : {-30s, 0s, 30s}) {
    const auto step = totp_step(now + offset);
    EXPECT_EQ(matching_step(key, totp_code(key, step), now, 0), step);
  }
  for (const auto offset : {-60s, 60s}) {
    EXPECT_FALSE(matching_step(key, totp_code(key, totp_step(now + offset)), now, 0));
  }
}

TEST(Totp, TakesNoCodeTwiceAndNoneThatIsOlder) {
  const auto now = at(1'234'567'890);
  const auto step = totp_step(now);
  EXPECT_FALSE(matching_step(key, totp_code(key, step), now, step));
  EXPECT_FALSE(matching_step(key, totp_code(key, step - 1), now, step));
  EXPECT_EQ(matching_step(key, totp_code(key, step + 1), now, step), step + 1);
}

TEST(Totp, RefusesWhatIsNoCode) {
  for (const auto* text : {"", "00592", "0059241", "5924", "005924 ", "+05924"}) {
    EXPECT_FALSE(matching_step(key, text, at(1'234'567'890), 0)) << text;
  }
}

TEST(Totp, WritesBase32) {
  // RFC 4648 §10, without the padding.
  EXPECT_EQ(to_base32(""), "");
  EXPECT_EQ(to_base32("f"), "MY");
  EXPECT_EQ(to_base32("fo"), "MZXQ");
  EXPECT_EQ(to_base32("foo"), "MZXW6");
  EXPECT_EQ(to_base32("foob"), "MZXW6YQ");
  EXPECT_EQ(to_base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
}

TEST(Totp, TheAddressForTheAppIsEscaped) {
  EXPECT_EQ(otpauth_uri("ABC", "ann+x@example.org", "My Temps"),
            "otpauth://totp/My%20Temps:ann%2Bx%40example.org?secret=ABC&issuer=My%20Temps"
            "&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
}  // namespace temps::identity
