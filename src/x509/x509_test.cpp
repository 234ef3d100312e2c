#include "x509/x509.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "x509/authority_for_tests.hpp"

namespace temps::x509 {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr Instant now{std::chrono::seconds{1'700'000'000}};

struct X509Test : testing::Test {
  AuthorityForTests authority;

  Issued issued(KeyKind key) {
    return authority.issue(
        {.names = {"shop.example.com"}, .from = now - 24h, .until = now + 48h, .key = key});
  }
  static Chain chain_of(const std::string& pem) {
    auto chain = read_chain(pem);
    EXPECT_TRUE(chain.has_value()) << (chain ? "" : chain.error().detail());
    return chain ? *chain : Chain{};
  }
};

void expect_refused(const Result<Chain>& chain, const ErrorCode& code, std::string_view word) {
  ASSERT_FALSE(chain.has_value()) << word;
  EXPECT_TRUE(chain.error().is(code)) << chain.error().code().code;
  EXPECT_THAT(std::string(chain.error().detail()), HasSubstr(std::string(word)));
}

TEST_F(X509Test, ReadsWhatACertificateSays) {
  const auto one =
      authority.issue({.names = {"Shop.example.com", "*.a.example", "shop.example.com"},
                       .from = now - 24h,
                       .until = now + 48h});
  const auto chain = chain_of(one.certificate + authority.certificate());
  EXPECT_THAT(chain.names, ElementsAre("*.a.example", "shop.example.com"));
  EXPECT_EQ(chain.issuer, "Authority of the Tests");
  EXPECT_EQ(chain.not_before, now - 24h);
  EXPECT_EQ(chain.not_after, now + 48h);
  EXPECT_EQ(chain.algorithm, Algorithm::ecdsa);
  EXPECT_FALSE(chain.serial.empty());
  EXPECT_EQ(chain.fingerprint.size(), 64U);
  EXPECT_EQ(chain.pem, one.certificate + authority.certificate());
}

TEST_F(X509Test, KeepsNothingButTheCertificates) {
  const auto one = issued(KeyKind::p256);
  const auto chain = chain_of("a comment\n" + one.key + one.certificate + one.key);
  EXPECT_EQ(chain.pem, one.certificate);
  EXPECT_THAT(chain.pem, Not(HasSubstr("PRIVATE")));
}

TEST_F(X509Test, AcceptsTheKeysThatBrowsersKnowWithTheirPrivateHalf) {
  for (const auto& [kind, algorithm] :
       {std::pair{KeyKind::rsa_2048, Algorithm::rsa}, std::pair{KeyKind::p256, Algorithm::ecdsa},
        std::pair{KeyKind::p384, Algorithm::ecdsa},
        std::pair{KeyKind::ed25519, Algorithm::ed25519}}) {
    const auto one = issued(kind);
    const auto chain = chain_of(one.certificate);
    EXPECT_EQ(chain.algorithm, algorithm);
    const auto key = read_key(Secret(one.key), chain);
    ASSERT_TRUE(key.has_value()) << key.error().detail();
    EXPECT_THAT(key->reveal(), HasSubstr("BEGIN PRIVATE KEY"));
  }
}

TEST_F(X509Test, RefusesWeakKeysAndSignatures) {
  expect_refused(read_chain(issued(KeyKind::rsa_1024).certificate), errors::weak, "1024");
  expect_refused(read_chain(issued(KeyKind::p521).certificate), errors::weak, "secp521r1");
  const auto weak = authority.issue(
      {.names = {"a.example"}, .from = now, .until = now + 1h, .weak_signature = true});
  expect_refused(read_chain(weak.certificate), errors::weak, "SHA-1");
}

TEST_F(X509Test, RefusesAChainInAnotherOrder) {
  const auto one = issued(KeyKind::p256);
  AuthorityForTests other("Somebody Else");
  expect_refused(read_chain(one.certificate + other.certificate()), errors::bad_chain,
                 "Somebody Else");
  expect_refused(read_chain(authority.certificate() + one.certificate), errors::no_names,
                 "Authority of the Tests");
  // The same name is not the same authority.
  const AuthorityForTests twin;
  expect_refused(read_chain(one.certificate + twin.certificate()), errors::bad_chain, "signed by");
  std::string many = one.certificate;
  for (int i = 0; i < 10; ++i) many += authority.certificate();
  expect_refused(read_chain(many), errors::bad_chain, "more than 10");
}

TEST_F(X509Test, RefusesWhatIsNoCertificate) {
  const auto one = issued(KeyKind::p256);
  expect_refused(read_chain(""), errors::bad_pem, "BEGIN CERTIFICATE");
  expect_refused(read_chain(one.key), errors::bad_pem, "BEGIN CERTIFICATE");
  auto damaged = one.certificate;
  damaged[damaged.size() / 2] = '!';
  expect_refused(read_chain(damaged), errors::bad_pem, "damaged");
  expect_refused(read_chain(one.certificate + damaged), errors::bad_pem, "certificate 2");
  expect_refused(read_chain(std::string(chain_bytes_max + 1, 'a')), errors::too_large, "bytes");
  const auto nobody = authority.issue({.names = {}, .from = now, .until = now + 1h});
  expect_refused(read_chain(nobody.certificate), errors::no_names, "names no host");
}

TEST_F(X509Test, HoldsTheDatesAgainstTheClock) {
  const auto chain = chain_of(issued(KeyKind::p256).certificate);
  EXPECT_TRUE(check_dates(chain, now).has_value());
  EXPECT_TRUE(check_dates(chain, now + 48h).error().is(errors::expired));
  EXPECT_TRUE(check_dates(chain, now - 25h).error().is(errors::not_yet_valid));
}

TEST_F(X509Test, RefusesAKeyThatIsNotTheCertificates) {
  const auto one = issued(KeyKind::p256);
  const auto chain = chain_of(one.certificate);
  const auto other = read_key(Secret(issued(KeyKind::p256).key), chain);
  EXPECT_TRUE(other.error().is(errors::key_mismatch));
  const auto another_kind = read_key(Secret(issued(KeyKind::rsa_2048).key), chain);
  EXPECT_TRUE(another_kind.error().is(errors::key_mismatch));
  for (const auto& text : {std::string{}, one.certificate, std::string("nonsense")}) {
    EXPECT_TRUE(read_key(Secret(text), chain).error().is(errors::bad_key)) << text;
  }
  const auto locked = read_key(
      Secret("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"),
      chain);
  EXPECT_THAT(std::string(locked.error().detail()), HasSubstr("passphrase"));
  EXPECT_TRUE(
      read_key(Secret(std::string(key_bytes_max + 1, 'a')), chain).error().is(errors::too_large));
}

TEST_F(X509Test, PutsNoControlCharactersIntoTheNameOfTheIssuer) {
  AuthorityForTests odd("Odd\x1b[31m\nName");
  const auto one = odd.issue({.names = {"a.example"}, .from = now, .until = now + 1h});
  EXPECT_EQ(chain_of(one.certificate).issuer, "Odd?[31m?Name");
}

}  // namespace
}  // namespace temps::x509
