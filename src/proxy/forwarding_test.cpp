#include "proxy/forwarding.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace temps::proxy {
namespace {

using Scheme = Forwarding::Scheme;

Forwarding read(const std::vector<std::pair<std::string, std::string>>& given) {
  http1::Fields fields;
  for (const auto& [name, value] : given) fields.add(name, value);
  Networks trusted;
  EXPECT_TRUE(trusted.add("10.0.0.0/8"));
  EXPECT_TRUE(trusted.add("2001:db8:1::/48"));
  Forwarding forwarding;
  read_forwarding(fields, trusted, forwarding);
  return forwarding;
}

std::string client(const std::string& list) { return read({{"X-Forwarded-For", list}}).address; }
std::string forwarded(const std::string& list) { return read({{"Forwarded", list}}).address; }

TEST(Forwarding, TheClientIsTheLastWhoIsNotTrusted) {
  EXPECT_EQ(client("203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(client("6.6.6.6, 203.0.113.7, 10.0.0.1,10.0.0.2"), "203.0.113.7");
  EXPECT_EQ(client("10.0.0.3, 10.0.0.2"), "10.0.0.3");  // all are trusted: the farthest
  EXPECT_EQ(client("6.6.6.6, 2001:DB8:2::7, 2001:db8:1::1"), "2001:db8:2::7");
  EXPECT_EQ(read({{"X-Forwarded-For", "6.6.6.6"},
                  {"X-Forwarded-For", "203.0.113.7"},
                  {"x-forwarded-for", "10.0.0.1"}})
                .address,
            "203.0.113.7");
}

TEST(Forwarding, AddressesMayHavePorts) {
  EXPECT_EQ(client("203.0.113.7:4711"), "203.0.113.7");
  EXPECT_EQ(client("[2001:db8:2::7]:4711, 10.0.0.1:80"), "2001:db8:2::7");
  EXPECT_EQ(client("[2001:db8:2::7]"), "2001:db8:2::7");
  EXPECT_EQ(client("::ffff:203.0.113.7"), "203.0.113.7");
}

TEST(Forwarding, BehindWhatIsNoAddressNobodyIsBelieved) {
  EXPECT_EQ(client("6.6.6.6, unknown"), "");
  EXPECT_EQ(client("6.6.6.6, unknown, 10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(client("6.6.6.6, , 10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(client("6.6.6.6,"), "");
  EXPECT_EQ(client("[6.6.6.6"), "");
  EXPECT_EQ(client(""), "");
  std::string many = "6.6.6.6";
  for (int i = 0; i < 40; ++i) many += ", 10.0.0." + std::to_string(i);
  EXPECT_EQ(client(many), "10.0.0.8");  // 32 from the end
}

TEST(Forwarding, OfTheOtherFieldsTheLastValueCounts) {
  const auto said = read({{"X-Forwarded-For", "203.0.113.7"},
                          {"X-Forwarded-Proto", "http, https"},
                          {"X-Forwarded-Host", "evil.test"},
                          {"X-Forwarded-Host", "Shop.test:8443"},
                          {"X-Forwarded-Port", "8443"}});
  EXPECT_EQ(said.scheme, Scheme::https);
  EXPECT_EQ(said.host, "Shop.test:8443");
  EXPECT_EQ(said.port, "8443");
  EXPECT_EQ(read({{"X-Forwarded-Proto", "wss"}}).scheme, Scheme::https);
  EXPECT_EQ(read({{"X-Forwarded-Proto", "ws"}}).scheme, Scheme::http);
  const auto nonsense = read(
      {{"X-Forwarded-Proto", "gopher"}, {"X-Forwarded-Host", "a b"}, {"X-Forwarded-Port", "0"}});
  EXPECT_EQ(nonsense.scheme, Scheme::unsaid);
  EXPECT_EQ(nonsense.host, "");
  EXPECT_EQ(nonsense.port, "");
}

TEST(Forwarding, ForwardedIsReadWhereItIsAlone) {
  EXPECT_EQ(forwarded("for=6.6.6.6, For=\"203.0.113.7:1\";proto=https, for=10.0.0.1"),
            "203.0.113.7");
  const auto said = read({{"Forwarded",
                           "for=6.6.6.6;host=evil.test;proto=http, "
                           "for=\"[2001:db8:2::7]:9\" ; host=\"shop.test:8443\";PROTO=https;by=_a,"
                           "for=10.0.0.1;proto=http;host=inner.test"}});
  EXPECT_EQ(said.address, "2001:db8:2::7");
  EXPECT_EQ(said.scheme, Scheme::https);
  EXPECT_EQ(said.host, "shop.test:8443");
  EXPECT_EQ(read({{"Forwarded", "for=6.6.6.6"}, {"X-Forwarded-For", "203.0.113.7"}}).address,
            "203.0.113.7");
  EXPECT_EQ(read({{"Forwarded", "for=6.6.6.6"}, {"Forwarded", "for=203.0.113.7"}}).address,
            "203.0.113.7");
  EXPECT_EQ(forwarded("for=6.6.6.6, for=_hidden"), "");
  EXPECT_EQ(forwarded("for=6.6.6.6, proto=https"), "");
}

TEST(Forwarding, ForwardedThatIsBrokenIsNotBelieved) {
  for (const auto* broken :
       {"for=\"6.6.6.6, for=203.0.113.7", "for=6.6.6.6;x=\", for=\"203.0.113.7\"", "for",
        "for:6.6.6.6", "for=6.6.6.6 proto=https", "for=\"6.6.6.6\\\"", "=6.6.6.6",
        "for=[2001:db8:2::7]"})
    EXPECT_EQ(forwarded(broken), "") << broken;
  // A broken field of the client's does not hide what the proxy says in one of its own.
  EXPECT_EQ(read({{"Forwarded", "for=\""}, {"Forwarded", "for=203.0.113.7"}}).address,
            "203.0.113.7");
}

}  // namespace
}  // namespace temps::proxy
