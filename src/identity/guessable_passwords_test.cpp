#include "identity/guessable_passwords.hpp"

#include <gtest/gtest.h>

namespace temps::identity {
namespace {

TEST(GuessablePasswords, AreKnownWithDigitsAndSigns) {
  for (const auto* text : {"password123",
                           "Password2024!",
                           "P@ssw0rd123",
                           "passw0rd1!",
                           "1234567890",
                           "9876543210",
                           "qwertyuiop",
                           "qwerty123456",
                           "1q2w3e4r5t",
                           "1qaz2wsx3edc",
                           "iloveyou123",
                           "administrator",
                           "Welcome2025",
                           "letmein!!!!",
                           "abcabcabcabc",
                           "aaaaaaaaaaaa",
                           "abcdefghijkl",
                           "Summer2026!!",
                           "correcthorsebatterystaple",
                           "00000000000"}) {
    EXPECT_TRUE(is_common_password(text)) << text;
  }
}

TEST(GuessablePasswords, OthersAreNot) {
  for (const auto* text :
       {"correct horse", "battery staple", "Any-Password-88", "guess-number-one", "tr0ub4dor&3x",
        "the monkey sings", "пароль-подлиннее", "passwords are hard", "", "x"}) {
    EXPECT_FALSE(is_common_password(text)) << text;
  }
}

TEST(GuessablePasswords, TheAddressIsNoneEither) {
  EXPECT_TRUE(is_like_email("annabella", "annabella@example.org"));
  EXPECT_TRUE(is_like_email("Annabella2024!", "annabella@example.org"));
  EXPECT_TRUE(is_like_email("!!annabella1", "annabella@example.org"));
  EXPECT_FALSE(is_like_email("annabella sings", "annabella@example.org"));
  EXPECT_FALSE(is_like_email("correct horse", "ann@example.org"));
  EXPECT_FALSE(is_like_email("correct horse", ""));
}

}  // namespace
}  // namespace temps::identity
