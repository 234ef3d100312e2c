#include "crypto/crypto.hpp"

#include <gtest/gtest.h>

#include "core/text.hpp"

namespace temps::crypto {
namespace {

std::string hex(std::string_view text) { return from_hex(text).value(); }

TEST(Sha1, AgreesWithFips180) {
  EXPECT_EQ(to_hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

TEST(Sha256, AgreesWithFips180) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(sha256("abc").size(), 32U);
}

TEST(HmacSha256, AgreesWithRfc4231) {
  EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\xaa'), std::string(50, '\xdd'))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(131, '\xaa'),
                               "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, TakesAnEmptyKeyForWhatItIs) {
  static_cast<void>(hmac_sha256("another key", "x"));
  EXPECT_EQ(to_hex(hmac_sha256({}, {})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(ConstantTimeEqual, ComparesAllBytes) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_FALSE(equal_in_constant_time(std::string("a\0b", 3), std::string("a\0c", 3)));
}

TEST(Passwords, AreVerifiedAgainstTheirHash) {
  const auto encoded = hash_password(Secret("correct horse")).value();
  EXPECT_TRUE(encoded.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  const auto right = verify_password(encoded, Secret("correct horse"));
  EXPECT_TRUE(right.ok);
  EXPECT_FALSE(right.needs_rehash);
  EXPECT_FALSE(verify_password(encoded, Secret("correct horsf")).ok);
  EXPECT_FALSE(verify_password(encoded, Secret("")).ok);
}

TEST(Passwords, HaveASaltOfTheirOwn) {
  EXPECT_NE(hash_password(Secret("same")).value(), hash_password(Secret("same")).value());
}

TEST(Passwords, OfOlderSettingsAskForANewHash) {
  // From the test suite of the reference implementation.
  const auto old = verify_password(
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
      Secret("password"));
  EXPECT_TRUE(old.ok);
  EXPECT_TRUE(old.needs_rehash);
}

TEST(Passwords, AreRefusedWhenTooLong) {
  const Secret longest(std::string(password_bytes_max, 'x'));
  const Secret longer(std::string(password_bytes_max + 1, 'x'));
  EXPECT_TRUE(hash_password(longest).has_value());
  EXPECT_TRUE(hash_password(longer).error().is(errors::password_too_long));
}

TEST(Passwords, DoNotVerifyAgainstWhatIsNoHash) {
  for (const std::string_view text :
       {"", "x", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$$", "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=2000000,p=1$c29tZXNhbHQ$"
        "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GR"}) {
    EXPECT_FALSE(verify_password(text, Secret("password")).ok) << text;
  }
}

// NIST's GCM test cases 13, 14 and 16 (The Galois/Counter Mode of Operation, appendix B).
TEST(Sealing, OpensNistsVectors) {
  const Secret zero(std::string(32, '\0'));
  const std::string nonce(12, '\0');
  EXPECT_EQ(open(zero, nonce + hex("530f8afbc74536b9a963b4f1c4cb738b")).value().reveal(), "");
  EXPECT_EQ(open(zero, nonce + hex("cea7403d4d606b6e074ec5d3baf39d18"
                                   "d0d1c8a799996bf0265b98b5d48ab919"))
                .value()
                .reveal(),
            std::string(16, '\0'));
  const auto half = hex("feffe9928665731c6d6a8f9467308308");
  const auto opened = open(Secret(half + half),
                           hex("cafebabefacedbaddecaf888"
                               "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                               "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                               "76fc6ece0f4e1768cddf8853bb2d551b"),
                           hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(to_hex(opened->reveal()),
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
            "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
}

TEST(Sealing, GivesBackWhatWasSealed) {
  const auto key = new_seal_key();
  for (const std::string& text :
       {std::string(), std::string("secret"), std::string(100'000, 'x')}) {
    const auto sealed = seal(key, text, "row 7").value();
    EXPECT_EQ(sealed.size(), text.size() + 28);
    EXPECT_EQ(open(key, sealed, "row 7").value().reveal(), text);
  }
  EXPECT_NE(seal(key, "same").value(), seal(key, "same").value());
}

TEST(Sealing, RefusesWhatIsNotAuthentic) {
  const auto key = new_seal_key();
  const auto sealed = seal(key, "secret", "row 7").value();
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    auto changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_TRUE(open(key, changed, "row 7").error().is(errors::not_authentic)) << at;
  }
  EXPECT_TRUE(open(key, sealed, "row 8").error().is(errors::not_authentic));
  EXPECT_TRUE(open(new_seal_key(), sealed, "row 7").error().is(errors::not_authentic));
  EXPECT_TRUE(open(key, sealed.substr(1), "row 7").error().is(errors::not_authentic));
  EXPECT_TRUE(open(key, sealed.substr(0, 27), "row 7").error().is(errors::not_authentic));
  EXPECT_TRUE(open(key, "", "row 7").error().is(errors::not_authentic));
}

TEST(Sealing, RefusesAKeyOfTheWrongLength) {
  EXPECT_TRUE(seal(Secret("short"), "x").error().is(errors::bad_key));
  EXPECT_TRUE(open(Secret(std::string(33, 'k')), std::string(40, 'x')).error().is(errors::bad_key));
}

}  // namespace
}  // namespace temps::crypto
