#include "core/network.hpp"

#include <gtest/gtest.h>

namespace temps {
namespace {

TEST(Network, ContainsAddressesOfBothKinds) {
  const auto contains = [](const char* network, const char* address) {
    Networks networks;
    EXPECT_TRUE(networks.add(network)) << network;
    return networks.contains(std::string_view(address));
  };
  EXPECT_TRUE(contains("203.0.113.7", "203.0.113.7"));
  EXPECT_FALSE(contains("203.0.113.7", "203.0.113.8"));
  EXPECT_TRUE(contains("203.0.113.0/25", "203.0.113.127"));
  EXPECT_FALSE(contains("203.0.113.0/25", "203.0.113.128"));
  EXPECT_TRUE(contains("0.0.0.0/0", "8.8.8.8"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_FALSE(contains("10.0.0.0/8", "unix"));
  for (const auto* wrong : {"", "a", "1.2.3", "1.2.3.4/33", "::1/129", "1.2.3.4/", "1.2.3.4/x"})
    EXPECT_FALSE(Network::parse(wrong).has_value()) << wrong;
}

TEST(Network, HasWordsForWhatIsNotOnTheInternet) {
  Networks near;
  EXPECT_TRUE(near.empty());
  EXPECT_TRUE(near.add("loopback"));
  EXPECT_TRUE(near.contains(std::string_view("127.9.9.9")));
  EXPECT_TRUE(near.contains(std::string_view("::1")));
  EXPECT_FALSE(near.contains(std::string_view("192.168.1.1")));
  EXPECT_TRUE(near.add("private"));
  for (const auto* address : {"10.1.1.1", "172.31.0.1", "192.168.1.1", "fd00::1", "fe80::1"})
    EXPECT_TRUE(near.contains(std::string_view(address))) << address;
  for (const auto* address : {"172.32.0.1", "203.0.113.7", "2001:db8::1", "not an address"})
    EXPECT_FALSE(near.contains(std::string_view(address))) << address;
  EXPECT_FALSE(near.add("public"));
}

TEST(IpAddress, IsWrittenInItsUsualForm) {
  const auto same = [](const char* text) { return IpAddress::parse(text).value().text(); };
  EXPECT_EQ(same("2001:DB8:0::0:1"), "2001:db8::1");
  EXPECT_EQ(same("::ffff:203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(same("203.0.113.7"), "203.0.113.7");
  constexpr std::array<unsigned char, 4> four{203, 0, 113, 7};
  EXPECT_EQ(IpAddress::of(four), IpAddress::parse("203.0.113.7"));
  for (const auto* wrong : {"", "1.2.3.4:5", "[::1]", "::1%lo", "01.2.3.4", "1.2.3.4 "})
    EXPECT_FALSE(IpAddress::parse(wrong).has_value()) << wrong;
  EXPECT_FALSE(IpAddress::parse(std::string(100, '1')).has_value());
}

}  // namespace
}  // namespace temps
