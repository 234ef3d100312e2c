#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/errors.hpp"
#include "net/socket.hpp"

namespace temps::net {
namespace {

using testing::HasSubstr;

TEST(Address, ReadsHostAndPort) {
  auto address = parse_address("127.0.0.1:8080");
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(address->host, "127.0.0.1");
  EXPECT_EQ(address->port, 8080);
  EXPECT_FALSE(address->is_unix());
}

TEST(Address, TextIsWhatWasRead) {
  for (const auto* text : {"127.0.0.1:80", "[::1]:8080", "localhost:0", "unix:/run/serve.sock"}) {
    auto address = parse_address(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->text(), text);
  }
}

TEST(Address, RefusesWhatIsNoAddressAndShowsOne) {
  for (const auto* text : {"", "8080", ":8080", "localhost", "localhost:", "localhost:http",
                           "localhost:65536", "localhost:-1", "unix:"}) {
    auto address = parse_address(text);
    ASSERT_FALSE(address.has_value()) << text;
    EXPECT_TRUE(address.error().is(errors::bad_address));
  }
  EXPECT_THAT(std::string(parse_address("8080").error().detail()), HasSubstr("127.0.0.1:8080"));
}

// sockaddr_un has room for 107 bytes and the zero; more would be cut off silently.
TEST(Address, RefusesAUnixPathThatTheKernelWouldCut) {
  EXPECT_TRUE(parse_address("unix:/" + std::string(106, 'a')).has_value());
  EXPECT_FALSE(parse_address("unix:/" + std::string(107, 'a')).has_value());
}

}  // namespace
}  // namespace temps::net
