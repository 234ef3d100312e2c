#include "acme/chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/text.hpp"
#include "testbed/authority.hpp"

namespace temps::acme {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

struct ChainTest : testing::Test {
  testbed::Authority authority;
  testbed::Identity identity = authority.issue(
      {.names = {"Shop.Example.org", "*.example.org", "127.0.0.1"}, .serial = "0087654321"});
  [[nodiscard]] std::string pem() const { return identity.chain + authority.pem(); }
  static std::string why(std::string_view text) {
    const auto chain = parse_chain(text);
    if (chain) return "it was read";
    EXPECT_TRUE(chain.error().is(errors::bad_certificate));
    return std::string(chain.error().detail());
  }
};

TEST(RenewalId, AgreesWithRfc9773) {
  EXPECT_EQ(renewal_id_of(from_hex("69885b6b87464041e1b37b847ba0ae2cde01c8d4").value(),
                          from_hex("0087654321").value()),
            "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
}

TEST_F(ChainTest, TellsWhomAndWhenItIsFor) {
  const auto chain = parse_chain(pem());
  ASSERT_TRUE(chain.has_value());
  EXPECT_EQ(chain->certificates.size(), 2U);
  EXPECT_THAT(chain->names, ElementsAre("shop.example.org", "*.example.org", "127.0.0.1"));
  EXPECT_EQ(chain->issuer, "Authority of a test");
  EXPECT_EQ(chain->not_after - chain->not_before, 25h);
  // The first bit is set, so DER puts a zero before it, which belongs to the id.
  EXPECT_EQ(chain->serial, "0087654321");
  EXPECT_THAT(chain->renewal_id, testing::EndsWith(".AIdlQyE"));
  EXPECT_GT(chain->renewal_id.size(), 20U);
}

TEST_F(ChainTest, IsReadWithTextAround) {
  EXPECT_TRUE(parse_chain("issued for you\n" + pem() + "\nthe end").has_value());
  EXPECT_TRUE(parse_chain(replaced(pem(), "\n", "\r\n")).has_value());
}

TEST_F(ChainTest, IsRefusedWhereItIsNone) {
  EXPECT_THAT(why(""), HasSubstr("no certificate"));
  EXPECT_THAT(why("<html>"), HasSubstr("no certificate"));
  EXPECT_THAT(why(pem() + identity.key), HasSubstr("something else"));
  EXPECT_THAT(why(pem().substr(0, 300)), HasSubstr("breaks off"));
  EXPECT_THAT(why("-----BEGIN CERTIFICATE-----\nAA!A\n-----END CERTIFICATE-----\n"),
              HasSubstr("base64"));
  EXPECT_THAT(why("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
              HasSubstr("cannot be read"));
  EXPECT_THAT(why("-----BEGIN "), HasSubstr("something else"));
  EXPECT_THAT(why(std::string(chain_bytes_max + 1, 'x')), HasSubstr("larger"));
  std::string many;
  for (int i = 0; i < 13; ++i) many += authority.pem();
  EXPECT_THAT(why(many), HasSubstr("too many"));
}

TEST_F(ChainTest, IsRefusedWhereALinkIsMissing) {
  const testbed::Authority same_name;
  EXPECT_THAT(why(identity.chain + same_name.pem()), HasSubstr("not issued by"));
  EXPECT_THAT(why(authority.pem() + identity.chain), HasSubstr("not issued by"));
}

TEST_F(ChainTest, IsCheckedAgainstWhatWasAskedFor) {
  const auto chain = parse_chain(pem()).value();
  const auto key = Key::from_pem(Secret(identity.key)).value();
  const auto now = chain.not_before + 1h;
  EXPECT_TRUE(check_chain(chain, key, {"shop.example.org", "*.example.org"}, now).has_value());
  const auto other_key = check_chain(chain, Key::generate(), {"shop.example.org"}, now);
  EXPECT_THAT(std::string(other_key.error().detail()), HasSubstr("another key"));
  // A wildcard is not a name of its own.
  const auto other_name = check_chain(chain, key, {"www.example.org"}, now);
  EXPECT_THAT(std::string(other_name.error().detail()), HasSubstr("www.example.org is not among"));
  const auto late = check_chain(chain, key, {"shop.example.org"}, chain.not_after);
  EXPECT_THAT(std::string(late.error().detail()), HasSubstr("clock"));
}

}  // namespace
}  // namespace temps::acme
