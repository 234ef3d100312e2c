#include "http/client.hpp"

#include <gtest/gtest.h>

#include "http/errors.hpp"

namespace temps::http {
namespace {

TEST(ParseUrl, SplitsAnAddressIntoItsParts) {
  const auto url = parse_url("http://Example.org:8080/base?x=1#top");
  ASSERT_TRUE(url.has_value());
  EXPECT_EQ(url->host, "example.org");
  EXPECT_EQ(url->port, 8080);
  EXPECT_EQ(url->path, "/base?x=1");
  EXPECT_EQ(url->authority(), "example.org:8080");
  EXPECT_EQ(parse_url("http://localhost")->authority(), "localhost");
  EXPECT_EQ(parse_url("http://localhost")->path, "/");
  EXPECT_EQ(parse_url("http://[::1]:80/")->authority(), "[::1]");
  EXPECT_EQ(parse_url("http://[::1]:81?q")->path, "/?q");
  EXPECT_FALSE(url->is_secure());
}

TEST(ParseUrl, KnowsThePortOfEachScheme) {
  const auto secure = parse_url("HTTPS://example.org/x");
  ASSERT_TRUE(secure.has_value());
  EXPECT_TRUE(secure->is_secure());
  EXPECT_EQ(secure->port, 443);
  EXPECT_EQ(secure->authority(), "example.org");
  EXPECT_EQ(parse_url("https://example.org:80")->authority(), "example.org:80");
  EXPECT_EQ(parse_url("http://example.org:443")->authority(), "example.org:443");
  EXPECT_EQ(secure->address().text(), "example.org:443");
}

TEST(ParseUrl, RefusesWhatIsNone) {
  for (const auto* text : {"localhost:8080", "ftp://x", "https://", "http://", "http://a b/",
                           "http://x:0/", "http://x:99999/", "http://x/a b", "http://u@x/"}) {
    const auto url = parse_url(text);
    EXPECT_TRUE(!url && url.error().is(errors::bad_url)) << text;
  }
}

}  // namespace
}  // namespace temps::http
