#include "sources/address.hpp"

#include <gmock/gmock.h>

#include "sources/errors.hpp"

namespace temps::sources {
namespace {

using testing::HasSubstr;

TEST(RepositoryUrl, TakesWhatPeoplePaste) {
  for (const auto& [given, text] : std::initializer_list<std::pair<const char*, const char*>>{
           {"https://github.com/ann/shop.git", "https://github.com/ann/shop.git"},
           {" https://GitHub.com/ann/shop ", "https://github.com/ann/shop"},
           {"https://git.example.com:8443/a/b/c.git", "https://git.example.com:8443/a/b/c.git"},
           {"ssh://git@example.com/shop.git", "ssh://git@example.com/shop.git"},
           {"ssh://example.com:2222/~ann/shop", "ssh://git@example.com:2222/~ann/shop"},
           {"git@github.com:ann/shop.git", "git@github.com:ann/shop.git"},
           {"github.com:ann/shop.git", "git@github.com:ann/shop.git"},
           {"https://[2001:db8::1]:8443/shop", "https://[2001:db8::1]:8443/shop"}}) {
    const auto url = RepositoryUrl::parse(given);
    ASSERT_TRUE(url.has_value()) << given << ": " << url.error().detail();
    EXPECT_EQ(url->text(), text);
    const auto again = RepositoryUrl::parse(url->text());
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->text(), text);
  }
}

TEST(RepositoryUrl, RefusesOtherTransportsAndWhatGitOrAShellTakesForMore) {
  for (const auto* given : {"",
                            "shop",
                            "/srv/git/shop.git",
                            "../shop",
                            "file:///etc/passwd",
                            "git://example.com/shop",
                            "ftp://example.com/shop",
                            "ext::sh -c touch% /tmp/x",
                            "fd::17/foo",
                            "https://example.com",
                            "https:///shop",
                            "https://example.com/",
                            "https://-oProxyCommand=x/shop",
                            "ssh://-oProxyCommand=touch/shop",
                            "ssh://git@-oProxyCommand=x/shop",
                            "-oProxyCommand=x:shop",
                            "git@host:-upload-pack",
                            "ssh://host/-x",
                            "https://host/a b",
                            "https://host/a\nb",
                            "https://host/$(id)",
                            "https://host/`id`",
                            "https://host/a;b",
                            "https://host/a'b",
                            "https://host/a?x=1",
                            "https://host/a#x",
                            "https://host:0/a",
                            "https://host:99999/a",
                            "https://host:x/a",
                            "https://ho_st/a",
                            "https://[::1/a",
                            "https://[host]/a",
                            "ssh://a:b@host/shop",
                            "--upload-pack=x",
                            "git@ho st:x"}) {
    const auto url = RepositoryUrl::parse(given);
    EXPECT_FALSE(url.has_value()) << given;
    if (!url) EXPECT_TRUE(url.error().is(errors::bad_url));
  }
  EXPECT_FALSE(RepositoryUrl::parse("https://host/" + std::string(3000, 'a')).has_value());
}

TEST(RepositoryUrl, SaysWhereCredentialsBelong) {
  const auto url = RepositoryUrl::parse("https://ann:ghp_secret@github.com/ann/shop");
  ASSERT_FALSE(url.has_value());
  EXPECT_THAT(std::string(url.error().detail()), HasSubstr("token"));
  EXPECT_THAT(std::string(url.error().detail()), testing::Not(HasSubstr("ghp_secret")));
}

TEST(RepositoryUrl, ATokenIsMeantForOneHostPortAndScheme) {
  const auto origin = [](const char* text) { return RepositoryUrl::parse(text)->origin(); };
  EXPECT_EQ(origin("https://host/a"), origin("https://host:443/b"));
  EXPECT_NE(origin("https://host/a"), origin("http://host/a"));
  EXPECT_NE(origin("https://host/a"), origin("https://host:444/a"));
}

TEST(Branch, IsANameAndNoPattern) {
  for (const auto* good : {"main", "feature/login", "v1.2", "fix-#12", "ü"}) {
    EXPECT_TRUE(check_branch(good).has_value()) << good;
  }
  for (const auto* bad :
       {"",   "-x", "--upload-pack=x", "a b",    "a:b",  "a*",   "a..b", "/a", "a/",   "a~1",
        "a^", "@",  "a@{1}",           "a.lock", "a/.b", "a\\b", "a?",   "a[", "a\nb", "a."}) {
    EXPECT_FALSE(check_branch(bad).has_value()) << bad;
  }
}

TEST(InnerAddress, IsThisMachineItsLinkAndWhatEmbedsThem) {
  const std::vector<IpAddress> own{*IpAddress::parse("198.51.100.7")};
  for (const auto* inner : {"127.0.0.1",
                            "127.8.9.10",
                            "0.0.0.0",
                            "169.254.169.254",
                            "224.0.0.1",
                            "255.255.255.255",
                            "::1",
                            "::",
                            "fe80::1",
                            "ff02::1",
                            "::ffff:127.0.0.1",
                            "::ffff:169.254.169.254",
                            "::127.0.0.1",
                            "64:ff9b::7f00:1",
                            "64:ff9b::a9fe:a9fe",
                            "2002:7f00:1::",
                            "fd00:ec2::254",
                            "198.51.100.7",
                            "::ffff:198.51.100.7",
                            "64:ff9b::c633:6407"}) {
    EXPECT_TRUE(is_inner_address(*IpAddress::parse(inner), own)) << inner;
  }
  for (const auto* outer : {"192.0.2.1", "10.0.0.5", "192.168.1.2", "140.82.121.3", "2001:db8::1",
                            "64:ff9b::8c52:7903", "198.51.100.8"}) {
    EXPECT_FALSE(is_inner_address(*IpAddress::parse(outer), own)) << outer;
  }
}

TEST(InnerAddress, OneOfSeveralIsEnoughToRefuse) {
  const std::vector<IpAddress> mixed{*IpAddress::parse("192.0.2.1"),
                                     *IpAddress::parse("127.0.0.1")};
  Networks permitted;
  const auto refused = check_addresses("rebind.example.org", mixed, permitted);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(errors::refused_address));
  EXPECT_THAT(std::string(refused.error().detail()), HasSubstr("source_networks"));
  permitted.add("loopback");
  EXPECT_TRUE(check_addresses("rebind.example.org", mixed, permitted).has_value());
  EXPECT_FALSE(check_addresses("x", {*IpAddress::parse("169.254.169.254")}, permitted).has_value());
}

}  // namespace
}  // namespace temps::sources
