#include "net/dns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "net/errors.hpp"

namespace temps::net {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;

// shop.example IN A, answered with a CNAME to edge.example and its address.
const std::string answer =
    "\x12\x34\x81\x80\0\1\0\2\0\0\0\0"
    "\4shop\7example\0\0\1\0\1"
    "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\x07\4edge\xc0\x11"
    "\xc0\x2a\0\1\0\1\0\0\0\x3c\0\4\xcb\0\x71\7"s;

TEST(DnsMessage, HasTheAddressesAndTheAlias) {
  const auto records = parse_dns_message(answer);
  ASSERT_TRUE(records.has_value()) << records.error().detail();
  EXPECT_THAT(records->addresses, ElementsAre("203.0.113.7"));
  EXPECT_EQ(records->alias, "edge.example");
}

TEST(DnsMessage, HasTextsThatAreSentInPieces) {
  const auto texts =
      "\x12\x34\x81\x80\0\0\0\2\0\0\0\0"
      "\1a\0\0\x10\0\1\0\0\0\x3c\0\x07\3one\2 2"
      "\1a\0\0\x10\0\1\0\0\0\x3c\0\1\0"s;
  const auto records = parse_dns_message(texts);
  ASSERT_TRUE(records.has_value()) << records.error().detail();
  EXPECT_THAT(records->texts, ElementsAre("one 2", ""));
  auto broken = texts;
  broken[25] = '\x09';  // a piece that is longer than its record
  EXPECT_FALSE(parse_dns_message(broken).has_value());
}

TEST(DnsMessage, ThatEndsTooEarlyIsRefusedWhereverItEnds) {
  for (std::size_t size = 0; size < answer.size(); ++size) {
    const auto records = parse_dns_message(std::string_view(answer).substr(0, size));
    ASSERT_FALSE(records.has_value()) << size;
    EXPECT_TRUE(records.error().is(errors::bad_answer));
  }
}

TEST(IpAddress, HasOneWayToBeWritten) {
  EXPECT_EQ(canonical_address("203.0.113.7"), "203.0.113.7");
  EXPECT_EQ(canonical_address("2001:DB8:0:0::1"), "2001:db8::1");
  for (const auto* text :
       {"", "203.0.113", "203.0.113.07.1", "shop.example", "::1%lo", "1.2.3.4 "}) {
    EXPECT_EQ(canonical_address(text), std::nullopt) << text;
  }
}

TEST(IpAddress, IsPublicWhereTheInternetReachesIt) {
  for (const auto* text : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2600::1"}) {
    EXPECT_TRUE(is_public_address(text)) << text;
  }
  for (const auto* text :
       {"10.1.2.3", "172.31.255.255", "192.168.0.1", "127.0.0.1", "100.64.0.1", "169.254.1.1",
        "224.0.0.1", "255.255.255.255", "0.0.0.0", "::1", "fe80::1", "fd00::1", "::", "nonsense"}) {
    EXPECT_FALSE(is_public_address(text)) << text;
  }
}

}  // namespace
}  // namespace temps::net
